using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>Stages that do nothing with pictures but call back: an encoder, and a decoder that gives grey.</summary>
internal sealed class Stages(Action? onWork = null) : IEncoder, IDecoder
{
    public int Stride => 8;

    public int LatentChannels => 1;

    /// <summary>A codec of such stages.</summary>
    public static ImageCompressor CreateCompressor(CodecFingerprint fingerprint, Action? onWork = null)
    {
        Stages stages = new(onWork);
        return new ImageCompressor(stages, stages, new QuantizedLatentCodec(new UniformQuantizer(isSigned: false), AdaptiveCoder.Instance), fingerprint);
    }

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        onWork?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        latent.Fill(0.5f);
    }

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
    {
        onWork?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        picture.Fill(0.5f);
    }
}
