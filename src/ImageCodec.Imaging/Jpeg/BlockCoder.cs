using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

        // All but the first coefficient that are other than 0, the lowest bit for the lowest number.
        ulong left = NonZero(zigzag) & ~1UL;
        int last = 0;
        while (left != 0)
        {
            int k = BitOperations.TrailingZeroCount(left);
            left &= left - 1;
            int zeros = k - last - 1;
            last = k;
            for (; zeros > 15; zeros -= 16)
            {
                sink.Put(table + 1, SixteenZeros, 0, 0);
            }

            PutValue(zigzag[k], zeros << 4, table + 1, ref sink);
        }

        if (last < zigzag.Length - 1)
        {
            sink.Put(table + 1, EndOfBlock, 0, 0);
        }
    }

    private static ulong NonZero(ReadOnlySpan<short> block)
    {
        ulong bits = 0;
        for (int i = 0; i < JpegFormat.BlockLength; i += 16)
        {
            Vector128<sbyte> values = Vector128.NarrowWithSaturation(Vector128.Create(block[i..]), Vector128.Create(block[(i + 8)..]));
            bits |= (ulong)Vector128.Equals(values, Vector128<sbyte>.Zero).ExtractMostSignificantBits() << i;
        }

        return ~bits;
    }

    /// <summary>The symbol has the value's size in bits; the bits themselves follow, those of negative values less one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutValue<TSink>(int value, int run, int table, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        int size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        int bits = (value + (value >> 31)) & ((1 << size) - 1);
        sink.Put(table, run | size, bits, size);
    }
}
