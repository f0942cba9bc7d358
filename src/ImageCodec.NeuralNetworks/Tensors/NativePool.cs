using System.Numerics;
using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>
/// Native memory for tensors and latents, kept between pictures so that work of one kind allocates nothing after the first. There is one for the process. What it keeps is
/// bounded; the block that lay unused for longest goes first, and all go when nobody wants them for some seconds.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed unsafe class NativePool : IDisposable
{
    /// <summary>
    /// What is kept unless it is set otherwise, at most. It is somewhat more than a picture of 768×512 takes both ways: with less, each block would go just before it is wanted again.
    /// </summary>
    private const long UsualMaxKeptBytes = 256L << 20;

    /// <summary>In a small container the part of what the process may have.</summary>
    private const int PartsOfMemory = 6;

    /// <summary>Kernels may read this many floats past a tensor's end, so that a vector never has to be cut.</summary>
    private const int Slack = 64;

    /// <summary>A block that is unused may be half as large again as what is wanted: to fetch and clear new pages takes longer than some memory is worth.</summary>
    private const int SpareShare = 2;

    /// <summary>Sizes are rounded up to eight steps for each power of two, so that pictures of other sizes use the same blocks, and at most an eighth is lost.</summary>
    private const int StepsPerOctaveLog2 = 3;

    private const long MinStep = 64;

    private readonly Lock _lock = new();

    /// <summary>The longest unused one first.</summary>
    private readonly List<Block> _kept = [];

    /// <summary>The size of each block that is in use, by its address.</summary>
    private readonly Dictionary<nint, long> _rented = [];
    private readonly TimeSpan _patience;
    private readonly Timer _timer;
    private bool _isTimerOn;

    /// <param name="patience">After how long a block that nobody wants is given back.</param>
    public NativePool(TimeSpan patience)
    {
        _patience = patience;
        _timer = new Timer(pool => ((NativePool)pool!).Trim(patience), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static NativePool Shared { get; } = new(TimeSpan.FromSeconds(10));

    /// <summary>What may be kept unused, in bytes. A smaller number holds from the next return on.</summary>
    public long MaxKeptBytes { get; set => Interlocked.Exchange(ref field, value); } = Math.Min(UsualMaxKeptBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartsOfMemory);

    /// <summary>What is kept unused now.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Memory for <paramref name="length"/> floats, of any content, aligned to a cache line, with a readable end.</summary>
    /// <param name="length">Floats.</param>
    /// <param name="isFresh">Whether it had to be allocated, because none of the wanted size was unused.</param>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public float* Rent(nint length, out bool isFresh)
    {
        long bytes = SizeOf(length);
        float* block = (float*)Take(bytes);
        isFresh = block is null;
        if (isFresh)
        {
            block = (float*)SystemAllocator.Allocate(bytes);
            lock (_lock)
            {
                _rented.Add((nint)block, bytes);
            }
        }

        new Span<float>(block + length, Slack).Clear();
        return block;
    }

    /// <summary>Takes back what <see cref="Rent"/> gave.</summary>
    public void Return(float* block)
    {
        long bytes;
        lock (_lock)
        {
            _rented.Remove((nint)block, out bytes);
        }

        // Outside the lock: to give a large block back to the system takes a while.
        if (bytes > MaxKeptBytes)
        {
            SystemAllocator.Free(block, bytes);
            return;
        }

        lock (_lock)
        {
            _kept.Add(new Block((nint)block, bytes, Environment.TickCount64));
            KeptBytes += bytes;
            int tooMany = 0;
            for (; KeptBytes > MaxKeptBytes; tooMany++)
            {
                Free(_kept[tooMany]);
            }

            _kept.RemoveRange(0, tooMany);
            SetTimer(isOn: true);
        }
    }

    /// <summary>Gives back what has not been wanted for some time.</summary>
    public void Trim(TimeSpan unusedFor)
    {
        lock (_lock)
        {
            long since = Environment.TickCount64 - (long)unusedFor.TotalMilliseconds;
            int old = _kept.FindIndex(block => block.ReturnedAt > since) is >= 0 and { } first ? first : _kept.Count;
            foreach (Block block in CollectionsMarshal.AsSpan(_kept)[..old])
            {
                Free(block);
            }

            _kept.RemoveRange(0, old);
            SetTimer(isOn: _kept.Count > 0);
        }
    }

    /// <summary>Frees what is kept. That of the process is never disposed of.</summary>
    public void Dispose()
    {
        MaxKeptBytes = 0;
        Trim(TimeSpan.Zero);
        _timer.Dispose();
    }

    private static long SizeOf(nint length)
    {
        long bytes = checked(((long)length + Slack) * sizeof(float));
        long step = Math.Max(MinStep, 1L << (BitOperations.Log2((ulong)bytes) - StepsPerOctaveLog2));
        return (bytes + step - 1) / step * step;
    }

    private nint Take(long bytes)
    {
        lock (_lock)
        {
            int best = -1;
            for (int i = 0; i < _kept.Count; i++)
            {
                if (_kept[i].Bytes >= bytes && _kept[i].Bytes <= bytes + bytes / SpareShare && (best < 0 || _kept[i].Bytes <= _kept[best].Bytes))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return 0;
            }

            Block found = _kept[best];
            _kept.RemoveAt(best);
            KeptBytes -= found.Bytes;
            _rented.Add(found.Address, found.Bytes);
            return found.Address;
        }
    }

    private void Free(Block block)
    {
        SystemAllocator.Free((void*)block.Address, block.Bytes);
        KeptBytes -= block.Bytes;
    }

    private void SetTimer(bool isOn)
    {
        if (isOn != _isTimerOn)
        {
            _isTimerOn = isOn;
            TimeSpan period = isOn ? _patience / 2 : Timeout.InfiniteTimeSpan;
            _timer.Change(period, period);
        }
    }

    private readonly record struct Block(nint Address, long Bytes, long ReturnedAt);
}
