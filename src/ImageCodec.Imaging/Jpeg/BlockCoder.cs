using System.Numerics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Turns blocks into the symbols of a sequential scan (F.1.2).</summary>
internal static class BlockCoder
{
    private const int EndOfBlock = 0;
    private const int SixteenZeros = 0xF0;

    /// <summary>The number of the DC table of luma (0) or chroma (1), as <see cref="ISymbolSink"/> counts them; the AC table is the next.</summary>
    public static int DcTable(int kind) => 2 * kind;

    /// <summary>Puts a block.</summary>
    /// <param name="zigzag">The coefficients, in zigzag order.</param>
    /// <param name="prediction">The last block's DC coefficient, which becomes this one's.</param>
    /// <param name="kind">0 for luma, 1 for chroma.</param>
    /// <param name="sink">Where the symbols go.</param>
    public static void Put<TSink>(ReadOnlySpan<short> zigzag, ref int prediction, int kind, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        int table = DcTable(kind);
        int difference = zigzag[0] - prediction;
        prediction = zigzag[0];
        PutValue(difference, 0, table, ref sink);

        int zeros = 0;
        for (int k = 1; k < zigzag.Length; k++)
        {
            int value = zigzag[k];
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                sink.Put(table + 1, SixteenZeros, 0, 0);
            }

            PutValue(value, zeros << 4, table + 1, ref sink);
            zeros = 0;
        }

        if (zeros > 0)
        {
            sink.Put(table + 1, EndOfBlock, 0, 0);
        }
    }

    /// <summary>The symbol has the value's size in bits; the bits themselves follow, those of negative values less one.</summary>
    private static void PutValue<TSink>(int value, int run, int table, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        int size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        int bits = (value + (value >> 31)) & ((1 << size) - 1);
        sink.Put(table, run | size, bits, size);
    }
}
