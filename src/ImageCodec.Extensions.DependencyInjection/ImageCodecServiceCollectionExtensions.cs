using System.Diagnostics;
using ImageCodec;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the codec to services.</summary>
/// <remarks>As service collections themselves, for one thread at a time.</remarks>
public static class ImageCodecServiceCollectionExtensions
{
    /// <summary>
    /// Adds two singletons: <see cref="ImageCompressor"/>, loaded when first needed and disposed of with the container, and
    /// <see cref="ImageCodecService"/>, which goes from stream to stream and logs. Where one of them is there already, it stays.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null for the defaults, or for those configured otherwise.</param>
    /// <returns><paramref name="services"/>, for further calls.</returns>
    public static IServiceCollection AddImageCodec(this IServiceCollection services, Action<ImageCodecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<ImageCodecOptions> options = services.AddOptions<ImageCodecOptions>()
            .Validate(o => o.MaxThreads >= 0, $"{nameof(ImageCodecOptions)}.{nameof(ImageCodecOptions.MaxThreads)} must be 0 or more.")
            .Validate(
                o => o.MaxPixelCount is >= 1 and <= RgbImage.MaxPixelCount,
                $"{nameof(ImageCodecOptions)}.{nameof(ImageCodecOptions.MaxPixelCount)} must be 1 to {RgbImage.MaxPixelCount}.");
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(Load);
        services.TryAddSingleton(provider => new ImageCodecService(
            provider.GetRequiredService<ImageCompressor>(), provider.GetService<ILogger<ImageCodecService>>() ?? NullLogger<ImageCodecService>.Instance));
        return services;
    }

    private static ImageCompressor Load(IServiceProvider provider)
    {
        ImageCodecOptions options = provider.GetRequiredService<IOptions<ImageCodecOptions>>().Value;
        ILogger logger = provider.GetService<ILogger<ImageCompressor>>() ?? NullLogger<ImageCompressor>.Instance;
        string source = options.WeightsPath ?? options.Model;
        long start = Stopwatch.GetTimestamp();
        ImageCompressor compressor = options.WeightsPath is { } path
            ? ImageCompressor.Load(path, options.MaxThreads)
            : ImageCompressor.LoadPretrained(options.Model, options.MaxThreads);
        compressor.MaxPixelCount = options.MaxPixelCount;
        Messages.Loaded(logger, source, compressor.Fingerprint, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return compressor;
    }
}
