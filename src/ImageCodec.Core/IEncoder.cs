namespace ImageCodec;

/// <summary>The analysis transform: a picture tensor becomes a latent.</summary>
/// <remarks>Implementations must be safe to use from several threads at once.</remarks>
public interface IEncoder
{
    /// <summary>Picture pixels for one place of the latent, each way; at least 1, and always the same. Both sides of a picture tensor are multiples of it.</summary>
    int Stride { get; }

    /// <summary>Channels of the latent; at least 1, and always the same.</summary>
    int LatentChannels { get; }

    /// <summary>Computes the latent of a picture.</summary>
    /// <param name="picture">The picture tensor, values in [0, 1].</param>
    /// <param name="pictureShape">Its shape: H × W × 3, H and W multiples of <see cref="Stride"/>.</param>
    /// <param name="latent">Receives (H / Stride) × (W / Stride) × <see cref="LatentChannels"/> values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A shape or a length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default);

    /// <summary>
    /// Computes the latent of a picture of any size. What is here makes the picture tensor, in which the last pixels go on beyond the right and lower edge up to
    /// whole strides, and tells its progress at the end only; a transform that can go through a picture
    /// piece by piece does better, but must give the same as the other overload.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="latent">Receives ⌈Height / <see cref="Stride"/>⌉ × ⌈Width / <see cref="Stride"/>⌉ × <see cref="LatentChannels"/> values.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Encode(RgbImage picture, Span<float> latent, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        TensorShape shape = PictureTensor.Shape(picture.Width, picture.Height, Stride);
        float[] tensor = new float[shape.Length];
        PictureTensor.FromImage(picture, shape, tensor);
        Encode(tensor, shape, latent, cancellationToken);
        progress?.Report(1);
    }
}
