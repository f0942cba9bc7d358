using System.Buffers;

namespace ImageCodec.Entropy.Context;

/// <summary>
/// A binary range encoder with carry (after Martin, 1979): 32 bits of range, probabilities of 16 bits. It ends with the fewest
/// bytes that still tell the last interval, mostly one.
/// </summary>
internal ref struct BinaryRangeEncoder : IBitCoder
{
    /// <summary>Bits of a probability.</summary>
    public const int ProbabilityBits = 16;

    private readonly IBufferWriter<byte> _destination;
    private ulong _low;
    private uint _range;

    // Bytes that wait for a carry: one of any value, then so many of 0xFF.
    private int _waiting;
    private byte _first;
    private bool _started;

    // Zero bytes at the end need not be written, since the decoder reads zeros there.
    private int _zeros;

    public BinaryRangeEncoder(IBufferWriter<byte> destination)
    {
        _destination = destination;
        _range = uint.MaxValue;
    }

    /// <summary>Codes one bit.</summary>
    /// <param name="bit">0 or 1.</param>
    /// <param name="probability">The probability of 1, 1 … 65535 of 65536.</param>
    public void Encode(int bit, int probability)
    {
        uint bound = (_range >> ProbabilityBits) * (uint)probability;
        if (bit != 0)
        {
            _range = bound;
        }
        else
        {
            _low += bound;
            _range -= bound;
        }

        while (_range < 1u << 24)
        {
            _range <<= 8;
            ShiftLow();
        }
    }

    /// <inheritdoc/>
    public int Code(int bit, int probability)
    {
        Encode(bit, probability);
        return bit;
    }

    /// <summary>Writes what tells the interval that is left.</summary>
    public void Finish()
    {
        // The number in the interval with the most zeros at its end.
        for (int bits = 32; bits > 0; bits -= 8)
        {
            ulong mask = (1UL << bits) - 1;
            ulong candidate = (_low + mask) & ~mask;
            if (candidate < _low + _range)
            {
                _low = candidate;
                break;
            }
        }

        for (int i = 0; i < 5; i++)
        {
            ShiftLow();
        }
    }

    private void ShiftLow()
    {
        bool carry = _low > uint.MaxValue;
        if ((uint)_low < 0xFF000000 || carry)
        {
            if (_started)
            {
                Put((byte)(_first + (carry ? 1 : 0)));
            }

            for (; _waiting > 0; _waiting--)
            {
                Put((byte)(carry ? 0x00 : 0xFF));
            }

            _started = true;
            _first = (byte)(_low >> 24);
        }
        else
        {
            _waiting++;
        }

        _low = (_low << 8) & 0xFFFFFFFF;
    }

    private void Put(byte value)
    {
        if (value == 0)
        {
            _zeros++;
            return;
        }

        Span<byte> span = _destination.GetSpan(_zeros + 1);
        span[.._zeros].Clear();
        span[_zeros] = value;
        _destination.Advance(_zeros + 1);
        _zeros = 0;
    }
}
