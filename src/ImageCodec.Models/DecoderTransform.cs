using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>A network's decoder behind the contract.</summary>
internal sealed class DecoderTransform(Network network, Workspace workspace, int maxThreads) : IDecoder
{
    private readonly TiledNetwork _tiles = new(network.Decoder, 1, network.Stride, workspace, maxThreads);

    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default) =>
        Decode(latent, latentShape, picture, null, cancellationToken);

    public void Decode(
        ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        TensorShape pictureShape = TransformArguments.CheckDecode(this, latent.Length, latentShape, picture.Length);
        _tiles.Run(latent, latentShape, picture, pictureShape, progress, cancellationToken);
    }

    /// <summary>Decodes right into a picture, so that its tensor never exists as a whole. Lengths have been checked.</summary>
    public void Decode(
        ReadOnlySpan<float> latent, TensorShape latentShape, RgbImage picture, IProgress<double>? progress, CancellationToken cancellationToken) =>
        _tiles.Run(new TensorRows(latent, latentShape), latentShape, new PictureRows(picture), PictureShape(latentShape), progress, cancellationToken);

    private TensorShape PictureShape(TensorShape latentShape) => new(checked(latentShape.Height * Stride), checked(latentShape.Width * Stride), 3);
}
