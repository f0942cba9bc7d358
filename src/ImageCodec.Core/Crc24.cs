namespace ImageCodec;

/// <summary>
/// The 24-bit cyclic redundancy check of RFC 9580 (polynomial 0x864CFB, start 0xB704CE): finds every change of up to 24 bits in a
/// row, and any other with odds of one in 16.7 million to miss it. The result is complemented: left as it is, the check of data
/// with their own check behind them would be zero, and zeros appended to a file, or cut from it, would go unseen.
/// </summary>
internal static class Crc24
{
    public const int Length = 3;

    private static readonly int[] Table = CreateTable();

    public static int Compute(ReadOnlySpan<byte> data)
    {
        int crc = 0xB704CE;
        foreach (byte value in data)
        {
            crc = ((crc << 8) & 0xFFFFFF) ^ Table[(crc >> 16) ^ value];
        }

        return crc ^ 0xFFFFFF;
    }

    private static int[] CreateTable()
    {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++)
        {
            int crc = i << 16;
            for (int bit = 0; bit < 8; bit++)
            {
                crc <<= 1;
                if ((crc & 0x1000000) != 0)
                {
                    crc ^= 0x1864CFB;
                }
            }

            table[i] = crc;
        }

        return table;
    }
}
