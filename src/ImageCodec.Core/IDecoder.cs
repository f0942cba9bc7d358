namespace ImageCodec;

/// <summary>The synthesis transform: a latent becomes a picture tensor.</summary>
/// <remarks>
/// Implementations must be safe to use from several threads at once, and must give the same bits for the same latent
/// on every machine: what the decoder computes is what a file means.
/// </remarks>
public interface IDecoder
{
    /// <summary>Picture pixels for one place of the latent, each way; at least 1, and always the same.</summary>
    int Stride { get; }

    /// <summary>Channels of the latent; at least 1, and always the same.</summary>
    int LatentChannels { get; }

    /// <summary>Computes the picture of a latent.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="latentShape">Its shape: h × w × <see cref="LatentChannels"/>.</param>
    /// <param name="picture">Receives (h · Stride) × (w · Stride) × 3 values, meant to be in [0, 1].</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A shape or a length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default);

    /// <summary>
    /// Computes the picture of a latent: values are clipped to [0, 1] and rounded to the nearest of 256 levels, and what lies beyond the picture's edges is left
    /// out. What is here makes the picture tensor, and tells its progress at the end only; a transform that can go through a picture
    /// piece by piece does better, but must give the same as the other overload.
    /// </summary>
    /// <param name="latent">The latent, ⌈Height / <see cref="Stride"/>⌉ × ⌈Width / <see cref="Stride"/>⌉ × <see cref="LatentChannels"/> values.</param>
    /// <param name="picture">Receives the pixels; its size says the latent's shape.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Decode(ReadOnlySpan<float> latent, RgbImage picture, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        TensorShape shape = PictureTensor.Shape(picture.Width, picture.Height, Stride);
        float[] tensor = new float[shape.Length];
        Decode(latent, TensorShape.OfLatent(picture.Width, picture.Height, Stride, LatentChannels), tensor, cancellationToken);
        PictureTensor.ToImage(tensor, shape, picture);
        progress?.Report(1);
    }
}
