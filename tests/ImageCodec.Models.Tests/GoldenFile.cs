using System.Globalization;
using System.Security.Cryptography;

namespace ImageCodec.Models.Tests;

/// <summary>A file of a pretrained model and the pixels that it must decode to for ever; see Fixtures/golden-files.txt.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Hash">The hash of its pixels.</param>
internal sealed record GoldenFile(string Model, byte[] Bytes, string Hash)
{
    private static readonly (int Width, int Height, int Quality)[] s_kinds = [(40, 24, 50), (17, 33, 100)];

    public static IReadOnlyList<GoldenFile> All { get; } =
    [
        .. File.ReadLines(Path.Combine(NetworkFixture.Folder, "golden-files.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' '))
            .Select(words => new GoldenFile(words[0], Convert.FromBase64String(words[1]), words[2])),
    ];

    /// <summary>Lines to keep for a model that is new.</summary>
    public static IEnumerable<string> MakeLines(string model)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained(model);
        foreach ((int width, int height, int quality) in s_kinds)
        {
            byte[] file = compressor.Compress(TestPicture.Create(width, height), new CompressionOptions { Quality = quality });
            yield return string.Create(CultureInfo.InvariantCulture, $"{model} {Convert.ToBase64String(file)} {HashOf(compressor.Decompress(file))}");
        }
    }

    public static string HashOf(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
}
