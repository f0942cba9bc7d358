using SkiaSharp;

namespace ImageCodec.Web;

/// <summary>JPEG as Skia writes it: baseline, chroma halved in both directions, Huffman tables of its own for each file.</summary>
internal sealed class JpegFormat : IOtherFormat
{
    public string Name => "JPEG";

    public string Extension => ".jpg";

    public int MaxSide => 65_500;

    public (int Low, int High) Qualities => (1, 100);

    public byte[] Encode(RgbImage image, int quality, CancellationToken stop)
    {
        using SKBitmap bitmap = image.ToSKBitmap();

        // A profile for sRGB, which Skia would write too, would be a waste of bytes that no other file here has.
        SKImageInfo info = image.Metadata.IsEmpty ? bitmap.Info.WithColorSpace(null) : bitmap.Info;
        using SKPixmap pixels = new(info, bitmap.GetPixels(), bitmap.RowBytes);
        SKJpegEncoderOptions options = new(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        using SKData file = pixels.Encode(options) ?? throw new InvalidOperationException("Skia wrote no JPEG file.");
        return file.ToArray();
    }

    public RgbImage Decode(byte[] file, CancellationToken stop) => SkiaImageFile.Read(file, cancellationToken: stop);
}
