namespace ImageCodec.Cli;

/// <summary>What every command is given.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error, for warnings; what ends a command is thrown.</param>
/// <param name="CancellationToken">Stops the work.</param>
internal sealed record CommandContext(TextWriter Output, TextWriter Error, CancellationToken CancellationToken);
