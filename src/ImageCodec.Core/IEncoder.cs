namespace ImageCodec;

/// <summary>The analysis transform: a picture tensor becomes a latent.</summary>
/// <remarks>Implementations must be safe to use from several threads at once.</remarks>
public interface IEncoder
{
    /// <summary>Picture pixels for one place of the latent, each way. Both sides of a picture tensor are multiples of it.</summary>
    int Stride { get; }

    /// <summary>Channels of the latent.</summary>
    int LatentChannels { get; }

    /// <summary>Computes the latent of a picture.</summary>
    /// <param name="picture">The picture tensor, values in [0, 1].</param>
    /// <param name="pictureShape">Its shape: H × W × 3, H and W multiples of <see cref="Stride"/>.</param>
    /// <param name="latent">Receives (H / Stride) × (W / Stride) × <see cref="LatentChannels"/> values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A shape or a length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default);

    /// <summary>Computes the latent of a picture and says how far it has come. What is here does so at the end only.</summary>
    /// <inheritdoc cref="Encode(ReadOnlySpan{float}, TensorShape, Span{float}, CancellationToken)"/>
    /// <param name="picture">The picture tensor, values in [0, 1].</param>
    /// <param name="pictureShape">Its shape.</param>
    /// <param name="latent">Receives the latent.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    void Encode(
        ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Encode(picture, pictureShape, latent, cancellationToken);
        progress?.Report(1);
    }
}
