using System.Globalization;
using System.Security.Cryptography;
using ImageCodec.Models.Compressor;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Tests.Fitted;

namespace ImageCodec.Models.Tests;

/// <summary>A file of a pretrained model and the pixels that it must decode to for ever; see Fixtures/golden-files.txt.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Hash">The hash of its pixels.</param>
internal sealed record GoldenFile(string Model, byte[] Bytes, string Hash)
{
    private static readonly (int Width, int Height, CompressionOptions Options)[] s_kinds =
    [
        (40, 24, new CompressionOptions { Quality = 50 }),
        (17, 33, new CompressionOptions { Quality = 95 }),
        (40, 24, new CompressionOptions { MaxError = 0 }),
        (17, 33, new CompressionOptions { MaxError = 2 }),
    ];

    /// <summary>Those of <c>fitted</c>, whose files have more ways to be special.</summary>
    private static readonly (int Width, int Height, CompressionOptions Options)[] s_fittedKinds =
    [
        (1, 1, new CompressionOptions()),
        (17, 33, new CompressionOptions { Quality = 100 }),
        (40, 24, new CompressionOptions { Level = 4 }),
        (40, 24, new CompressionOptions { Level = 26 }),
        (130, 61, new CompressionOptions { Effort = 2 }),
    ];

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
        foreach ((int width, int height, CompressionOptions options) in model == "fitted" ? s_fittedKinds : s_kinds)
        {
            byte[] file = compressor.Compress(TestPicture.Create(width, height), options);
            yield return string.Create(CultureInfo.InvariantCulture, $"{model} {Convert.ToBase64String(file)} {HashOf(compressor.Decompress(file))}");
        }

        if (model == PretrainedModel.DefaultName)
        {
            // The encoder turns pictures where it pays; here the codec sees one mirrored and on its side.
            RgbImage picture = TestPicture.Create(40, 24);
            PictureTurn turn = new(5);
            IcdFile seen = IcdFile.Read(compressor.Compress(turn.Apply(picture), s_kinds[0].Options));
            byte[] file = IcdFile.Encode(compressor.Fingerprint, picture.Width, picture.Height, PictureBoxes.WithTurn([], turn), seen.Body.Span);
            yield return string.Create(CultureInfo.InvariantCulture, $"{model} {Convert.ToBase64String(file)} {HashOf(compressor.Decompress(file))}");
        }

        if (model == "fitted")
        {
            // The encoder makes no small networks, but the format has them.
            (int width, int height) = (21, 14);
            byte[] file = IcdFile.Encode(compressor.Fingerprint, width, height, new FittedSample(FittedLayout.Small, width, height, seed: 5).Write());
            yield return string.Create(CultureInfo.InvariantCulture, $"{model} {Convert.ToBase64String(file)} {HashOf(compressor.Decompress(file))}");
        }
    }

    public static string HashOf(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
}
