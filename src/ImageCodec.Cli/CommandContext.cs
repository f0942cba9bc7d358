namespace ImageCodec.Cli;

/// <summary>What every command is given.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="CancellationToken">Stops the work.</param>
internal sealed record CommandContext(TextWriter Output, CancellationToken CancellationToken);
