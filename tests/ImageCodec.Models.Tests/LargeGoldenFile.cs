using System.Globalization;
using System.Security.Cryptography;

namespace ImageCodec.Models.Tests;

/// <summary>
/// A large file of the default model by its hashes: the picture is rendered, so neither it nor the file needs to be kept; see
/// Fixtures/large-golden-files.txt.
/// </summary>
/// <param name="Width">The picture's width.</param>
/// <param name="Height">The picture's height.</param>
/// <param name="Options">How it is compressed.</param>
/// <param name="Source">The hash of the rendered picture.</param>
/// <param name="Length">The file's bytes.</param>
/// <param name="File">The file's hash.</param>
/// <param name="Pixels">The hash of the pixels that it decodes to.</param>
internal sealed record LargeGoldenFile(int Width, int Height, CompressionOptions Options, string Source, int Length, string File, string Pixels)
{
    public static IEnumerable<LargeGoldenFile> All =>
    [
        .. System.IO.File.ReadLines(Path.Combine(NetworkFixture.Folder, "large-golden-files.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' '))
            .Select(words => new LargeGoldenFile(
                Number(words[0]),
                Number(words[1]),
                new CompressionOptions { Level = LevelOf(Number(words[2])), Effort = Number(words[3]) },
                words[4],
                Number(words[5]),
                words[6],
                words[7])),
    ];

    public static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    public override string ToString() => $"{Width}×{Height}, level {Options.Level}, effort {Options.Effort}";

    /// <summary>The files are older than residuals: qualities from 1 to 100 stood for all 255 levels.</summary>
    private static int LevelOf(int quality) => 1 + (quality - 1) * 254 / 99;

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
