using ImageCodec.Models;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>A module's analysis transform behind the contract.</summary>
internal sealed class TorchEncoder(TorchAutoencoder module, Network network) : IEncoder
{
    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        if (pictureShape.Channels != 3 || pictureShape.Height % Stride != 0 || pictureShape.Width % Stride != 0 || pictureShape.Height < 1 || pictureShape.Width < 1)
        {
            throw new ArgumentException(
                $"A picture tensor must have sides in multiples of {Stride} and 3 channels, but was given {pictureShape}.", nameof(pictureShape));
        }

        TensorShape latentShape = new(pictureShape.Height / Stride, pictureShape.Width / Stride, LatentChannels);
        TransformArguments.Check(picture.Length, pictureShape, nameof(picture));
        TransformArguments.Check(latent.Length, latentShape, nameof(latent));
        TorchTransform.Run(module, module.Encode, picture, pictureShape, latent, cancellationToken);
    }
}

/// <summary>A module's synthesis transform behind the contract.</summary>
internal sealed class TorchDecoder(TorchAutoencoder module, Network network) : IDecoder
{
    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
    {
        if (latentShape.Channels != LatentChannels || latentShape.Height < 1 || latentShape.Width < 1)
        {
            throw new ArgumentException($"A latent must have {LatentChannels} channels, but was given {latentShape}.", nameof(latentShape));
        }

        TransformArguments.Check(latent.Length, latentShape, nameof(latent));
        TransformArguments.Check(
            picture.Length, new TensorShape(checked(latentShape.Height * Stride), checked(latentShape.Width * Stride), 3), nameof(picture));
        TorchTransform.Run(module, module.Decode, latent, latentShape, picture, cancellationToken);
    }
}

/// <summary>What both transforms do.</summary>
internal static class TorchTransform
{
    public static void Run(
        TorchAutoencoder module, Func<Tensor, Tensor> transform, ReadOnlySpan<float> input, TensorShape shape, Span<float> output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using IDisposable scope = NewDisposeScope();
        using IDisposable still = inference_mode();
        TorchTensors.ToPlaces(transform(TorchTensors.FromPlaces(input, 1, shape, module.Device))).CopyTo(output);
    }
}
