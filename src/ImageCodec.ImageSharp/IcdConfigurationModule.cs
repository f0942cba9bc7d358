using SixLabors.ImageSharp;

namespace ImageCodec;

/// <summary>
/// Teaches ImageSharp the <c>.icd</c> format: after <c>Configuration.Default.Configure(new IcdConfigurationModule())</c>, <c>Image.Load</c>,
/// <c>Image.Identify</c> and <c>image.Save</c> know it.
/// </summary>
/// <remarks>
/// <para>Each file is restored by the codec whose fingerprint it carries: a compressor that the module was given, or else a model that comes with
/// the library. Such a model is loaded when first needed, once, and kept for the life of the process. Where no type of pixels is asked for,
/// <c>Rgb24</c> is given, or <c>Rgba32</c> for a picture with transparency. <c>Image.Identify</c> runs no network.</para>
/// <para>A file that is damaged, cut short, of an unknown codec or too large is ImageSharp's <see cref="InvalidImageContentException"/>.</para>
/// <para>What is saved without an encoder is saved by a new <see cref="IcdEncoder"/>; to have other settings by default, hand one to ImageSharp's
/// <c>SetEncoder</c>.</para>
/// <para>Configure before other threads use the configuration; then they all may load and save at once.</para>
/// </remarks>
public sealed class IcdConfigurationModule : IConfigurationModule
{
    private readonly ImageDecompressor _decompressor;

    /// <summary>Makes a module.</summary>
    /// <param name="compressors">
    /// For files of weights that do not come with the library, or to restore with fewer threads or another limit on pixels. They stay their owner's,
    /// who may dispose of them once nothing is loaded any more.
    /// </param>
    /// <exception cref="ArgumentException">A compressor is null.</exception>
    public IcdConfigurationModule(params ReadOnlySpan<ImageCompressor> compressors) =>
        _decompressor = compressors.IsEmpty ? ImageDecompressor.Shared : new ImageDecompressor(compressors);

    /// <summary>Registers format, detector, decoder and encoder. Called by ImageSharp.</summary>
    /// <param name="configuration">What to register them in.</param>
    public void Configure(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.ImageFormatsManager.SetDecoder(IcdFormat.Instance, new IcdDecoder(_decompressor));
        configuration.ImageFormatsManager.SetEncoder(IcdFormat.Instance, new IcdEncoder());
        configuration.ImageFormatsManager.AddImageFormatDetector(new IcdFormatDetector());
    }
}
