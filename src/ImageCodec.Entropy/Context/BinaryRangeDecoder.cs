namespace ImageCodec.Entropy.Context;

/// <summary>Decodes what <see cref="BinaryRangeEncoder"/> wrote. Past the end of the bytes it reads zeros.</summary>
internal ref struct BinaryRangeDecoder : IBitCoder
{
    private readonly ReadOnlySpan<byte> _source;
    private int _position;
    private uint _code;
    private uint _range;

    public BinaryRangeDecoder(ReadOnlySpan<byte> source)
    {
        _source = source;
        _range = uint.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            _code = (_code << 8) | Next();
        }
    }

    /// <summary>How many bytes have been asked for.</summary>
    public readonly int Position => _position;

    /// <summary>Decodes one bit.</summary>
    /// <param name="probability">The probability of 1 that it was encoded with.</param>
    public int Decode(int probability)
    {
        uint bound = (_range >> BinaryRangeEncoder.ProbabilityBits) * (uint)probability;
        int bit;
        if (_code < bound)
        {
            _range = bound;
            bit = 1;
        }
        else
        {
            _code -= bound;
            _range -= bound;
            bit = 0;
        }

        while (_range < 1u << 24)
        {
            _range <<= 8;
            _code = (_code << 8) | Next();
        }

        return bit;
    }

    /// <inheritdoc/>
    public int Code(int bit, int probability) => Decode(probability);

    private uint Next()
    {
        uint next = _position < _source.Length ? _source[_position] : 0u;
        _position++;
        return next;
    }
}
