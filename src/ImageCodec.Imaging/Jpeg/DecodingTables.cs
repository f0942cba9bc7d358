using System.Buffers.Binary;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>The tables that scans refer to; later ones replace earlier ones.</summary>
internal sealed class DecodingTables
{
    public const int Count = 4;

    private readonly ushort[]?[] _quantization = new ushort[]?[Count];
    private readonly HuffmanTable?[] _dc = new HuffmanTable?[Count];
    private readonly HuffmanTable?[] _ac = new HuffmanTable?[Count];

    /// <summary>The MCUs between restart markers; 0 where there are none.</summary>
    public int RestartInterval { get; private set; }

    public ushort[] Quantization(int index, int offset) => Get(_quantization, index, "quantization", offset);

    /// <summary>Whether the standard's Huffman tables were used for want of others.</summary>
    public bool UsesStandardHuffman { get; private set; }

    /// <param name="index">The table's number.</param>
    /// <param name="mayBeStandard">Whether the standard's table is taken where none has been defined.</param>
    /// <param name="offset">Where the scan is, for the error.</param>
    public HuffmanTable Dc(int index, bool mayBeStandard, int offset)
    {
        if (mayBeStandard && index < StandardHuffman.Count && _dc[index] is null)
        {
            _dc[index] = StandardHuffman.Dc(index);
            UsesStandardHuffman = true;
        }

        return Get(_dc, index, "DC Huffman", offset);
    }

    /// <inheritdoc cref="Dc"/>
    public HuffmanTable Ac(int index, bool mayBeStandard, int offset)
    {
        if (mayBeStandard && index < StandardHuffman.Count && _ac[index] is null)
        {
            _ac[index] = StandardHuffman.Ac(index);
            UsesStandardHuffman = true;
        }

        return Get(_ac, index, "AC Huffman", offset);
    }

    /// <summary>Reads a DQT segment (B.2.4.1).</summary>
    public void DefineQuantization(ReadOnlySpan<byte> data, int offset)
    {
        while (!data.IsEmpty)
        {
            int precision = data[0] >> 4;
            int index = data[0] & 15;
            if (precision > 1 || index >= Count)
            {
                throw JpegFormat.Invalid(
                    $"A quantization table has the precision {precision} and the number {index}; there are the precisions 0 and 1 and the numbers 0 to {Count - 1}.",
                    offset);
            }

            int bytesPerStep = 1 + precision;
            int length = 1 + (JpegFormat.BlockLength * bytesPerStep);
            CheckLength("DQT", data, length, offset);
            ushort[] steps = new ushort[JpegFormat.BlockLength];
            for (int i = 0; i < steps.Length; i++)
            {
                int at = 1 + (bytesPerStep * i);

                // A step of 0 is none, but all readers take it: what it is for is then lost.
                steps[JpegFormat.Zigzag[i]] = precision == 0 ? data[at] : BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
            }

            _quantization[index] = steps;
            data = data[length..];
            offset += length;
        }
    }

    /// <summary>Reads a DHT segment (B.2.4.2).</summary>
    public void DefineHuffman(ReadOnlySpan<byte> data, int offset)
    {
        const int HeaderLength = 1 + HuffmanTable.MaxCodeLength;
        const int MaxDcSymbol = 15;
        while (!data.IsEmpty)
        {
            int kind = data[0] >> 4;
            int index = data[0] & 15;
            if (kind > 1 || index >= Count)
            {
                throw JpegFormat.Invalid(
                    $"A Huffman table has the class {kind} and the number {index}; there are the classes 0 and 1 and the numbers 0 to {Count - 1}.", offset);
            }

            CheckLength("DHT", data, HeaderLength, offset);
            ReadOnlySpan<byte> counts = data[1..HeaderLength];
            int total = 0;
            foreach (byte count in counts)
            {
                total += count;
            }

            if (total > 256)
            {
                throw JpegFormat.Invalid($"A Huffman table has {total} codes; there are only 256 symbols.", offset);
            }

            CheckLength("DHT", data, HeaderLength + total, offset);
            HuffmanTable table = new(counts, data.Slice(HeaderLength, total), offset);
            if (kind == 0 && table.MaxSymbol > MaxDcSymbol)
            {
                throw JpegFormat.Invalid($"A DC Huffman table has the symbol {table.MaxSymbol}; a DC difference has at most {MaxDcSymbol} bits.", offset);
            }

            (kind == 0 ? _dc : _ac)[index] = table;
            data = data[(HeaderLength + total)..];
            offset += HeaderLength + total;
        }
    }

    /// <summary>Reads a DRI segment (B.2.4.4).</summary>
    public void DefineRestartInterval(ReadOnlySpan<byte> data, int offset)
    {
        if (data.Length != 2)
        {
            throw JpegFormat.Invalid($"DRI has {data.Length} bytes instead of 2.", offset);
        }

        RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(data);
    }

    private static T Get<T>(T?[] tables, int index, string kind, int offset)
        where T : class
    {
        return (index < Count ? tables[index] : null)
            ?? throw JpegFormat.Invalid($"A scan uses the {kind} table {index}, which the file has not defined so far; there are 0 to {Count - 1}.", offset);
    }

    private static void CheckLength(string segment, ReadOnlySpan<byte> data, int length, int offset)
    {
        if (data.Length < length)
        {
            throw JpegFormat.Invalid($"A table in {segment} needs {length} bytes, but the segment has {data.Length} left.", offset);
        }
    }
}
