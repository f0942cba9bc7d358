namespace ImageCodec;

/// <summary>
/// What a compressed file should be like. At most one of the targets may be set; with none, the codec's default level is used.
/// </summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class CompressionOptions
{
    /// <summary>The most effort there is.</summary>
    internal const int MaxEffort = 9;

    /// <summary>1 (smallest file) … 100 (best picture), spread over the model's levels. Not set by default.</summary>
    public int? Quality { get; init; }

    /// <summary>One of the codec's levels, 1 (smallest file) … <see cref="ImageCompressor.LevelCount"/> (best picture). Not set by default.</summary>
    public int? Level { get; init; }

    /// <summary>
    /// A target for the whole file, in bits per pixel: up to six levels are tried, until one is within 1.5 percent, and
    /// the nearest of them is used. Not set by default.
    /// </summary>
    public double? BitsPerPixel { get; init; }

    /// <summary>
    /// A target for the decoded picture, in dB. Up to six levels are tried, until one is within 0.08 dB, and the nearest of them is used. On most pictures PSNR
    /// rises with the level, and that is near enough; <see cref="CompressionResult.IsTargetReached"/> tells. Not set by default.
    /// </summary>
    public double? Psnr { get; init; }

    /// <summary>
    /// 0 (fastest) … 9 (smallest file for its quality): how long a model of the hyperprior architecture looks for a better latent. Decoding takes no
    /// longer. At one level the length may change either way: compare at equal PSNR. Models of other architectures have no use for it. 0 by default.
    /// </summary>
    public int Effort { get; init; }

    /// <summary>Checks all that hangs on no codec.</summary>
    internal void Check()
    {
        if ((Quality is null ? 0 : 1) + (Level is null ? 0 : 1) + (BitsPerPixel is null ? 0 : 1) + (Psnr is null ? 0 : 1) > 1)
        {
            throw new ArgumentException("Set at most one of Quality, Level, BitsPerPixel and Psnr.", "options");
        }

        if (Quality is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(Quality), Quality, "Quality must be 1 to 100.");
        }

        if (Effort < 0 || Effort > MaxEffort)
        {
            throw new ArgumentOutOfRangeException(nameof(Effort), Effort, $"Effort must be 0 to {MaxEffort}.");
        }

        if (BitsPerPixel is { } bits && !(bits > 0 && double.IsFinite(bits)))
        {
            throw new ArgumentOutOfRangeException(nameof(BitsPerPixel), BitsPerPixel, "BitsPerPixel must be above zero and finite.");
        }

        if (Psnr is { } psnr && !(psnr > 0 && double.IsFinite(psnr)))
        {
            throw new ArgumentOutOfRangeException(nameof(Psnr), Psnr, "Psnr must be above zero and finite.");
        }
    }
}
