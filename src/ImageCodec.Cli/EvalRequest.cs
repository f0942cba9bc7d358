namespace ImageCodec.Cli;

/// <summary>What <c>eval</c> was asked for.</summary>
/// <param name="Folder">The folder with the pictures.</param>
/// <param name="Models">Names and files of models.</param>
/// <param name="Effort">The effort of models.</param>
/// <param name="Against">Names of classical codecs.</param>
/// <param name="Interval">One picture in so many is measured.</param>
/// <param name="Json">The JSON file, <see cref="StandardOutput"/>, or null.</param>
/// <param name="Csv">The CSV file or null.</param>
/// <param name="Report">The HTML file or null.</param>
/// <param name="Overwrite">Whether older files may be replaced.</param>
internal sealed record EvalRequest(
    string Folder, IReadOnlyList<string> Models, int Effort, IReadOnlyList<string> Against, int Interval, string? Json, string? Csv, string? Report, bool Overwrite)
{
    /// <summary>The name that stands for standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>The files to write.</summary>
    public IReadOnlyList<string> OutputPaths => [.. new[] { Json == StandardOutput ? null : Json, Csv, Report }.OfType<string>()];
}
