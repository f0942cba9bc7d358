using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Compressor;

/// <summary>
/// Pictures to the bodies of files and back: what <see cref="ImageCompressor"/> joins with the container. Safe to use from several threads at once.
/// </summary>
internal interface IPictureCodec : IDisposable
{
    /// <summary>The number of levels; the rate rises with the level.</summary>
    int LevelCount { get; }

    /// <summary>The level that is used where none is asked for.</summary>
    int DefaultLevel { get; }

    /// <summary>What the sides of pictures are rounded up to: what the work and the memory go with.</summary>
    int Stride { get; }

    /// <summary>Why files can't hold what a decoded picture lacks, so that it comes back exactly or nearly so; null where they can.</summary>
    string? WhyNoResiduals { get; }

    /// <summary>Whether files may have the boxes <c>residual</c> and <c>turn</c>.</summary>
    bool TakesAllBoxes => true;

    /// <summary>What the codec costs; null where that is not known.</summary>
    ModelCost? Cost => null;

    /// <summary>Why the codec can't come near a score of SSIMULACRA2, with what to set in its place; null where it can.</summary>
    string? WhyNotSsimulacra2 => null;

    /// <summary>Encodes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="request">What the body should be like.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="NotSupportedException">The codec only decodes; or the picture that comes out is asked for, and it only encodes.</exception>
    EncodedPicture Encode(RgbImage image, EncodingRequest request, IProgress<double>? progress, CancellationToken cancellationToken);

    /// <summary>Decodes a picture.</summary>
    /// <param name="body">What <see cref="Encode"/> gave, all of it and nothing else.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The body is damaged.</exception>
    /// <exception cref="NotSupportedException">The codec only encodes.</exception>
    RgbImage Decode(ReadOnlySpan<byte> body, int width, int height, IProgress<double>? progress, CancellationToken cancellationToken);

    /// <summary>Decodes a picture at a fraction of its size, with the work that this takes.</summary>
    /// <param name="body">What <see cref="Encode"/> gave.</param>
    /// <param name="isPrefix">Whether the body may lack its end, and have something else there.</param>
    /// <param name="width">The whole picture's width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="scale">What its sides are divided by, rounded up: one of <see cref="DecompressionOptions.Scales"/>.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The body is damaged, or ends before what the scale needs.</exception>
    /// <exception cref="NotSupportedException">The codec's bodies hold no such scales.</exception>
    RgbImage DecodeScaled(
        ReadOnlySpan<byte> body, bool isPrefix, int width, int height, int scale, IProgress<double>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            $"This codec's files hold the picture at one scale, and only as a whole. Files of the model «{FittedPriors.ModelName}» have scales.");

    /// <summary>The picture that would come out at a level if nothing were rounded on the way; null for codecs of which that can't be said. For measuring.</summary>
    RgbImage? ReconstructWithoutQuantization(RgbImage image, int level, CancellationToken cancellationToken) => null;
}

/// <summary>What a body should be like. At most one of level, length, PSNR and score is given; with none, the codec's default level holds.</summary>
internal sealed record EncodingRequest
{
    /// <summary>The level.</summary>
    public int? Level { get; init; }

    /// <summary>The length to come near, in bytes; it may be out of reach.</summary>
    public double? Length { get; init; }

    /// <summary>The PSNR to come near, in dB.</summary>
    public double? Psnr { get; init; }

    /// <summary>The score of SSIMULACRA2 to come near; only for a codec that can.</summary>
    public double? Ssimulacra2 { get; init; }

    /// <summary>0 … <see cref="CompressionOptions.MaxEffort"/>; what a codec has no use for, it ignores.</summary>
    public int Effort { get; init; }

    /// <summary>When cancelled, the codec looks no further for something better, and gives what it has. Codecs that do not look do not notice.</summary>
    public CancellationToken FinishToken { get; init; }

    /// <summary>
    /// Makes of a restored picture, as it lies, the two that a PSNR or a score compares: the original and the restored one as they are shown. Given with those targets.
    /// </summary>
    public Func<RgbImage, (RgbImage Original, RgbImage Restored)>? Show { get; init; }

    /// <summary>Whether the picture that comes out is wanted too.</summary>
    public bool NeedsReconstruction { get; init; }

    /// <summary>Whether the picture that comes out is wanted, or needed on the way.</summary>
    public bool Restores => NeedsReconstruction || Psnr is not null || Ssimulacra2 is not null;
}

/// <summary>An encoded picture.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="Level">The level that was used.</param>
/// <param name="Reconstruction">Exactly what decoding will give, as the picture lies; null where nobody asked for it.</param>
/// <param name="Turn">How the codec saw the picture.</param>
internal sealed record EncodedPicture(ReadOnlyMemory<byte> Body, int Level, RgbImage? Reconstruction, PictureTurn Turn = default);
