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
    /// Adds three singletons: <see cref="ImageCompressor"/>, loaded when first needed; <see cref="ImageDecompressor"/>, which restores its files and those of
    /// <see cref="PretrainedModel.All"/>; and <see cref="ImageCodecService"/>, which goes from stream to stream and logs. They are disposed of with the container.
    /// Where one of them is there already, it stays.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null for the defaults, or for those configured otherwise.</param>
    /// <returns><paramref name="services"/>, for further calls.</returns>
    public static IServiceCollection AddImageCodec(this IServiceCollection services, Action<ImageCodecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, null, configure);
    }

    /// <summary>Adds the same under a key, as keyed services, so that there may be several codecs; the key is also the name of their options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key to ask for them by.</param>
    /// <param name="configure">Sets options; null for the defaults, or for those configured otherwise.</param>
    /// <returns><paramref name="services"/>, for further calls.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty.</exception>
    public static IServiceCollection AddImageCodec(this IServiceCollection services, string key, Action<ImageCodecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, configure);
    }

    /// <summary>Services of no key are those whose key is null.</summary>
    private static IServiceCollection Add(IServiceCollection services, string? key, Action<ImageCodecOptions>? configure)
    {
        OptionsBuilder<ImageCodecOptions> options = services.AddOptions<ImageCodecOptions>(key)
            .Validate(o => o.MaxThreads >= 0, Out(nameof(ImageCodecOptions.MaxThreads), "0 or more"))
            .Validate(o => o.MaxPixelCount is >= 1 and <= RgbImage.MaxPixelCount, Out(nameof(ImageCodecOptions.MaxPixelCount), $"1 to {RgbImage.MaxPixelCount}"))
            .Validate(o => o.MaxConcurrency >= 1, Out(nameof(ImageCodecOptions.MaxConcurrency), "1 or more"))
            .Validate(o => o.MaxQueueLength >= 0, Out(nameof(ImageCodecOptions.MaxQueueLength), "0 or more"))
            .Validate(o => o.MaxKeptMemory is null or >= 0, Out(nameof(ImageCodecOptions.MaxKeptMemory), "0 or more"))
            .Validate(
                o => o.WeightsPath is null || o.Model == PretrainedModel.DefaultName,
                $"{nameof(ImageCodecOptions)}.{nameof(ImageCodecOptions.WeightsPath)} and {nameof(ImageCodecOptions.Model)} are both set; leave one of them out.")
            .Validate(
                o => !(o.MaxMemory < WorkQueue.BytesFor(o.MaxPixelCount)),
                $"{nameof(ImageCodecOptions)}.{nameof(ImageCodecOptions.MaxMemory)} is less than one picture of {nameof(ImageCodecOptions.MaxPixelCount)} takes, 128 MiB and 40 bytes a pixel; raise it, or lower {nameof(ImageCodecOptions.MaxPixelCount)}.")
            .Validate(
                o => !(o.MaxMemory < o.MaxKeptMemory),
                $"{nameof(ImageCodecOptions)}.{nameof(ImageCodecOptions.MaxKeptMemory)} is more than {nameof(ImageCodecOptions.MaxMemory)}; lower it.")
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddKeyedSingleton(key, (provider, _) => Load(provider, Options(provider)));
        services.TryAddKeyedSingleton(key, (provider, _) => new ImageDecompressor(Get<ImageCompressor>(provider))
        {
            MaxThreads = Options(provider).MaxThreads,
            MaxPixelCount = Options(provider).MaxPixelCount,
        });
        services.TryAddKeyedSingleton(key, (provider, _) => new WorkQueue(Options(provider)));
        services.TryAddKeyedSingleton(key, (provider, _) => new ImageCodecService(
            Get<ImageCompressor>(provider),
            Get<ImageDecompressor>(provider),
            provider.GetService<ILogger<ImageCodecService>>() ?? NullLogger<ImageCodecService>.Instance,
            Get<WorkQueue>(provider)));
        return services;

        ImageCodecOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<ImageCodecOptions>>().Get(key);

        // Containers that know no keys still serve those without one.
        T Get<T>(IServiceProvider provider)
            where T : notnull => key is null ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(key);

        static string Out(string name, string range) => $"{nameof(ImageCodecOptions)}.{name} must be {range}.";
    }

    private static ImageCompressor Load(IServiceProvider provider, ImageCodecOptions options)
    {
        ILogger logger = provider.GetService<ILogger<ImageCompressor>>() ?? NullLogger<ImageCompressor>.Instance;
        string source = options.WeightsPath ?? options.Model;
        long start = Stopwatch.GetTimestamp();
        ImageCompressor compressor = options.WeightsPath is { } path
            ? ImageCompressor.Load(path, options.MaxThreads)
            : ImageCompressor.LoadPretrained(options.Model, options.MaxThreads);
        compressor.MaxPixelCount = options.MaxPixelCount;
        ImageCompressor.MaxKeptMemory = options.MaxKeptMemory ?? ImageCompressor.MaxKeptMemory;
        Messages.Loaded(logger, source, compressor.Fingerprint, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return compressor;
    }
}
