namespace ImageCodec.Cli;

/// <summary>Something went wrong that the message explains to the user: what it was, and what to do.</summary>
internal sealed class CommandException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The command line is not one that the program understands; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
