namespace ImageCodec.Cli;

/// <summary>Exceptions as one line for people.</summary>
internal static class ErrorText
{
    /// <summary>What an exception says to a user.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        CommandException => exception.Message,
        OperationCanceledException => "stopped before the end; nothing was written.",
        OutOfMemoryException => "there is not enough memory for this; close other programs, or cut the picture into smaller ones.",
        InvalidFileException or IOException or UnauthorizedAccessException => exception.Message,
        ArgumentException => WithoutParameter((ArgumentException)exception),
        _ => $"unexpected {exception.GetType().Name}, a fault of this program that its makers would like to hear of: {exception.Message}",
    };

    /// <summary>A text on one line, whatever file names and messages it was made of.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    /// <summary>The platform adds names of parameters and values, which say nothing to the user of a command.</summary>
    private static string WithoutParameter(ArgumentException exception)
    {
        string text = exception.Message;
        int cut = exception.ParamName is { } name ? text.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal) : -1;
        return cut < 0 ? text : text[..cut];
    }
}
