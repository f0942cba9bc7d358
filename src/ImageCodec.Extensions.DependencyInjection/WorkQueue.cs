using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec;

/// <summary>
/// Lets so many pictures be worked on at once, and so many wait, first come, first served. Large ones take more of the memory that there is, so fewer of them are worked on at
/// once. When there have been none for some time, memory that they left goes back to the system.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class WorkQueue : IDisposable
{
    /// <summary>What a picture takes whatever its size: the feature maps of a tile.</summary>
    private const long BytesOfTile = 128L << 20;

    /// <summary>What it takes beyond that: itself, its file, the latent, and what the entropy model says of each value.</summary>
    private const long BytesOfPixel = 40;

    /// <summary>Longer than the pauses of a service that is in use.</summary>
    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Ready)> _waiting = [];
    private readonly int _maxConcurrency;
    private readonly int _maxLength;
    private readonly long _maxBytes;
    private readonly Timer _idle;
    private int _working;
    private long _bytes;
    private bool _isDisposed;

    public WorkQueue(ImageCodecOptions options)
    {
        SystemAllocator.KeepLittle();
        (_maxConcurrency, _maxLength) = (options.MaxConcurrency, options.MaxQueueLength);

        // What a container allows, or the machine has. The other half is for the heap's own needs, and for whatever else the process does.
        _maxBytes = options.MaxMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        _idle = new Timer(queue => ((WorkQueue)queue!).GiveBack(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait.</summary>
    public int Length
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>About what the work on a picture takes, in bytes.</summary>
    public static long BytesFor(long pixels) => BytesOfTile + BytesOfPixel * pixels;

    /// <summary>Waits for a turn, which ends when what is returned is disposed of. A picture too large for the memory that there is has it alone.</summary>
    /// <exception cref="CodecBusyException">Too many wait already.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async ValueTask<Turn> EnterAsync(int width, int height, CancellationToken stop)
    {
        long bytes = BytesFor((long)width * height);
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                Begin(bytes);
                return new Turn(this, bytes);
            }

            if (_waiting.Count >= _maxLength)
            {
                throw new CodecBusyException(_working, _waiting.Count);
            }

            _waiting.AddLast((bytes, ready));
        }

        using (stop.Register(() => Withdraw((bytes, ready), stop)))
        {
            await ready.Task.ConfigureAwait(false);
        }

        return new Turn(this, bytes);
    }

    /// <summary>Those who work may still leave.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _idle.Dispose();
        }
    }

    private bool Fits(long bytes) => _working < _maxConcurrency && (_working == 0 || _bytes + bytes <= _maxBytes);

    private void Begin(long bytes)
    {
        _working++;
        _bytes += bytes;
    }

    private void Withdraw((long Bytes, TaskCompletionSource Ready) waiter, CancellationToken stop)
    {
        lock (_lock)
        {
            if (_waiting.Remove(waiter))
            {
                waiter.Ready.SetCanceled(stop);

                // Those behind it may need less.
                Admit();
            }
        }
    }

    private void Leave(long bytes)
    {
        lock (_lock)
        {
            _working--;
            _bytes -= bytes;
            Admit();
            if (_working == 0 && !_isDisposed)
            {
                _idle.Change(s_idleTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } first && Fits(first.Value.Bytes))
        {
            _waiting.RemoveFirst();
            Begin(first.Value.Bytes);
            first.Value.Ready.SetResult();
        }
    }

    /// <summary>Pictures are large objects, which a heap that nobody allocates on would keep.</summary>
    private void GiveBack()
    {
        lock (_lock)
        {
            if (_working > 0)
            {
                return;
            }
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativePool.Shared.Trim(TimeSpan.Zero);
    }

    /// <summary>The right to work.</summary>
    internal readonly struct Turn(WorkQueue queue, long bytes) : IDisposable
    {
        public void Dispose() => queue.Leave(bytes);
    }
}
