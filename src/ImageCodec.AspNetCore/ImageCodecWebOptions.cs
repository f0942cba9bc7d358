namespace ImageCodec;

/// <summary>How pictures are served and taken. Has setters, as the options pattern of .NET asks for.</summary>
/// <remarks>
/// Read once, when first needed; for one thread at a time until then. How many pixels a picture may have, which model compresses, and how many threads work on one picture
/// is said by <see cref="ImageCodecOptions"/>.
/// </remarks>
public sealed class ImageCodecWebOptions
{
    /// <summary>The quality of WebP that pictures are sent as, 1 to 100; 90 by default.</summary>
    public int WebpQuality { get; set; } = 90;

    /// <summary>The quality of JPEG that pictures are sent as, 1 to 100; 90 by default.</summary>
    public int JpegQuality { get; set; } = 90;

    /// <summary>Bytes that may be kept of files that were made to be sent; 128 MiB by default, 0 to keep none.</summary>
    public long CacheSize { get; set; } = 128 * 1024 * 1024;

    /// <summary>Pictures that are restored at once at most, and as many that are compressed; the number of cores by default, at least 1.</summary>
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Pictures that may wait to be restored, and as many to be compressed; 100 by default. Beyond them the answer is 429.</summary>
    public int MaxQueueLength { get; set; } = 100;

    /// <summary>Bytes of the largest picture file that is taken as an upload; 30 million by default, at least 1.</summary>
    public int MaxUploadLength { get; set; } = 30_000_000;
}
