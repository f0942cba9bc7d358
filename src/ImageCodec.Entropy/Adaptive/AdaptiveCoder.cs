using System.Buffers;
using System.Runtime.CompilerServices;
using ImageCodec.Entropy.Adaptive;

namespace ImageCodec.Entropy;

/// <summary>
/// The adaptive order-0 arithmetic coder over bytes, compatible bit for bit with the native coder of the first version of this codec:
/// streams of one decode in the other.
/// </summary>
/// <remarks>
/// <para>
/// An arithmetic coder after Witten, Neal and Cleary («Arithmetic coding for data compression», 1987) with 16-bit registers. Its model
/// starts with 256 counts of 1, adds 1 to a symbol's count after coding it, and halves all counts (none below 1) when their total goes
/// above 16384. The stream does not hold the number of symbols; the reader must know it.
/// </para>
/// <para>
/// The format has no checksum, but an encoder's stream is one definite string of bytes for one string of symbols. Decoding checks the
/// whole of it: a stream is taken if and only if encoding the decoded symbols would write the same bytes, its closing symbols,
/// padding and length included. A cut, a longer or a changed stream is thus refused, unless it happens to be the encoding of other symbols
/// of the same number. That happens: the closing symbols are worth 32 bits of check after random bytes, but may be worth less than
/// 8 after a long run of zeros and ones. Where damage must be seen, keep a checksum beside the stream.
/// </para>
/// <para>The methods keep nothing between calls and are safe to use from several threads at once.</para>
/// </remarks>
public sealed class AdaptiveCoder : IEntropyCoder
{
    /// <summary>Symbols coded between two requests for room: enough to make requests rare, few enough for the caches.</summary>
    private const int PieceLength = 1 << 15;

    private const string FormatName = "adaptive stream";

    /// <summary>The largest number of symbols whose longest possible stream surely fits one array.</summary>
    public const int MaxSymbolCount = (int)(LargestArray * 8 / AdaptiveEncoder.MaxBitsPerSymbol) - 16;

    private const long LargestArray = 0x7FFFFFC7;

    private AdaptiveCoder()
    {
    }

    /// <summary>The one coder; it has no state.</summary>
    public static AdaptiveCoder Instance { get; } = new();

    /// <summary>The most bytes that so many symbols can take: floor(14 · (<paramref name="symbolCount"/> + 4) / 8) + 13.</summary>
    /// <param name="symbolCount">The number of symbols, 0 … <see cref="MaxSymbolCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public static int GetMaxEncodedLength(int symbolCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(symbolCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(symbolCount, MaxSymbolCount);
        return (int)AdaptiveEncoder.GetBound(symbolCount);
    }

    /// <summary>Codes symbols into a buffer writer, piece by piece.</summary>
    /// <param name="symbols">The symbols, any number of them.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    [SkipLocalsInit]
    public static unsafe long Encode(ReadOnlySpan<byte> symbols, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        byte* memory = stackalloc byte[AdaptiveModel.MemorySize];
        AdaptiveEncoder encoder = new(memory);
        byte[] buffer = [];
        try
        {
            long before = 0;
            int written = 0;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> piece = symbols[..Math.Min(symbols.Length, PieceLength)];
                symbols = symbols[piece.Length..];
                Grow(ref buffer, written, AdaptiveEncoder.GetBound(piece.Length));
                written = encoder.Encode(piece, buffer, written);
                if (symbols.IsEmpty)
                {
                    written = encoder.Finish(buffer, written);
                }

                // A carry can change a byte and the run of 255 behind it: these wait.
                int settled = symbols.IsEmpty ? written : Math.Max(0, buffer.AsSpan(0, written).LastIndexOfAnyExcept((byte)255));
                BitOrder.Reverse(buffer.AsSpan(0, settled), destination.GetSpan(settled));
                destination.Advance(settled);
                before += settled;
                if (symbols.IsEmpty)
                {
                    return before;
                }

                buffer.AsSpan(settled, written - settled).CopyTo(buffer);
                written -= settled;
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>Codes symbols into a span.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="destination">
    /// Receives the bytes; with <see cref="GetMaxEncodedLength"/> bytes it is always large enough.
    /// </param>
    /// <param name="written">The number of bytes written, or 0.</param>
    /// <returns>Whether the stream fits; if not, <paramref name="destination"/> is as it was.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="MaxSymbolCount"/> symbols.</exception>
    [SkipLocalsInit]
    public static unsafe bool TryEncode(ReadOnlySpan<byte> symbols, Span<byte> destination, out int written)
    {
        byte* memory = stackalloc byte[AdaptiveModel.MemorySize];
        AdaptiveEncoder encoder = new(memory);
        long bound = GetMaxEncodedLength(symbols.Length);
        byte[] buffer = [];
        try
        {
            Span<byte> room = destination;
            if (destination.Length < bound)
            {
                Grow(ref buffer, 0, bound);
                room = buffer;
            }

            written = encoder.Finish(room, encoder.Encode(symbols, room, 0));
            bool fits = written <= destination.Length;
            written = fits ? written : 0;
            BitOrder.Reverse(room[..written], destination);
            return fits;
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>Makes room behind the bytes in use.</summary>
    private static void Grow(ref byte[] buffer, int used, long room)
    {
        if (buffer.Length - used < room)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(checked((int)(used + room)));
            buffer.AsSpan(0, used).CopyTo(larger);
            Return(buffer);
            buffer = larger;
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes a stream.</summary>
    /// <param name="source">The stream, all of it and nothing else.</param>
    /// <param name="symbols">Receives the symbols; its length must be the number that was coded.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException"><paramref name="source"/> is not what encoding so many symbols writes.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> symbols, CancellationToken cancellationToken = default)
    {
        if (!TryDecode(source, symbols, cancellationToken))
        {
            throw new InvalidFileException(
                FormatName, $"these {source.Length} bytes are not the encoding of {symbols.Length} symbols; they are damaged, cut short or of another number of symbols.");
        }
    }

    /// <summary>Decodes a stream, or says that it is damaged.</summary>
    /// <param name="source">The stream, all of it and nothing else.</param>
    /// <param name="symbols">Receives the symbols; its length must be the number that was coded.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// Whether <paramref name="source"/> is what encoding so many symbols writes; if not, the contents of <paramref name="symbols"/>
    /// are not defined.
    /// </returns>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> symbols, CancellationToken cancellationToken = default) =>
        AdaptiveDecoder.TryDecode(source, symbols, cancellationToken);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> symbols, TensorShape latentShape, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        CheckLength(symbols.Length, latentShape, nameof(symbols));
        Encode(symbols, destination, cancellationToken);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> source, TensorShape latentShape, Span<byte> symbols, CancellationToken cancellationToken = default)
    {
        CheckLength(symbols.Length, latentShape, nameof(symbols));
        Decode(source, symbols, cancellationToken);
    }

    private static void CheckLength(int length, TensorShape shape, string name)
    {
        Int128 expected = (Int128)shape.Height * shape.Width * shape.Channels;
        if (length != expected)
        {
            throw new ArgumentException($"A latent of {shape} has {expected} symbols, but the span has {length}.", name);
        }
    }
}
