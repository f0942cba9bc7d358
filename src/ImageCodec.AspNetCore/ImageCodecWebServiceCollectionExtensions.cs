using ImageCodec;
using ImageCodec.AspNetCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to services what serves <c>.icd</c> files and takes uploads.</summary>
/// <remarks>As service collections themselves, for one thread at a time.</remarks>
public static class ImageCodecWebServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <see cref="IcdResult"/>, <c>MapIcdFiles</c> and <c>CompressUploadAsync</c> need, and the codec as <c>AddImageCodec</c> does. Where the codec is there already,
    /// or is added later with options, those count.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null for the defaults, or for those configured otherwise.</param>
    /// <returns><paramref name="services"/>, for further calls.</returns>
    public static IServiceCollection AddImageCodecWeb(this IServiceCollection services, Action<ImageCodecWebOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<ImageCodecWebOptions> options = services.AddOptions<ImageCodecWebOptions>()
            .Validate(o => o.WebpQuality is >= 1 and <= 100, Out(nameof(ImageCodecWebOptions.WebpQuality), "1 to 100"))
            .Validate(o => o.JpegQuality is >= 1 and <= 100, Out(nameof(ImageCodecWebOptions.JpegQuality), "1 to 100"))
            .Validate(o => o.CacheSize >= 0, Out(nameof(ImageCodecWebOptions.CacheSize), "0 or more"))
            .Validate(o => o.MaxUploadLength >= 1, Out(nameof(ImageCodecWebOptions.MaxUploadLength), "1 or more"))
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddImageCodec();
        services.AddMetrics();
        services.TryAddSingleton<WebMetrics>();
        services.TryAddSingleton<Transcoder>();
        services.TryAddSingleton<UploadCompressor>();
        return services;

        static string Out(string name, string range) => $"{nameof(ImageCodecWebOptions)}.{name} must be {range}.";
    }
}
