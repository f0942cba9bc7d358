using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy;

/// <summary>The encoding side of the adaptive coder, fed in pieces.</summary>
/// <remarks>
/// The format is told with one bit put at a time and a number of «outstanding» bits whose value a later carry decides.
/// Those bits, whichever way they come out, are the binary digits of one exact number: the sum of all the amounts added to low,
/// each at the scale of its time. So low is kept here with up to 32 undecided digits above its 16-bit window, shifts by all
/// places at once, and hands over words of 32 digits. A carry out of a word already handed over is met as in other range coders:
/// the last word that a carry could change waits, together with a number of words of all ones behind it.
/// </remarks>
internal unsafe ref struct AdaptiveEncoder
{
    /// <summary>No symbol takes more digits: its part of a range of at least 2^14 is at least 1.</summary>
    public const int MaxBitsPerSymbol = 14;

    /// <summary>The stream ends with these symbols, so that its last digits need not be exact.</summary>
    public static ReadOnlySpan<byte> ClosingSymbols => [0, 1, 0, 1];

    private const uint Ones = uint.MaxValue;

    private readonly AdaptiveModel _model;
    private int _total;
    private uint _range;
    private ulong _low;
    private int _undecided;
    private uint _waiting;
    private bool _isWaiting;
    private long _onesBehind;

    /// <summary>Starts a stream.</summary>
    /// <param name="modelMemory">Memory of <see cref="AdaptiveModel.MemorySize"/> bytes that outlives the encoder.</param>
    public AdaptiveEncoder(byte* modelMemory)
    {
        _model = new AdaptiveModel(modelMemory);
        _total = AdaptiveModel.SymbolCount;
        _range = (1 << 15) - 2;
    }

    /// <summary>The most bytes that <see cref="Encode"/> of so many symbols and then <see cref="Finish"/> can write from here.</summary>
    public readonly long GetBound(int symbolCount)
        => GetWholeBound(symbolCount) + (sizeof(uint) * _onesBehind);

    /// <summary>
    /// The most bytes of a stream of so many symbols. The 12 are 31 undecided digits, the 3 last ones and 7 of padding, and a waiting word.
    /// </summary>
    public static long GetWholeBound(int symbolCount)
        => (MaxBitsPerSymbol * ((long)symbolCount + ClosingSymbols.Length) / 8) + 12;

    /// <summary>Codes symbols.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="destination">Room for at least <see cref="GetBound(int)"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public int Encode(ReadOnlySpan<byte> symbols, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, GetBound(symbols.Length));
        fixed (byte* first = symbols, output = destination)
        fixed (ulong* reciprocals = Reciprocals.Table)
        {
            return (int)(EncodeCore(first, symbols.Length, output, reciprocals) - output);
        }
    }

    private byte* EncodeCore(byte* symbols, int count, byte* output, ulong* reciprocals)
    {
        AdaptiveModel model = _model;
        int total = _total;
        uint range = _range;
        ulong low = _low;
        int undecided = _undecided;
        for (byte* end = symbols + count; symbols < end; symbols++)
        {
            int symbol = *symbols;
            ulong scaled = range * reciprocals[total];
            low += (scaled * (uint)model.SumBelow(symbol)) >> Reciprocals.Shift;
            range = (uint)((scaled * (uint)model.Counts[symbol]) >> Reciprocals.Shift);
            total = model.Add(symbol, total);

            // Range is between 1 and 2^15 - 1 here and must come to 2^14 at least.
            int shift = BitOperations.LeadingZeroCount(range) - 17;
            shift = Math.Max(shift, 0);
            range <<= shift;
            low <<= shift;
            undecided += shift;
            if (undecided >= 32)
            {
                undecided -= 32;
                output = HandOver(low >> (undecided + 16), output);
                low &= (1UL << (undecided + 16)) - 1;
            }
        }

        _total = total;
        _range = range;
        _low = low;
        _undecided = undecided;
        return output;
    }

    /// <summary>Takes 32 digits and, as bit 32, a carry into those before.</summary>
    private byte* HandOver(ulong word, byte* output)
    {
        if (word == Ones && _isWaiting)
        {
            _onesBehind++;
            return output;
        }

        output = Settle((uint)(word >> 32), output);
        _waiting = (uint)word;
        _isWaiting = true;
        return output;
    }

    /// <summary>Writes the waiting words, now that the carry into them is known.</summary>
    private byte* Settle(uint carry, byte* output)
    {
        if (_isWaiting)
        {
            output = Write(_waiting + carry, output);
            for (; _onesBehind > 0; _onesBehind--)
            {
                output = Write(Ones + carry, output);
            }

            _isWaiting = false;
        }

        return output;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Write(uint word, byte* output)
    {
        word = BitOrder.Reverse(word);
        Unsafe.WriteUnaligned(output, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        return output + sizeof(uint);
    }

    /// <summary>Ends the stream.</summary>
    /// <param name="destination">Room for at least <see cref="GetBound(int)"/> bytes of no symbol.</param>
    /// <returns>The number of bytes written.</returns>
    public int Finish(Span<byte> destination)
    {
        int written = Encode(ClosingSymbols, destination);

        // The two upper digits of the window, then a one; 34 digits at most, here as the upper ones of 40.
        int digits = _undecided + 3;
        ulong last = (((_low >> 14) << 1) | 1) << (40 - digits);
        fixed (byte* output = destination)
        {
            written = (int)(Settle((uint)(last >> 40), output + written) - output);
        }

        Span<byte> rest = destination[written..];
        uint upper = BitOrder.Reverse((uint)(last >> 8));
        int length = (digits + 7) / 8;
        for (int i = 0; i < length; i++)
        {
            rest[i] = i < 4 ? (byte)(upper >> (8 * i)) : (byte)(BitOrder.Reverse((uint)last << 24) & 0xFF);
        }

        return written + length;
    }
}
