namespace ImageCodec;

/// <summary>How pictures are served and taken. Has setters, as the options pattern of .NET asks for.</summary>
/// <remarks>
/// Checked when the host starts; read once, when first needed; for one thread at a time until then. Which model compresses, how many pixels a picture may have, how many pictures
/// are worked on at once and how many may wait is said by <see cref="ImageCodecOptions"/>.
/// </remarks>
public sealed class ImageCodecWebOptions
{
    /// <summary>The quality of WebP that pictures are sent as, 1 to 100; 90 by default.</summary>
    public int WebpQuality { get; set; } = 90;

    /// <summary>The quality of JPEG that pictures are sent as, 1 to 100; 90 by default.</summary>
    public int JpegQuality { get; set; } = 90;

    /// <summary>Bytes that may be kept of files that were made to be sent; 32 MiB by default, 0 to keep none.</summary>
    public long CacheSize { get; set; } = 32 * 1024 * 1024;

    /// <summary>Bytes of the largest picture file that is taken as an upload; 30 million by default, at least 1.</summary>
    public int MaxUploadLength { get; set; } = 30_000_000;
}
