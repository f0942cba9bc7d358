using System.Buffers;
using System.Numerics;
using ImageCodec.Entropy.Context;

namespace ImageCodec.Entropy;

/// <summary>
/// An adaptive coder for quantised latents that knows their shape: it predicts each symbol from its channel, its neighbours, and the
/// channels before it at the same place, bit by bit from the highest.
/// </summary>
/// <remarks>
/// The stream begins with the number of bits of the largest symbol, in four bits. docs/format.md specifies the rest.
/// The coder has no state; safe to use from several threads at once.
/// </remarks>
public sealed class ContextCoder : IEntropyCoder
{
    private const string Format = "context-coded stream";
    private const int MaxBits = 8;

    /// <summary>So few that cancelling takes milliseconds, so many that looking costs nothing.</summary>
    private const int SymbolsBetweenChecks = 1 << 13;

    private ContextCoder()
    {
    }

    /// <summary>The one instance that is needed.</summary>
    public static ContextCoder Instance { get; } = new();

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> symbols, TensorShape latentShape, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        Encode(symbols, latentShape, [], destination, cancellationToken);

    /// <summary>Codes what is not known: the symbols that are, by <paramref name="isKnown"/>, are neighbours to the others, but not coded. Empty where none is.</summary>
    internal static void Encode(
        ReadOnlySpan<byte> symbols, TensorShape latentShape, ReadOnlySpan<bool> isKnown, IBufferWriter<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CheckLength(symbols.Length, latentShape);
        int highest = 0;
        foreach (byte symbol in symbols)
        {
            highest |= symbol;
        }

        int bits = 32 - BitOperations.LeadingZeroCount((uint)highest);
        BinaryRangeEncoder encoder = new(destination);
        for (int i = 3; i >= 0; i--)
        {
            encoder.Encode((bits >> i) & 1, 1 << 15);
        }

        LatentContexts contexts = new(latentShape, bits);
        for (int i = 0; i < symbols.Length; i++)
        {
            if (i % SymbolsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!isKnown.IsEmpty && isKnown[i])
            {
                continue;
            }

            contexts.MoveTo(symbols, i);
            int node = 1;
            for (int bit = bits - 1; bit >= 0; bit--)
            {
                int value = (symbols[i] >> bit) & 1;
                int probability = contexts.Predict(node, bit);
                encoder.Encode(value, probability);
                contexts.Update(value, probability);
                node = 2 * node + value;
            }
        }

        encoder.Finish();
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> source, TensorShape latentShape, Span<byte> symbols, CancellationToken cancellationToken = default) =>
        Decode(source, latentShape, [], symbols, cancellationToken);

    /// <summary>Decodes what is not known; the symbols that are have to be there.</summary>
    internal static void Decode(
        ReadOnlySpan<byte> source, TensorShape latentShape, ReadOnlySpan<bool> isKnown, Span<byte> symbols, CancellationToken cancellationToken)
    {
        CheckLength(symbols.Length, latentShape);
        BinaryRangeDecoder decoder = new(source);
        int bits = 0;
        for (int i = 3; i >= 0; i--)
        {
            bits = 2 * bits + decoder.Decode(1 << 15);
        }

        if (bits > MaxBits)
        {
            throw new InvalidFileException(Format, $"symbols are declared to have {bits} bits, but have {MaxBits} at most.", 0);
        }

        LatentContexts contexts = new(latentShape, bits);
        for (int i = 0; i < symbols.Length; i++)
        {
            if (i % SymbolsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!isKnown.IsEmpty && isKnown[i])
            {
                continue;
            }

            contexts.MoveTo(symbols, i);
            int node = 1;
            for (int bit = bits - 1; bit >= 0; bit--)
            {
                int probability = contexts.Predict(node, bit);
                int value = decoder.Decode(probability);
                contexts.Update(value, probability);
                node = 2 * node + value;
            }

            symbols[i] = (byte)(node - (1 << bits));
        }

        // The decoder reads four bytes ahead, zeros where the encoder left them out.
        if (source.Length > decoder.Position)
        {
            throw new InvalidFileException(
                Format, $"the {symbols.Length} symbols end before byte {decoder.Position}, but there are {source.Length} bytes.", decoder.Position);
        }
    }

    private static void CheckLength(int symbols, TensorShape latentShape)
    {
        if (!latentShape.Holds(symbols))
        {
            throw new ArgumentException($"A latent of {latentShape} has {latentShape.ExactLength} symbols, but {symbols} were given.", nameof(latentShape));
        }
    }
}
