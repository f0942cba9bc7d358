using ImageCodec.Models.Compressor;

namespace ImageCodec;

/// <content>What measuring a codec needs beside using it.</content>
public sealed partial class ImageCompressor
{
    /// <summary>What the codec costs; null where that is not known.</summary>
    internal ModelCost? Cost => _codec.Cost;

    /// <summary>A picture through the transforms alone: the best that any level could give; null for codecs of which that can't be said.</summary>
    internal RgbImage? ReconstructWithoutQuantization(RgbImage image, int? level = null, CancellationToken cancellationToken = default) =>
        _codec.ReconstructWithoutQuantization(image, level ?? DefaultLevel, cancellationToken);
}
