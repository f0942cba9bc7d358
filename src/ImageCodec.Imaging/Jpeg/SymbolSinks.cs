namespace ImageCodec.Imaging.Jpeg;

/// <summary>Takes the symbols of a scan, so that counting and writing cannot drift apart.</summary>
internal interface ISymbolSink
{
    /// <summary>Takes a symbol of a Huffman table and the bits that follow it as they are.</summary>
    void Put(int table, int symbol, int extra, int extraCount);
}

/// <summary>Counts symbols.</summary>
internal readonly struct SymbolCounter(int tables) : ISymbolSink
{
    private const int SymbolCount = 256;

    private readonly long[] _counts = new long[tables * SymbolCount];

    public ReadOnlySpan<long> Counts(int table) => _counts.AsSpan(table * SymbolCount, SymbolCount);

    public void Put(int table, int symbol, int extra, int extraCount) => _counts[(table * SymbolCount) + symbol]++;
}

/// <summary>Writes symbols in their codes.</summary>
internal struct SymbolWriter(Stream stream, HuffmanCode[] codes) : ISymbolSink
{
    private readonly byte[] _buffer = new byte[1 << 14];
    private int _length;

    /// <summary>The bits that wait for their byte to be full, at the low end.</summary>
    private ulong _bits;
    private int _count;

    public void Put(int table, int symbol, int extra, int extraCount)
    {
        HuffmanCode code = codes[table];
        _bits = (((_bits << code.Length(symbol)) | (uint)code.Code(symbol)) << extraCount) | (uint)extra;
        _count += code.Length(symbol) + extraCount;
        Flush();
    }

    /// <summary>Fills the last byte with ones and hands all on to the stream.</summary>
    public void Finish()
    {
        const int Filling = 7;
        _bits = (_bits << Filling) | ((1 << Filling) - 1);
        _count += Filling;
        Flush();
        stream.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }

    private void Flush()
    {
        while (_count >= 8)
        {
            _count -= 8;
            byte value = (byte)(_bits >> _count);
            _buffer[_length++] = value;
            if (value == Marker.Prefix)
            {
                // So that it is no marker.
                _buffer[_length++] = 0;
            }
        }

        // A symbol with its bits makes at most five bytes, each maybe followed by a zero.
        if (_length > _buffer.Length - 10)
        {
            stream.Write(_buffer.AsSpan(0, _length));
            _length = 0;
        }
    }
}
