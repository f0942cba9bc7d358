namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>Floats of any content in memory of the process's pool, given back at the end. Not on the heap, where a large picture's latent would stay for long.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed unsafe class NativeFloats(int length) : IDisposable
{
    private float* _data = NativePool.Shared.Rent(length, out _);

    /// <summary>The values.</summary>
    /// <exception cref="ObjectDisposedException">They have been given back.</exception>
    public Span<float> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return new Span<float>(_data, length);
        }
    }

    public void Dispose()
    {
        if (_data is not null)
        {
            NativePool.Shared.Return(_data);
            _data = null;
        }
    }
}
