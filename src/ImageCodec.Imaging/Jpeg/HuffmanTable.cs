namespace ImageCodec.Imaging.Jpeg;

/// <summary>A Huffman code of a JPEG file, made ready for decoding.</summary>
internal sealed class HuffmanTable
{
    public const int MaxCodeLength = 16;

    /// <summary>Codes up to this length, nearly all that occur, are found in one look.</summary>
    private const int LookupBits = 9;

    private const int LookupLength = 1 << LookupBits;

    /// <summary>For each beginning: the code's length times 256, and its symbol; 0 where the code is longer or there is none.</summary>
    private readonly ushort[] _lookup = new ushort[LookupLength];

    /// <summary>At [n], the first 16-bit number behind those that begin with a code of n bits or fewer.</summary>
    private readonly int[] _limits = new int[MaxCodeLength + 1];

    /// <summary>At [n], what a code of n bits lacks to be its symbol's index.</summary>
    private readonly int[] _offsets = new int[MaxCodeLength + 1];

    private readonly byte[] _symbols;

    /// <summary>Makes a code as Annex C does: in the order of the symbols, codes of one length follow each other.</summary>
    /// <param name="counts">How many codes have 1, 2, … 16 bits.</param>
    /// <param name="symbols">As many symbols, 256 at most.</param>
    /// <param name="offset">Where the table is, for the error.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols, int offset)
    {
        _symbols = symbols.ToArray();
        int code = 0;
        int index = 0;
        for (int length = 1; length <= MaxCodeLength; length++)
        {
            int count = counts[length - 1];
            _offsets[length] = index - code;
            if (code + count > 1 << length)
            {
                throw JpegFormat.Invalid($"The Huffman table has more codes of {length} bits than there can be.", offset);
            }

            if (length <= LookupBits)
            {
                int spread = LookupBits - length;
                for (int i = 0; i < count; i++)
                {
                    _lookup.AsSpan((code + i) << spread, 1 << spread).Fill((ushort)((length << 8) | symbols[index + i]));
                }
            }

            code += count;
            index += count;
            _limits[length] = code << (MaxCodeLength - length);
            code <<= 1;
        }
    }

    /// <summary>The largest symbol.</summary>
    public int MaxSymbol => _symbols.Length == 0 ? 0 : _symbols.Max();

    /// <summary>Reads a symbol; 15 bits behind it are ready then.</summary>
    public int Read(ref BitReader bits)
    {
        bits.Fill();
        int found = _lookup[bits.Peek(LookupBits)];
        if (found == 0)
        {
            return ReadLong(ref bits);
        }

        bits.Skip(found >> 8);
        return found & 0xFF;
    }

    private int ReadLong(ref BitReader bits)
    {
        int next = bits.Peek(MaxCodeLength);
        for (int length = LookupBits + 1; length <= MaxCodeLength; length++)
        {
            if (next < _limits[length])
            {
                bits.Skip(length);
                return _symbols[_offsets[length] + (next >> (MaxCodeLength - length))];
            }
        }

        bits.Report(
            bits.NearEnd ? "The data of a scan ends before its last block, or with bits that are no Huffman code." : "A scan has bits that are no code of its Huffman table.");
        bits.Skip(MaxCodeLength + 1);
        return 0;
    }
}
