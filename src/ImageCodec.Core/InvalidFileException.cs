namespace ImageCodec;

/// <summary>
/// A file or stream of bytes is not what it should be: damaged, cut short, of another format, or in need of a feature that is not supported.
/// The only exception that the library's readers throw because of what bytes say.
/// </summary>
public sealed class InvalidFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="format">The format that was read, such as «PNG».</param>
    /// <param name="problem">What was found and what was expected, as one sentence.</param>
    /// <param name="offset">The byte where it was found, where that means something.</param>
    /// <param name="innerException">The cause, if another exception showed it.</param>
    public InvalidFileException(string format, string problem, long? offset = null, Exception? innerException = null)
        : base(offset is { } at ? $"{format}, byte {at}: {problem}" : $"{format}: {problem}", innerException)
    {
        Format = format;
        Offset = offset;
    }

    /// <summary>The format that was read, such as «PNG».</summary>
    public string Format { get; }

    /// <summary>The byte where the problem was found, where that means something.</summary>
    public long? Offset { get; }
}
