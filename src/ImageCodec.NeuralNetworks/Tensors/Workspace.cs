namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>A network's way to memory for tensors: <see cref="NativePool"/>, until the network is disposed of. Safe to use from several threads at once.</summary>
/// <param name="pool">Where memory comes from.</param>
internal sealed unsafe class Workspace(NativePool pool) : IDisposable
{
    private long _allocationCount;
    private long _rentedCount;
    private volatile bool _disposed;

    /// <summary>One that takes its memory from the pool of the process.</summary>
    public Workspace()
        : this(NativePool.Shared)
    {
    }

    /// <summary>How often memory had to be allocated, because none of the wanted size was unused.</summary>
    public long AllocationCount => Interlocked.Read(ref _allocationCount);

    /// <summary>Blocks that have not come back yet.</summary>
    public long RentedCount => Interlocked.Read(ref _rentedCount);

    /// <inheritdoc cref="NativePool.Rent"/>
    /// <exception cref="ObjectDisposedException">The workspace has been disposed of.</exception>
    public float* Rent(nint length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        float* block = pool.Rent(length, out bool isFresh);
        Interlocked.Increment(ref _rentedCount);
        if (isFresh)
        {
            Interlocked.Increment(ref _allocationCount);
        }

        return block;
    }

    /// <summary>Takes back what <see cref="Rent"/> gave.</summary>
    public void Return(float* block)
    {
        pool.Return(block);
        Interlocked.Decrement(ref _rentedCount);
    }

    /// <summary>Ends renting; what is still rented may come back.</summary>
    public void Dispose() => _disposed = true;
}
