using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec;

/// <summary>
/// Saves pictures of ImageSharp as <c>.icd</c> files. At most one of <see cref="Quality"/>, <see cref="BitsPerPixel"/>, <see cref="Psnr"/>,
/// <see cref="Ssimulacra2"/> and <see cref="MaxError"/> may be set; with none, the model's own default setting is used.
/// </summary>
/// <remarks>
/// <para>As with ImageSharp's own encoders of still pictures, the first frame is saved, with its transparency, ICC profile, Exif and XMP. A photo that only its Exif turns
/// upright is turned.</para>
/// <para>Saving throws <see cref="ArgumentException"/> if an option is out of range or several targets are set, or if the picture has more pixels than the compressor takes.</para>
/// <para>Immutable, so safe to use from several threads at once.</para>
/// </remarks>
public sealed class IcdEncoder : IImageEncoder
{
    /// <summary>Loaded once for the process, when first needed.</summary>
    private static readonly Lazy<ImageCompressor> s_default = new(() => ImageCompressor.LoadPretrained());

    /// <summary>The codec to compress with, which stays its owner's; null for the model <see cref="PretrainedModel.DefaultName"/>. Null by default.</summary>
    public ImageCompressor? Compressor { get; init; }

    /// <inheritdoc cref="CompressionOptions.Quality"/>
    public int? Quality { get; init; }

    /// <inheritdoc cref="CompressionOptions.BitsPerPixel"/>
    public double? BitsPerPixel { get; init; }

    /// <inheritdoc cref="CompressionOptions.Psnr"/>
    public double? Psnr { get; init; }

    /// <inheritdoc cref="CompressionOptions.Ssimulacra2"/>
    public double? Ssimulacra2 { get; init; }

    /// <inheritdoc cref="CompressionOptions.MaxError"/>
    public int? MaxError { get; init; }

    /// <inheritdoc cref="CompressionOptions.Effort"/>
    public int Effort { get; init; }

    /// <inheritdoc cref="CompressionOptions.StripMetadata"/>
    public bool StripMetadata { get; init; }

    private ImageCompressor UsedCompressor => Compressor ?? s_default.Value;

    private CompressionOptions Options => new()
    {
        Quality = Quality,
        BitsPerPixel = BitsPerPixel,
        Psnr = Psnr,
        Ssimulacra2 = Ssimulacra2,
        MaxError = MaxError,
        Effort = Effort,
        StripMetadata = StripMetadata,
    };

    /// <summary>Writes a picture's first frame. Called by ImageSharp.</summary>
    /// <typeparam name="TPixel">The type of the pixels.</typeparam>
    /// <param name="image">The picture.</param>
    /// <param name="stream">Where the file goes.</param>
    public void Encode<TPixel>(Image<TPixel> image, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel> =>
        UsedCompressor.Compress(image.ToRgbImage(), stream, Options);

    /// <summary>Writes a picture's first frame; compresses on the thread pool. Called by ImageSharp.</summary>
    /// <typeparam name="TPixel">The type of the pixels.</typeparam>
    /// <param name="image">The picture.</param>
    /// <param name="stream">Where the file goes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task EncodeAsync<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel> =>
        UsedCompressor.CompressAsync(image.ToRgbImage(), stream, Options, cancellationToken: cancellationToken);
}
