using ImageCodec.Models.Residuals;

namespace ImageCodec;

/// <summary>
/// What a compressed file should be like. At most one of the targets may be set; with none, the codec's default level is used.
/// </summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class CompressionOptions
{
    /// <summary>The most effort there is.</summary>
    internal const int MaxEffort = 9;

    /// <summary>
    /// 1 (smallest file) … 100 (best picture). 1 to 95 are spread over the model's levels. From 96 on no value of the picture is further from the original than 4, 3, 2 and 1 levels, and
    /// 100 is lossless, as with <see cref="MaxError"/>. With <c>fitted</c>, and with codecs that go one way only, all of it is spread over the levels. Not set by default.
    /// </summary>
    public int? Quality { get; init; }

    /// <summary>One of the codec's levels, 1 (smallest file) … <see cref="ImageCompressor.LevelCount"/> (best picture). Not set by default.</summary>
    public int? Level { get; init; }

    /// <summary>
    /// A target for the whole file, in bits per pixel: up to six levels are tried, until one is within 1.5 percent, and
    /// the nearest of them is used. Not set by default.
    /// </summary>
    /// <remarks>
    /// <c>fitted</c> tries no levels: its one fit is steered while it goes on, and mostly ends within some percent of the length.
    /// <see cref="CompressionResult.IsTargetReached"/> tells.
    /// </remarks>
    public double? BitsPerPixel { get; init; }

    /// <summary>
    /// A target for the decoded picture, in dB. Up to six levels are tried, until one is within 0.08 dB, and the nearest of them is used. On most pictures PSNR
    /// rises with the level, and that is near enough; <see cref="CompressionResult.IsTargetReached"/> tells. What no level reaches is left to the <see cref="MaxError"/> that should come nearest.
    /// Not set by default.
    /// </summary>
    /// <remarks><c>fitted</c> tries no levels: its one fit is steered while it goes on, and mostly ends within some tenths of a dB.</remarks>
    public double? Psnr { get; init; }

    /// <summary>
    /// A target for how the decoded picture looks: a score of SSIMULACRA2, above 0 and up to 100, see <see cref="Metrics.Ssimulacra2"/>; 90 is visually lossless, 70 high and 50
    /// medium quality. Up to six levels are tried, until one is within 0.4 points, and the nearest of them is used; <see cref="CompressionResult.IsTargetReached"/>
    /// tells. Not set by default.
    /// </summary>
    /// <remarks>
    /// Scores are the same to the bit on every machine, so the level is too. Of pictures with alpha the colours alone count. <c>fitted</c> has no such target, as its fit goes by
    /// squared error: for it, set <see cref="Psnr"/>, <see cref="BitsPerPixel"/> or <see cref="Quality"/>.
    /// </remarks>
    public double? Ssimulacra2 { get; init; }

    /// <summary>
    /// No value of the picture will be further from the original than so many levels: 0 (lossless) … 32, about 50 dB for 1, 45 for 2, 42 for 3, 40 for 4. The file holds a picture of some level of the model,
    /// and what that lacks. Colours of pixels that are wholly transparent count like others. Not set by default.
    /// </summary>
    /// <remarks>Takes some seconds a megapixel on one core, both ways. <c>fitted</c> and codecs that go one way only do not have it.</remarks>
    public int? MaxError { get; init; }

    /// <summary>
    /// 0 (fastest) … 9 (smallest file for its quality): how long something better is looked for. Decoding takes no longer. At one level the length may
    /// change either way: compare at equal PSNR. 0 by default.
    /// </summary>
    /// <remarks>
    /// <c>fitted</c> fits networks to the picture, from seconds a megapixel at 0 to many minutes at 9. <c>photo</c> looks for a better
    /// latent by its squared error, in up to a minute a megapixel; from 4 on it also tries the picture mirrored and on its side. <c>photo-visual</c>, for which that is no measure, and other models have no use for effort.
    /// </remarks>
    public int Effort { get; init; }

    /// <summary>
    /// When cancelled, <c>fitted</c> looks no further for something better, and gives a whole and valid file of what it has; cancelled before the beginning, that is
    /// what a fit begins with. Other models do not notice. The token that a method takes is another one: that one stops the work without a file. Not set by default.
    /// </summary>
    public CancellationToken FinishToken { get; init; }

    /// <summary>
    /// Leaves out what may say where, when and by whom the picture was taken: Exif and XMP. What its colours mean, and how opaque it is, stays. False by default.
    /// </summary>
    public bool StripMetadata { get; init; }

    /// <summary>Checks all that hangs on no codec.</summary>
    internal void Check()
    {
        if (new[] { Quality is not null, Level is not null, BitsPerPixel is not null, Psnr is not null, Ssimulacra2 is not null, MaxError is not null }.Count(isSet => isSet) > 1)
        {
            throw new ArgumentException("Set at most one of Quality, Level, BitsPerPixel, Psnr, Ssimulacra2 and MaxError.", "options");
        }

        if (Quality is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(Quality), Quality, "Quality must be 1 to 100.");
        }

        if (MaxError is < 0 or > ResidualLayer.LargestMaxError)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxError), MaxError, $"MaxError must be 0 to {ResidualLayer.LargestMaxError}.");
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

        if (Ssimulacra2 is { } score && !(score > 0 && score <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(Ssimulacra2), Ssimulacra2, "Ssimulacra2 must be above 0 and at most 100.");
        }
    }
}
