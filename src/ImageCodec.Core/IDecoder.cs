namespace ImageCodec;

/// <summary>The synthesis transform: a latent becomes a picture tensor.</summary>
/// <remarks>
/// Implementations must be safe to use from several threads at once, and must give the same bits for the same latent
/// on every machine: what the decoder computes is what a file means.
/// </remarks>
public interface IDecoder
{
    /// <summary>Picture pixels for one place of the latent, each way.</summary>
    int Stride { get; }

    /// <summary>Channels of the latent.</summary>
    int LatentChannels { get; }

    /// <summary>Computes the picture of a latent.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="latentShape">Its shape: h × w × <see cref="LatentChannels"/>.</param>
    /// <param name="picture">Receives (h · Stride) × (w · Stride) × 3 values, meant to be in [0, 1].</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A shape or a length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default);

    /// <summary>Computes the picture of a latent and says how far it has come. What is here does so at the end only.</summary>
    /// <inheritdoc cref="Decode(ReadOnlySpan{float}, TensorShape, Span{float}, CancellationToken)"/>
    /// <param name="latent">The latent.</param>
    /// <param name="latentShape">Its shape.</param>
    /// <param name="picture">Receives the picture tensor.</param>
    /// <param name="progress">Told the part that is done, rising to 1; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    void Decode(
        ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Decode(latent, latentShape, picture, cancellationToken);
        progress?.Report(1);
    }
}
