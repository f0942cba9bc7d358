using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Transforms;

/// <summary>A network's synthesis transform behind the contract.</summary>
internal sealed unsafe class DecoderTransform(Network network, Workspace workspace, int maxThreads) : IDecoder
{
    private readonly TiledNetwork _tiles = new(network.Decoder, 1, network.Stride, workspace, maxThreads);

    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
    {
        TensorShape pictureShape = TransformArguments.CheckDecode(this, latent.Length, latentShape, picture.Length);
        fixed (float* from = latent, to = picture)
        {
            _tiles.Run(new TensorRows(from, latentShape), latentShape, new TensorRows(to, pictureShape), pictureShape, null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Row by row, so that the picture tensor never exists as a whole.</remarks>
    public void Decode(ReadOnlySpan<float> latent, RgbImage picture, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        TensorShape pictureShape = PictureTensor.Shape(picture.Width, picture.Height, Stride);
        TensorShape latentShape = TensorShape.OfLatent(picture.Width, picture.Height, Stride, LatentChannels);
        TransformArguments.CheckDecode(this, latent.Length, latentShape, pictureShape.Length);
        fixed (float* from = latent)
        {
            _tiles.Run(new TensorRows(from, latentShape), latentShape, new PictureRows(picture), pictureShape, progress, cancellationToken);
        }
    }
}
