using System.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageCodec.AspNetCore;

/// <summary>Makes picture files of <c>.icd</c> files, one at a time for all who ask for it, and keeps them.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class Transcoder : IDisposable
{
    /// <summary>As good as for ever: what a file was made of is in its key, and the size of the cache is what bounds it.</summary>
    private static readonly HybridCacheEntryOptions s_entry = new() { Expiration = TimeSpan.FromDays(30) };

    /// <summary>The name of the work in metrics.</summary>
    public const string Work = "transcode";

    private readonly ImageDecompressor _decompressor;
    private readonly WebMetrics _metrics;
    private readonly WorkQueue _queue;
    private readonly ServiceProvider _cacheServices;
    private readonly HybridCache _cache;

    public Transcoder(ImageDecompressor decompressor, WorkQueue queue, IOptions<ImageCodecWebOptions> options, WebMetrics metrics)
    {
        _decompressor = decompressor;
        _metrics = metrics;
        _queue = queue;
        Formats = PictureFormat.All(options.Value);

        // Services of its own: the app's memory cache has another limit or none. Beyond the largest payload an entry would count as empty, so there is none.
        ServiceCollection services = new();
        services.AddMemoryCache(memory => memory.SizeLimit = options.Value.CacheSize);
        services.AddHybridCache(cache => cache.MaximumPayloadBytes = int.MaxValue).AddSerializer<TranscodedFile, TranscodedFile.Size>();
        _cacheServices = services.BuildServiceProvider();
        _cache = _cacheServices.GetRequiredService<HybridCache>();
    }

    public PictureFormat[] Formats { get; }

    /// <summary>Gives a file of a format, kept or made. When all who wait for it have left, making it is stopped.</summary>
    /// <exception cref="InvalidFileException">The <c>.icd</c> file is damaged, has too many pixels, or needs a codec that is not at hand.</exception>
    /// <exception cref="CodecBusyException">Too many other files wait to be made.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public async Task<TranscodedFile> GetAsync(IcdSource source, PictureFormat format, CancellationToken stop)
    {
        bool isMade = false;
        TranscodedFile file = await _cache.GetOrCreateAsync(
            $"{source.CacheKey} {format.Tag}",
            async allLeft =>
            {
                isMade = true;
                return await MakeAsync(source, format, allLeft).ConfigureAwait(false);
            },
            s_entry,
            cancellationToken: stop).ConfigureAwait(false);
        _metrics.LookedUp(format, isHit: !isMade);
        return file;
    }

    public void Dispose() => _cacheServices.Dispose();

    private async ValueTask<TranscodedFile> MakeAsync(IcdSource source, PictureFormat format, CancellationToken stop)
    {
        ReadOnlyMemory<byte> icd = await source.ReadAsync(stop).ConfigureAwait(false);
        IcdInfo header = ImageCompressor.Identify(icd);
        using WorkQueue.Turn turn = await _queue.EnterAsync(header.Width, header.Height, stop).ConfigureAwait(false);
        long start = Stopwatch.GetTimestamp();
        RgbImage image = await _decompressor.DecompressAsync(icd, cancellationToken: stop).ConfigureAwait(false);
        TranscodedFile file = format.Encode!(image, stop);
        _metrics.Worked(Work, format.Name, start);
        return file;
    }
}
