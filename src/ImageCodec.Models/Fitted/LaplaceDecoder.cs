using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageCodec.Models.Fitted;

/// <summary>
/// Decodes what <see cref="LaplaceCoder"/> coded. Bits are those of <see cref="Entropy.Context.BinaryRangeDecoder"/>; this one fetches four bytes at a time and
/// keeps what it needs in registers while it goes along a wave.
/// </summary>
internal unsafe ref struct LaplaceDecoder
{
    /// <summary>Below this, the range takes in another byte.</summary>
    private const uint LeastRange = 1 << 24;

    private readonly ReadOnlySpan<byte> _source;
    private uint _range;

    // With bits fetched in advance: below range · 2^extra.
    private ulong _code;
    private int _extra;
    private int _fetched;

    public LaplaceDecoder(ReadOnlySpan<byte> source)
    {
        _source = source;
        _range = uint.MaxValue;
        _code = Fetch();
    }

    /// <summary>How many bytes have been asked for.</summary>
    public readonly int Position => _fetched - _extra / 8;

    /// <summary>Decodes a number whose bits are as likely as not, from the highest.</summary>
    public int DecodePlain(int bits)
    {
        int number = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            number = 2 * number + DecodeEven(LaplaceTables.Half);
        }

        return number;
    }

    /// <summary>Decodes a value.</summary>
    /// <exception cref="InvalidFileException">It lies beyond ±511.</exception>
    public int Decode(int mean, int fraction, int scale)
    {
        int row = LaplaceTables.Row(fraction, scale);
        return Decode(LaplaceTables.Other[row]) ? DecodeOther(mean, row) : mean;
    }

    /// <summary>Decodes the values of a wave.</summary>
    /// <param name="means">The means' whole parts, at the places of the rows.</param>
    /// <param name="rows">Where fractions and scales stand in the tables, likewise.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last one.</param>
    /// <param name="wave">Receives the values, shifted by <paramref name="shift"/>.</param>
    /// <param name="shift">By how many bits.</param>
    /// <param name="to">Receives the value of the first row.</param>
    /// <param name="step">From there to that of the next row.</param>
    /// <exception cref="InvalidFileException">A value lies beyond ±511.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void DecodeWave(short* means, short* rows, int first, int end, short* wave, int shift, short* to, nint step)
    {
        (uint range, ulong code, int extra) = (_range, _code, _extra);
        fixed (ushort* other = LaplaceTables.Other)
        {
            for (int y = first; y < end; y++)
            {
                int row = rows[y];
                int value = means[y];
                uint bound = (range >> 16) * other[row];
                ulong border = (ulong)bound << extra;
                if (code >= border)
                {
                    code -= border;
                    range -= bound;
                    if (range < LeastRange)
                    {
                        (_range, _code, _extra) = (range, code, extra);
                        Renew();
                        (range, code, extra) = (_range, _code, _extra);
                    }
                }
                else
                {
                    (_range, _code, _extra) = (bound, code, extra);
                    value = DecodeOther(value, row);
                    (range, code, extra) = (_range, _code, _extra);
                }

                wave[y] = (short)(value << shift);
                *to = (short)value;
                to += step;
            }
        }

        (_range, _code, _extra) = (range, code, extra);
    }

    /// <summary>Decodes the rest of a value that is not the mean's whole part; the range need not have been renewed after that was said.</summary>
    /// <exception cref="InvalidFileException">It lies beyond ±511.</exception>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private int DecodeOther(int mean, int row)
    {
        Renew();

        // All bits set for a value below.
        int below = DecodeEven(LaplaceTables.Above[row]) - 1;
        int scale = row / LaplaceTables.Fractions;
        int lowBits = LaplaceTables.LowBits(scale);
        ReadOnlySpan<ushort> digits = LaplaceTables.Distance.AsSpan(scale * LaplaceTables.Digits, LaplaceTables.Digits);
        int n = 0;
        for (int digit = lowBits - 1; digit >= 0; digit--)
        {
            n = 2 * n + DecodeEven(digits[digit]);
        }

        int largest = LaplaceTables.MaxValue - 1 - ((mean ^ below) - below);
        int goesOn = digits[lowBits];
        while (n <= largest && Decode(goesOn))
        {
            n += 1 << lowBits;
        }

        return n <= largest ? mean + (((n + 1) ^ below) - below) : throw FittedBody.Damaged("a value is out of range.");
    }

    /// <summary>Decodes a bit that can mostly be foretold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Decode(int probability)
    {
        uint bound = (_range >> 16) * (uint)probability;
        ulong border = (ulong)bound << _extra;
        bool isOne = _code < border;
        if (isOne)
        {
            _range = bound;
        }
        else
        {
            _code -= border;
            _range -= bound;
        }

        Renew();
        return isOne;
    }

    /// <summary>Decodes a bit that nothing foretells, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int DecodeEven(int probability)
    {
        uint bound = (_range >> 16) * (uint)probability;
        long border = (long)((ulong)bound << _extra);
        long rest = (long)_code - border;

        // All bits set for a 1.
        long mask = rest >> 63;
        _code = (ulong)(rest + (border & mask));
        _range = (bound & (uint)mask) + ((_range - bound) & ~(uint)mask);
        Renew();
        return -(int)mask;
    }

    /// <summary>Makes the range at least <see cref="LeastRange"/> again; it takes in two bytes at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Renew()
    {
        int lost = BitOperations.LeadingZeroCount(_range) & 24;
        if (_extra < lost)
        {
            _code = (_code << 32) | Fetch();
            _extra += 32;
        }

        _extra -= lost;
        _range <<= lost;
    }

    /// <summary>Four bytes, the first one highest; zeros past the end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Fetch()
    {
        int position = _fetched;
        _fetched += 4;
        if (position <= _source.Length - 4)
        {
            return BinaryPrimitives.ReadUInt32BigEndian(_source[position..]);
        }

        uint bytes = 0;
        for (int i = 0; i < 4; i++)
        {
            bytes = (bytes << 8) | (position + i < _source.Length ? _source[position + i] : 0u);
        }

        return bytes;
    }
}
