using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>A network's encoder behind the contract.</summary>
internal sealed class EncoderTransform(Network network, Workspace workspace, int maxThreads) : IEncoder
{
    private readonly TiledNetwork _tiles = new(network.Encoder, network.Stride, 1, workspace, maxThreads);

    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default) =>
        Encode(picture, pictureShape, latent, null, cancellationToken);

    public void Encode(
        ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        TensorShape latentShape = TransformArguments.CheckEncode(this, picture.Length, pictureShape, latent.Length);
        _tiles.Run(picture, pictureShape, latent, latentShape, progress, cancellationToken);
    }

    /// <summary>Encodes right from a picture, so that its tensor never exists as a whole. Lengths have been checked.</summary>
    public void Encode(RgbImage picture, TensorShape pictureShape, Span<float> latent, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        TensorShape latentShape = TransformArguments.LatentShape(this, pictureShape);
        _tiles.Run(new PictureRows(picture), pictureShape, new TensorRows(latent, latentShape), latentShape, progress, cancellationToken);
    }
}
