using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Transforms;

/// <summary>A network's analysis transform behind the contract.</summary>
internal sealed unsafe class EncoderTransform(Network network, Workspace workspace, int maxThreads) : IEncoder
{
    private readonly TiledNetwork _tiles = new(network.Encoder, network.Stride, 1, workspace, maxThreads);

    public int Stride => network.Stride;

    public int LatentChannels => network.LatentChannels;

    public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        TensorShape latentShape = TransformArguments.CheckEncode(this, picture.Length, pictureShape, latent.Length);
        fixed (float* from = picture, to = latent)
        {
            _tiles.Run(new TensorRows(from, pictureShape), pictureShape, new TensorRows(to, latentShape), latentShape, null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Row by row, so that the picture tensor never exists as a whole.</remarks>
    public void Encode(RgbImage picture, Span<float> latent, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        TensorShape pictureShape = PictureTensor.Shape(picture.Width, picture.Height, Stride);
        TensorShape latentShape = TransformArguments.CheckEncode(this, pictureShape.Length, pictureShape, latent.Length);
        fixed (float* to = latent)
        {
            _tiles.Run(new PictureRows(picture), pictureShape, new TensorRows(to, latentShape), latentShape, progress, cancellationToken);
        }
    }
}
