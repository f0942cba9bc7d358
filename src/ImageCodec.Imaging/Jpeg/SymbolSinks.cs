using System.Buffers.Binary;
using System.Runtime.CompilerServices;

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
    private const int SymbolCount = 256;
    private const int WordBits = 32;

    private readonly byte[] _buffer = new byte[1 << 14];
    private int _length;

    /// <summary>By table and symbol, the code in the upper 24 bits and its length in the lower 8.</summary>
    private readonly uint[] _codes = [.. codes.SelectMany(code =>
        Enumerable.Range(0, SymbolCount).Select(symbol => ((uint)code.Code(symbol) << 8) | (uint)code.Length(symbol)))];

    /// <summary>The bits that wait, at the low end; fewer than a word between two symbols.</summary>
    private ulong _bits;
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int table, int symbol, int extra, int extraCount)
    {
        uint code = _codes[(table * SymbolCount) + symbol];
        int length = (int)(code & 0xFF);
        _bits = (((_bits << length) | (code >> 8)) << extraCount) | (uint)extra;
        _count += length + extraCount;
        if (_count >= WordBits)
        {
            PutWord();
        }
    }

    /// <summary>Fills the last byte with ones and hands all on to the stream.</summary>
    public void Finish()
    {
        const int Filling = 7;
        _bits = (_bits << Filling) | ((1 << Filling) - 1);
        _count += Filling;
        PutBytes(_count / 8);
        stream.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }

    private void PutWord()
    {
        uint word = (uint)(_bits >> (_count - WordBits));
        bool hasPrefix = ((~word - 0x01010101) & word & 0x80808080) != 0;
        if (hasPrefix)
        {
            PutBytes(WordBits / 8);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_length), word);
            _length += WordBits / 8;
            _count -= WordBits;
        }

        // The next word may take four bytes and a zero behind each, and so may the end.
        if (_length > _buffer.Length - (2 * 2 * WordBits / 8))
        {
            stream.Write(_buffer.AsSpan(0, _length));
            _length = 0;
        }
    }

    private void PutBytes(int bytes)
    {
        for (int i = 0; i < bytes; i++)
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
    }
}
