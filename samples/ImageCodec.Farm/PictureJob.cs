using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Server;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace ImageCodec.Farm;

/// <summary>
/// The one kind of job: compresses some pictures of an order. It may be run any number of times, and by several workers at once: a picture that is done is not done again, and
/// gives the same file if it is. What fails becomes a job of its own, so that it can be retried, or set aside with its reason, without its neighbours.
/// </summary>
/// <remarks>One for each worker process; safe to use from several threads at once.</remarks>
internal sealed partial class PictureJob(JobStorage storage, IBackgroundJobClient jobs, PictureStores stores, PictureLimits limits, WorkerName worker, ILogger<PictureJob> logger) : IDisposable
{
    private const string StartsName = "Starts";

    /// <summary>So often a job may begin and never end, before it is thought to kill its worker.</summary>
    private const int MaxStarts = 3;

    private readonly ConcurrentDictionary<string, Lazy<ImageCompressor>> _compressors = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private PictureTotals _totals = PictureTotals.None;

    /// <summary>Compresses pictures. Called by Hangfire, which gives the context and the token; that one is cancelled when the worker stops or the job is deleted.</summary>
    /// <exception cref="InvalidFileException">The one picture is damaged.</exception>
    /// <exception cref="PictureRefusedException">The one picture is not taken.</exception>
    /// <exception cref="IOException">The one picture can't be read, or its file not be written.</exception>
    [AutomaticRetry(Attempts = 10, ExceptOn = [typeof(InvalidFileException), typeof(PictureRefusedException), typeof(ArgumentException), typeof(NotSupportedException)])]
    public async Task RunAsync(Order order, string[] pictures, PerformContext context, CancellationToken stop)
    {
        string id = context.BackgroundJob.Id;
        int starts = context.GetJobParameter<int>(StartsName) + 1;
        context.SetJobParameter(StartsName, starts);
        bool isPoison = starts > MaxStarts;
        JobProgress progress = new(storage, id, pictures.Length);
        PictureTotals before = Volatile.Read(ref _totals);
        try
        {
            foreach (string picture in pictures)
            {
                stop.ThrowIfCancellationRequested();
                if (pictures.Length == 1)
                {
                    ThrowIfPoison(isPoison, starts);
                    await CompressAsync(order, picture, progress, stop);
                }
                else if (isPoison || !await TryCompressAsync(order, picture, progress, stop))
                {
                    jobs.Enqueue<PictureJob>(job => job.RunAsync(order, new[] { picture }, null!, CancellationToken.None));
                }

                progress.EndPicture();
            }
        }
        catch
        {
            // It has ended, whatever the reason; only a worker that dies leaves the count.
            context.SetJobParameter(StartsName, 0);
            throw;
        }
        finally
        {
            Note(context.Connection, before);
        }
    }

    public void Dispose()
    {
        foreach (Lazy<ImageCompressor> compressor in _compressors.Values.Where(compressor => compressor.IsValueCreated))
        {
            compressor.Value.Dispose();
        }
    }

    private static void ThrowIfPoison(bool isPoison, int starts)
    {
        if (isPoison)
        {
            throw new PictureRefusedException($"Work on the picture was begun {starts - 1} times and never ended: perhaps it takes more memory than its worker has. Requeue this job to try again.");
        }
    }

    private async Task<bool> TryCompressAsync(Order order, string picture, JobProgress progress, CancellationToken stop)
    {
        try
        {
            await CompressAsync(order, picture, progress, stop);
            return true;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            Moved(logger, picture, e.Message);
            return false;
        }
    }

    private async Task CompressAsync(Order order, string picture, JobProgress progress, CancellationToken stop)
    {
        byte[] bytes = await stores.Get(order.Input).ReadAsync(picture, limits.MaxFileLength, stop);
        string mark = order.MarkFor(bytes);
        string name = Order.OutputName(picture);
        IPictureStore output = stores.Get(order.Output);
        if (await output.FindMarkAsync(name, stop) == mark)
        {
            Count(PictureTotals.None with { Skipped = 1 });
            return;
        }

        ImageFileInfo header = ImageFile.Identify(bytes);
        byte[] file;
        using (await limits.EnterAsync(header.Width, header.Height, stop))
        {
            RgbImage image = ImageFile.Read(bytes, new ImageReadOptions { MaxPixelCount = limits.MaxPixelCount }, stop);
            file = await CompressorOf(order.Model).CompressAsync(image, order.ToOptions(), progress, stop);
        }

        await output.WriteAsync(name, file, mark, stop);
        Count(PictureTotals.None with { Done = 1, Megapixels = (double)header.Width * header.Height / 1e6, BytesIn = bytes.Length, BytesOut = file.Length });
    }

    /// <summary>One thread for a picture: as many are worked on at once as there are cores.</summary>
    private ImageCompressor CompressorOf(string model) =>
        _compressors.GetOrAdd(model, name => new Lazy<ImageCompressor>(() => ImageCompressor.LoadPretrained(name, maxThreads: 1))).Value;

    private void Count(PictureTotals picture)
    {
        lock (_lock)
        {
            _totals = _totals.Add(picture);
        }
    }

    private void Note(IStorageConnection connection, PictureTotals before)
    {
        try
        {
            // Under the lock, so that no older figures follow newer ones.
            lock (_lock)
            {
                if (_totals != before)
                {
                    _totals.Note(connection, worker.Text);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Figures for the eye: the next job notes them.
            NotNoted(logger, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "«{Picture}» becomes a job of its own: {Reason}")]
    private static partial void Moved(ILogger logger, string picture, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The figures could not be noted: {Reason}")]
    private static partial void NotNoted(ILogger logger, string reason);
}
