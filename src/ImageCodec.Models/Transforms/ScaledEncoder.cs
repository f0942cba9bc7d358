namespace ImageCodec.Models.Transforms;

/// <summary>An analysis transform whose latents are scaled to what the synthesis transform takes at a level, as the model's own latent codec does it.</summary>
internal sealed class ScaledEncoder(IEncoder encoder, Network network, int level) : IEncoder
{
    public int Stride => encoder.Stride;

    public int LatentChannels => encoder.LatentChannels;

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        encoder.Encode(picture, pictureShape, latent, cancellationToken);
        network.SkipQuantization(latent, level);
    }

    public void Encode(RgbImage picture, Span<float> latent, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        encoder.Encode(picture, latent, progress, cancellationToken);
        network.SkipQuantization(latent, level);
    }
}
