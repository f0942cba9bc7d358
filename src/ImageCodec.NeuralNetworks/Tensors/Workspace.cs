using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>
/// Native memory for tensors, kept between calls so that work on pictures of one size allocates nothing after the first.
/// Safe to use from several threads at once.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private const int Alignment = 64;

    /// <summary>Kernels may read this many floats past a tensor's end, so that a vector never has to be cut.</summary>
    private const int Slack = 64;

    /// <summary>What is kept for reuse at most; beyond it everything unused is given back first.</summary>
    private const long MaxKeptBytes = 512L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<nint, Stack<nint>> _unused = [];
    private long _keptBytes;
    private bool _disposed;

    ~Workspace() => FreeUnused();

    /// <summary>How often memory had to be allocated, because none of the wanted length was unused.</summary>
    public long AllocationCount { get; private set; }

    /// <summary>Blocks that have not come back yet.</summary>
    public long RentedCount { get; private set; }

    /// <summary>Memory for <paramref name="length"/> floats, of any content, aligned to a cache line.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public float* Rent(nint length)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_unused.TryGetValue(length, out Stack<nint>? blocks) && blocks.TryPop(out nint block))
            {
                _keptBytes -= Bytes(length);
                RentedCount++;
                return (float*)block;
            }
        }

        float* fresh = (float*)NativeMemory.AlignedAlloc((nuint)Bytes(length), Alignment);
        new Span<float>(fresh + length, Slack).Clear();
        lock (_lock)
        {
            RentedCount++;
            AllocationCount++;
        }

        return fresh;
    }

    /// <summary>Takes back what <see cref="Rent"/> gave.</summary>
    public void Return(float* block, nint length)
    {
        lock (_lock)
        {
            RentedCount--;
            if (!_disposed && Bytes(length) <= MaxKeptBytes)
            {
                if (_keptBytes + Bytes(length) > MaxKeptBytes)
                {
                    FreeUnused();
                }

                if (!_unused.TryGetValue(length, out Stack<nint>? blocks))
                {
                    _unused.Add(length, blocks = new Stack<nint>());
                }

                blocks.Push((nint)block);
                _keptBytes += Bytes(length);
                return;
            }
        }

        NativeMemory.AlignedFree(block);
    }

    /// <summary>Frees what is kept; what is still rented is freed when it comes back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            FreeUnused();
        }

        GC.SuppressFinalize(this);
    }

    private static long Bytes(nint length) => checked((length + Slack) * sizeof(float));

    private void FreeUnused()
    {
        foreach (Stack<nint> blocks in _unused.Values)
        {
            foreach (nint block in blocks)
            {
                NativeMemory.AlignedFree((void*)block);
            }
        }

        _unused.Clear();
        _keptBytes = 0;
    }
}
