namespace ImageCodec.Web;

/// <summary>Lossy WebP as Skia writes it.</summary>
internal sealed class WebpFormat : IOtherFormat
{
    public string Name => "WebP";

    public string Extension => ".webp";

    public int MaxSide => 16_383;

    public (int Low, int High) Qualities => (1, 100);

    public byte[] Encode(RgbImage image, int quality, CancellationToken stop) => SkiaImageFile.EncodeWebp(image, quality);

    public RgbImage Decode(byte[] file, CancellationToken stop) => SkiaImageFile.Read(file, cancellationToken: stop);
}
