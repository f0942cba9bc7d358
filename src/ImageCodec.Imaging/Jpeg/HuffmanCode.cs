namespace ImageCodec.Imaging.Jpeg;

/// <summary>The best Huffman code of at most 16 bits for given frequencies, found as clause K.2 describes.</summary>
internal sealed class HuffmanCode
{
    private const int SymbolCount = 256;
    private const int MaxLength = HuffmanTable.MaxCodeLength;

    private readonly ushort[] _codes = new ushort[SymbolCount];
    private readonly byte[] _lengths = new byte[SymbolCount];

    public HuffmanCode(ReadOnlySpan<long> frequencies)
    {
        // A symbol more than there are gets one of the longest codes, the one of ones alone, which no symbol may have.
        int[] depths = Depths([.. frequencies, 1]);
        int[] counts = new int[SymbolCount + 1];
        foreach (int depth in depths)
        {
            counts[depth]++;
        }

        counts[0] = 0;
        Shorten(counts);
        counts[Array.FindLastIndex(counts, count => count > 0)]--;
        Counts = [.. counts.Skip(1).Take(MaxLength).Select(count => (byte)count)];
        Symbols = [.. Enumerable.Range(0, SymbolCount).Where(symbol => depths[symbol] > 0).OrderBy(symbol => depths[symbol]).Select(symbol => (byte)symbol)];

        int code = 0;
        int index = 0;
        for (int length = 1; length <= MaxLength; length++, code <<= 1)
        {
            for (int i = 0; i < Counts[length - 1]; i++, index++, code++)
            {
                _codes[Symbols[index]] = (ushort)code;
                _lengths[Symbols[index]] = (byte)length;
            }
        }
    }

    /// <summary>How many codes have 1, 2, … 16 bits.</summary>
    public byte[] Counts { get; }

    /// <summary>The symbols, those of shorter codes first.</summary>
    public byte[] Symbols { get; }

    public int Code(int symbol) => _codes[symbol];

    /// <summary>The bits of a symbol's code; 0 if it was not expected to occur.</summary>
    public int Length(int symbol) => _lengths[symbol];

    /// <summary>Each symbol's depth in the tree that comes of joining the two rarest again and again; of equals, the later one counts as rarer.</summary>
    private static int[] Depths(long[] frequencies)
    {
        int[] depths = new int[frequencies.Length];
        int[] next = new int[frequencies.Length];
        Array.Fill(next, -1);
        while (true)
        {
            int rarest = Rarest(frequencies, -1);
            int second = Rarest(frequencies, rarest);
            if (second < 0)
            {
                return depths;
            }

            frequencies[rarest] += frequencies[second];
            frequencies[second] = 0;

            // All symbols of both go one deeper, and become one chain.
            int end = Deepen(rarest, depths, next);
            next[end] = second;
            Deepen(second, depths, next);
        }
    }

    private static int Rarest(long[] frequencies, int except)
    {
        int found = -1;
        for (int i = 0; i < frequencies.Length; i++)
        {
            if (frequencies[i] > 0 && i != except && (found < 0 || frequencies[i] <= frequencies[found]))
            {
                found = i;
            }
        }

        return found;
    }

    private static int Deepen(int first, int[] depths, int[] next)
    {
        int last = first;
        for (int i = first; i >= 0; i = next[i])
        {
            depths[i]++;
            last = i;
        }

        return last;
    }

    /// <summary>Replaces codes that are too long: of two that differ in their last bit one loses it, and the other goes beside a shorter code, which grows by a bit.</summary>
    private static void Shorten(int[] counts)
    {
        for (int length = counts.Length - 1; length > MaxLength; length--)
        {
            while (counts[length] > 0)
            {
                int shorter = length - 2;
                while (counts[shorter] == 0)
                {
                    shorter--;
                }

                counts[length] -= 2;
                counts[length - 1]++;
                counts[shorter + 1] += 2;
                counts[shorter]--;
            }
        }
    }
}
