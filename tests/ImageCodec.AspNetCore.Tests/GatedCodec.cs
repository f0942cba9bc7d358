using System.Buffers;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>A codec that keeps pixels as they are, counts what it restores, and does so only while its gate is open.</summary>
internal sealed class GatedCodec : IEncoder, IDecoder, ILatentCodec, IDisposable
{
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _decodes;

    public GatedCodec() => Compressor = new ImageCompressor(this, this, this, CodecFingerprint.Of("kept as it is"u8));

    public ImageCompressor Compressor { get; }

    public int Stride => 1;

    public int LatentChannels => 3;

    public int LevelCount => 1;

    int? ILatentCodec.LatentChannels => 3;

    /// <summary>How many pictures it has begun to restore.</summary>
    public int Decodes => Volatile.Read(ref _decodes);

    /// <summary>Ends when restoring was stopped by its token.</summary>
    public Task Stopped => _stopped.Task;

    public void Close() => _gate.Reset();

    public void Open() => _gate.Set();

    /// <summary>Waits until one more picture stands at the gate.</summary>
    public Task ArrivedAsync() => _arrived.WaitAsync();

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default) => picture.CopyTo(latent);

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _decodes);
        _arrived.Release();
        try
        {
            _gate.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _stopped.TrySetResult();
            throw;
        }

        latent.CopyTo(picture);
    }

    public void Encode(
        ReadOnlySpan<float> latent, TensorShape latentShape, int level, IBufferWriter<byte> body, Span<float> decoded, CancellationToken cancellationToken = default)
    {
        Span<byte> bytes = body.GetSpan(latent.Length);
        for (int i = 0; i < latent.Length; i++)
        {
            bytes[i] = (byte)MathF.Round(255 * latent[i]);
        }

        body.Advance(latent.Length);
        if (!decoded.IsEmpty)
        {
            latent.CopyTo(decoded);
        }
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        if (body.Length != latent.Length)
        {
            throw new InvalidFileException("Kept", "the body has another length than the picture.");
        }

        for (int i = 0; i < latent.Length; i++)
        {
            latent[i] = body[i] / 255f;
        }
    }

    public void Dispose()
    {
        Compressor.Dispose();
        _gate.Dispose();
        _arrived.Dispose();
    }
}
