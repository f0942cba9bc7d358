using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy.Adaptive;

/// <summary>The encoding side of the adaptive coder, fed in pieces. It writes the most significant bit of a byte first.</summary>
/// <remarks>
/// The format is told with one bit put at a time and a number of «outstanding» bits whose value a later carry decides.
/// Those bits, whichever way they come out, are the binary digits of one exact number: the sum of all the amounts added to low,
/// each at the scale of its time. So low is kept here with 16 to 23 more digits above its 16-bit window, shifts by all places at
/// once, and hands over whole bytes without a branch. A carry out of those digits, about one symbol in 2^16, is added to
/// the bytes already written.
/// </remarks>
internal unsafe struct AdaptiveEncoder
{
    /// <summary>No symbol takes more digits: its part of a range of at least 2^14 is at least 1.</summary>
    public const int MaxBitsPerSymbol = 14;

    private const int WindowBits = 16;

    /// <summary>The window, and enough digits above it to make a carry out of them rare.</summary>
    private const int StayingDigits = WindowBits + 16;

    private readonly AdaptiveModel _model;
    private int _total;
    private uint _range;
    private ulong _low;

    /// <summary>The digits of low, the window included.</summary>
    private int _digits;

    /// <summary>Starts a stream.</summary>
    /// <param name="modelMemory">Memory of <see cref="AdaptiveModel.MemorySize"/> bytes that outlives the encoder.</param>
    public AdaptiveEncoder(byte* modelMemory)
    {
        _model = new AdaptiveModel(modelMemory);
        _total = AdaptiveModel.SymbolCount;
        _range = (1 << 15) - 2;
        _digits = WindowBits;
    }

    /// <summary>The stream ends with these symbols, so that its last digits need not be exact.</summary>
    public static ReadOnlySpan<byte> ClosingSymbols => [0, 1, 0, 1];

    /// <summary>
    /// Room for the encoding of so many symbols and the end of the stream: their digits, up to 23 of earlier ones, the 3 last ones, 7 of
    /// padding, and the 8 bytes that are stored at once.
    /// </summary>
    public static long GetBound(int symbolCount)
        => (MaxBitsPerSymbol * ((long)symbolCount + ClosingSymbols.Length) / 8) + 13;

    /// <summary>Codes symbols.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="buffer">
    /// The bytes of the stream that a carry can still change, then room for at least <see cref="GetBound"/> bytes.
    /// </param>
    /// <param name="written">The bytes there before.</param>
    /// <returns>The bytes there after.</returns>
    public int Encode(ReadOnlySpan<byte> symbols, Span<byte> buffer, int written)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length - written, GetBound(symbols.Length), nameof(buffer));
        fixed (byte* first = symbols, output = buffer)
        fixed (ulong* reciprocals = Reciprocals.Table)
        {
            return (int)(EncodeCore(first, symbols.Length, output + written, reciprocals) - output);
        }
    }

    /// <summary>Ends the stream; the parameters are those of <see cref="Encode"/>.</summary>
    public int Finish(Span<byte> buffer, int written)
    {
        written = Encode(ClosingSymbols, buffer, written);

        // The two upper digits of the window, then a one; 26 digits at most.
        int digits = _digits - WindowBits + 3;
        ulong last = (((_low >> (WindowBits - 2)) << 1) | 1) << (64 - digits);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[written..], last);
        return written + ((digits + 7) / 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* EncodeCore(byte* symbols, int count, byte* output, ulong* reciprocals)
    {
        AdaptiveModel model = _model;
        uint range = _range;
        ulong low = _low;
        int digits = _digits;
        for (byte* last = symbols + count; symbols < last;)
        {
            ulong* reciprocal = reciprocals + _total;
            int run = (int)Math.Min(last - symbols, AdaptiveModel.GetRoom(_total));
            Vector512<int> groupSums = Vector512.IsHardwareAccelerated ? Vector512.Load(model.GroupSums) : default;
            for (byte* end = symbols + run; symbols < end; symbols++)
            {
                nuint symbol = *symbols;
                ulong scaled = range * *reciprocal++;
                low += (scaled * (uint)model.SumBelow(symbol)) >> Reciprocals.Shift;
                ulong part = scaled * (uint)model.Counts[symbol];
                model.Add(symbol, ref groupSums);
                if (low >> digits != 0)
                {
                    Carry(output);
                    low &= (1UL << digits) - 1;
                }

                int shift = BitOperations.LeadingZeroCount(part);
                range = (uint)(part >> Reciprocals.Shift) << shift;
                low <<= shift;
                digits += shift;

                // Whole bytes above the digits that stay come first in this word; what follows them is written again later.
                Unsafe.WriteUnaligned(output, BigEndian(low << -digits));
                int ready = digits - StayingDigits;
                ready &= ~(ready >> 31) & ~7;
                output += ready >> 3;
                digits -= ready;
                low &= (1UL << digits) - 1;
            }

            _total = _model.GetSettledTotal(_total + run);
        }

        _range = range;
        _low = low;
        _digits = digits;
        return output;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BigEndian(ulong x) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(x) : x;

    /// <summary>Adds one to the number that ends here. The whole stream is below 1, so that a byte below 255 comes before the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(byte* end)
    {
        do
        {
            end--;
        }
        while (++*end == 0);
    }
}
