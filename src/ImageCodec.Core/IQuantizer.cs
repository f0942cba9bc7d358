namespace ImageCodec;

/// <summary>Latent to symbols and back.</summary>
/// <remarks>
/// A quantiser may keep a few bytes of side information with the symbols, such as a scale.
/// Implementations must be safe to use from several threads at once, and <see cref="Dequantize"/> must give the same bits on every machine.
/// </remarks>
public interface IQuantizer
{
    /// <summary>The number of levels. Level 1 gives the smallest files, this one the best pictures.</summary>
    int LevelCount { get; }

    /// <summary>The number of bytes of side information for a latent, known from its shape alone.</summary>
    /// <param name="latentShape">The shape of the latent.</param>
    int GetSideInformationLength(TensorShape latentShape);

    /// <summary>Turns a latent into symbols.</summary>
    /// <param name="latent">The latent; finite values.</param>
    /// <param name="latentShape">Its shape.</param>
    /// <param name="level">The level, 1 … <see cref="LevelCount"/>.</param>
    /// <param name="symbols">Receives one symbol for each value, in the same order.</param>
    /// <param name="sideInformation">Receives what <see cref="Dequantize"/> needs beside the symbols; exactly <see cref="GetSideInformationLength"/> bytes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length, the level or a value does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Quantize(
        ReadOnlySpan<float> latent,
        TensorShape latentShape,
        int level,
        Span<byte> symbols,
        Span<byte> sideInformation,
        CancellationToken cancellationToken = default);

    /// <summary>Turns symbols back into a latent.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="latentShape">The shape of the latent.</param>
    /// <param name="sideInformation">What <see cref="Quantize"/> wrote.</param>
    /// <param name="latent">Receives one value for each symbol, in the same order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidFileException">The symbols or the side information are not what <see cref="Quantize"/> writes.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Dequantize(
        ReadOnlySpan<byte> symbols,
        TensorShape latentShape,
        ReadOnlySpan<byte> sideInformation,
        Span<float> latent,
        CancellationToken cancellationToken = default);
}
