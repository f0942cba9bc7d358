using ImageCodec.Models.Residuals;

namespace ImageCodec.Models.Compressor;

/// <summary>How near lossless a file should be, and from how good a decoded picture its residuals should start.</summary>
internal static class NearLossless
{
    /// <summary>The quality that is lossless. Each step below allows an error of one level more, down to where a model's own levels end.</summary>
    public const int LosslessQuality = 100;

    /// <summary>The quality of a model's best level.</summary>
    public const int BestLevelQuality = 95;

    /// <summary>A PSNR this far above what the best level gives is worth residuals, in dB.</summary>
    private const double WorthwhileGain = 0.1;

    /// <summary>Above it nothing is nearer than a picture that comes back exactly, in dB: errors of one level end at 49.9.</summary>
    private const double LosslessPsnr = 52;

    // The more errors there may be, the more the decoded picture saves. Measured on photos of 512×512; around these shares files differ by less than one percent.
    private static readonly double[] s_levelShares = [0.25, 0.35, 0.45, 0.6];

    /// <summary>The largest error that is asked for, or null where residuals are not.</summary>
    public static int? MaxErrorOf(CompressionOptions options) =>
        options.MaxError ?? (options.Quality > BestLevelQuality ? LosslessQuality - options.Quality : null);

    /// <summary>The level of the decoded picture that residuals start from.</summary>
    public static int LevelOf(int maxError, int levelCount) =>
        1 + (int)Math.Round(s_levelShares[Math.Min(maxError, s_levelShares.Length - 1)] * (levelCount - 1));

    /// <summary>The largest error that comes nearest to a PSNR, or null where the best level does, or nothing better may be had.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="best">What the codec came to.</param>
    /// <param name="levelCount">Its levels.</param>
    public static int? MaxErrorFor(EncodingRequest request, EncodedPicture best, int levelCount)
    {
        if (request.Psnr is not { } psnr || best.Level < levelCount || LatentAttempts.Psnr(best, request) > psnr - WorthwhileGain)
        {
            return null;
        }

        // Errors are spread evenly over −n … n, so that their square is n (n + 1) / 3.
        return psnr > LosslessPsnr
            ? 0
            : Enumerable.Range(1, ResidualLayer.LargestMaxError).MinBy(n => Math.Abs(psnr - LatentAttempts.PsnrOf(n * (n + 1) / 3.0)));
    }
}
