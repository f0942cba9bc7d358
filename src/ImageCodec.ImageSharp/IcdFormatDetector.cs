using SixLabors.ImageSharp.Formats;

namespace ImageCodec;

/// <summary>Tells <c>.icd</c> files by their first two bytes, of which half of one is the version: a later version is named as such by the decoder.</summary>
internal sealed class IcdFormatDetector : IImageFormatDetector
{
    public int HeaderSize => 2;

    public IImageFormat? DetectFormat(ReadOnlySpan<byte> header) => IcdFile.IsIcd(header) ? IcdFormat.Instance : null;
}
