using ImageCodec.Models;
using ImageCodec.Models.Transforms;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>A module's analysis transform behind the contract.</summary>
internal sealed class TorchEncoder(TorchAutoencoder module, Network network) : IEncoder
{
    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        TransformArguments.CheckEncode(this, picture.Length, pictureShape, latent.Length);
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
        TransformArguments.CheckDecode(this, latent.Length, latentShape, picture.Length);
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
