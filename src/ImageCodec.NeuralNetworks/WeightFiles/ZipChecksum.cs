namespace ImageCodec.NeuralNetworks;

/// <summary>The CRC-32 of zip entries (reflected polynomial 0xEDB88320, start and final inversion).</summary>
internal static class ZipChecksum
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = (crc >> 8) ^ table[(byte)crc ^ value];
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint entry = i;
            for (int bit = 0; bit < 8; bit++)
            {
                entry = (entry >> 1) ^ ((entry & 1) * 0xEDB88320u);
            }

            table[i] = entry;
        }

        return table;
    }
}
