namespace ImageCodec.Farm;

/// <summary>What one worker process takes: pixels of the largest picture, and bytes of memory for all pictures that are compressed at once.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class PictureLimits(int maxPixelCount, long maxMemory) : IDisposable
{
    /// <summary>What a picture takes whatever its size: the feature maps of a tile. An estimate for <c>photo</c> at effort 0.</summary>
    private const long BytesOfTile = 128L << 20;

    /// <summary>What it takes beyond that: itself, its file, and its latent.</summary>
    private const long BytesOfPixel = 40;

    private readonly SemaphoreSlim _door = new(1);
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _used;

    /// <summary>Bytes of the longest picture file: no format needs more than 8 for a pixel, and some for what it says beside them.</summary>
    public long MaxFileLength => 8L * maxPixelCount + (16 << 20);

    public int MaxPixelCount => maxPixelCount;

    /// <summary>About what the work on a picture takes, in bytes.</summary>
    public static long BytesFor(long pixels) => BytesOfTile + BytesOfPixel * pixels;

    /// <exception cref="PictureRefusedException">The file is too long.</exception>
    public static void CheckLength(long length, long maxLength)
    {
        if (length > maxLength)
        {
            throw new PictureRefusedException($"The file has {length} bytes, more than the {maxLength} that this worker takes by its --max-pixels.");
        }
    }

    /// <summary>Waits until a picture fits beside those that are worked on. Its place is free again when what is returned is disposed of.</summary>
    /// <exception cref="PictureRefusedException">It has too many pixels, or needs more memory than there is for all.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<IDisposable> EnterAsync(int width, int height, CancellationToken stop)
    {
        long pixels = (long)width * height;
        long bytes = BytesFor(pixels);
        if (pixels > maxPixelCount)
        {
            throw new PictureRefusedException($"The picture has {width}×{height} pixels, more than the {maxPixelCount} that this worker takes (--max-pixels).");
        }

        if (bytes > maxMemory)
        {
            throw new PictureRefusedException(
                $"The picture of {width}×{height} needs about {bytes >> 20} MiB, and this worker may use {maxMemory >> 20} (--memory). Start one that may use more, and requeue this job.");
        }

        // One waits inside the door and the others before it, or small pictures would keep a large one waiting for ever.
        await _door.WaitAsync(stop);
        try
        {
            while (TryTake(bytes) is { } changed)
            {
                await changed.WaitAsync(stop);
            }
        }
        finally
        {
            _door.Release();
        }

        return new Place(this, bytes);
    }

    public void Dispose() => _door.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null where there was room; otherwise what ends when there is more.</summary>
    private Task? TryTake(long bytes)
    {
        lock (_lock)
        {
            if (_used + bytes > maxMemory)
            {
                return _changed.Task;
            }

            _used += bytes;
            return null;
        }
    }

    private void Leave(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    private sealed class Place(PictureLimits limits, long bytes) : IDisposable
    {
        public void Dispose() => limits.Leave(bytes);
    }
}
