namespace ImageCodec.Cli;

/// <summary>What every command is given.</summary>
/// <param name="Output">Standard output for text.</param>
/// <param name="Error">Standard error, for warnings; what ends a command is thrown.</param>
/// <param name="OpenInput">Opens standard input for bytes.</param>
/// <param name="OpenOutput">Opens standard output for bytes.</param>
/// <param name="CancellationToken">Stops the work.</param>
internal sealed record CommandContext(
    TextWriter Output, TextWriter Error, Func<Stream> OpenInput, Func<Stream> OpenOutput, CancellationToken CancellationToken)
{
    /// <summary>The name that stands for standard input and output.</summary>
    public const string StandardStream = "-";

    /// <summary>Where a command tells of a file that it wrote: not where the file itself went.</summary>
    public TextWriter ReportOn(string path) => path == StandardStream ? Error : Output;
}
