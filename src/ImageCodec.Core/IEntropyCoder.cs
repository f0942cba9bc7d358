using System.Buffers;

namespace ImageCodec;

/// <summary>Symbols to bytes and back, without loss.</summary>
/// <remarks>Implementations must be safe to use from several threads at once, and write the same bytes on every machine.</remarks>
public interface IEntropyCoder
{
    /// <summary>Codes symbols.</summary>
    /// <param name="symbols">The symbols, laid out as <paramref name="latentShape"/> says.</param>
    /// <param name="latentShape">The shape of the latent that the symbols stand for; a coder may use it to tell channels and neighbours apart.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException"><paramref name="symbols"/> does not have the length of <paramref name="latentShape"/>.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Encode(ReadOnlySpan<byte> symbols, TensorShape latentShape, IBufferWriter<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>Decodes what <see cref="Encode"/> wrote.</summary>
    /// <param name="source">The bytes, all of them and nothing else.</param>
    /// <param name="latentShape">The shape given to <see cref="Encode"/>.</param>
    /// <param name="symbols">Receives the symbols.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException"><paramref name="symbols"/> does not have the length of <paramref name="latentShape"/>.</exception>
    /// <exception cref="InvalidFileException"><paramref name="source"/> is seen to be damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Decode(ReadOnlySpan<byte> source, TensorShape latentShape, Span<byte> symbols, CancellationToken cancellationToken = default);
}
