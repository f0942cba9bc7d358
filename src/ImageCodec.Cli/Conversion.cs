namespace ImageCodec.Cli;

/// <summary>One picture's way from file to file.</summary>
/// <param name="Input">The file to read, or <see cref="CommandContext.StandardStream"/>.</param>
/// <param name="Output">The file to write, or <see cref="CommandContext.StandardStream"/>.</param>
/// <param name="Problem">Why it can't be done, or null.</param>
internal sealed record Conversion(string Input, string Output, string? Problem = null);
