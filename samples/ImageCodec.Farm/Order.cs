using System.Globalization;
using System.Security.Cryptography;

namespace ImageCodec.Farm;

/// <summary>How pictures are to be compressed, from where and to where. Travels with every job, as JSON.</summary>
internal sealed record Order
{
    /// <summary>The store of the pictures, see <see cref="PictureStores"/>.</summary>
    public required string Input { get; init; }

    /// <summary>The store of the compressed files.</summary>
    public required string Output { get; init; }

    public string Model { get; init; } = PretrainedModel.DefaultName;

    public int? Quality { get; init; }

    public double? BitsPerPixel { get; init; }

    public double? Psnr { get; init; }

    public double? Ssimulacra2 { get; init; }

    /// <summary>How far a value may be from the original; 0 for files without loss.</summary>
    public int? MaxError { get; init; }

    public int Effort { get; init; }

    /// <summary>The name of the file that a picture becomes. The old ending stays, as two pictures may differ by it alone.</summary>
    public static string OutputName(string picture) => picture + IcdFile.Extension;

    public CompressionOptions ToOptions() => new() { Quality = Quality, BitsPerPixel = BitsPerPixel, Psnr = Psnr, Ssimulacra2 = Ssimulacra2, MaxError = MaxError, Effort = Effort };

    /// <summary>One line that says what a file is made of: the picture's bytes, the model's weights, the options. A file with the same mark need not be made again.</summary>
    public string MarkFor(ReadOnlySpan<byte> picture) =>
        string.Create(CultureInfo.InvariantCulture, $"sha256={Convert.ToHexStringLower(SHA256.HashData(picture))} model={PretrainedModel.Get(Model).Fingerprint} {Target()} effort={Effort}");

    /// <summary>What is wrong with it, as a sentence; null for nothing. Found before there are a million jobs of it.</summary>
    public string? FindProblem() =>
        !PretrainedModel.All.Any(model => model.Name == Model)
            ? $"There is no model «{Model}» here; there are {string.Join(", ", PretrainedModel.All.Select(model => model.Name))}."
        : new object?[] { Quality, BitsPerPixel, Psnr, Ssimulacra2, MaxError }.Count(target => target is not null) > 1 ? "Give at most one of --quality, --bpp, --psnr, --ssimulacra2 and --max-error."
        : Quality is < 1 or > 100 ? "--quality goes from 1 to 100."
        : BitsPerPixel <= 0 || Psnr <= 0 || Ssimulacra2 is <= 0 or > 100 ? "--bpp, --psnr and --ssimulacra2 are above 0, and --ssimulacra2 is at most 100."
        : Ssimulacra2 is not null && Model == "fitted" ? "The model fitted has no target --ssimulacra2."
        : MaxError is < 0 or > 32 ? "--max-error goes from 0, which is lossless, to 32."
        : MaxError is not null && Model == "fitted" ? "The model fitted has no --max-error."
        : Effort is < 0 or > 9 ? "--effort goes from 0 to 9."
        : null;

    private string Target() => string.Create(CultureInfo.InvariantCulture, $"quality={Quality} bpp={BitsPerPixel} psnr={Psnr} ssimulacra2={Ssimulacra2} error={MaxError}");
}
