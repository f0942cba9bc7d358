using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>A network's decoder behind the contract.</summary>
internal sealed class DecoderTransform(Network network, Workspace workspace, int maxThreads) : IDecoder
{
    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
    {
        if (latentShape.Channels != LatentChannels || latentShape.Height < 1 || latentShape.Width < 1)
        {
            throw new ArgumentException($"A latent must have {LatentChannels} channels, but was given {latentShape}.", nameof(latentShape));
        }

        TensorShape pictureShape = new(checked(latentShape.Height * Stride), checked(latentShape.Width * Stride), 3);
        TransformArguments.Check(latent.Length, latentShape, nameof(latent));
        TransformArguments.Check(picture.Length, pictureShape, nameof(picture));
        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        Tensor input = scope.Create(1, latentShape);
        latent.CopyTo(input.Span);
        network.Decoder.Forward(scope, input).Span.CopyTo(picture);
    }
}
