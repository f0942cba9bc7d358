using System.Buffers.Binary;

namespace ImageCodec.Imaging.Png;

/// <summary>The CRC of PNG chunks (polynomial 0x04C11DB7, reflected), eight bytes a step.</summary>
internal struct Crc32
{
    private const int Slices = 8;
    private const uint ReflectedPolynomial = 0xEDB88320;

    /// <summary>Table k, at [256 · k], says what a byte does to the CRC with k zero bytes after it.</summary>
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The register with all bits inverted, so that a new one is ready to use.</summary>
    private uint _inverted;

    public readonly uint Value => _inverted;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        Crc32 crc = default;
        crc.Add(data);
        return crc.Value;
    }

    public void Add(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> tables = Tables;
        uint crc = ~_inverted;
        while (data.Length >= Slices)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = tables[0x700 + (int)(low & 0xFF)] ^ tables[0x600 + (int)((low >> 8) & 0xFF)]
                ^ tables[0x500 + (int)((low >> 16) & 0xFF)] ^ tables[0x400 + (int)(low >> 24)]
                ^ tables[0x300 + (int)(high & 0xFF)] ^ tables[0x200 + (int)((high >> 8) & 0xFF)]
                ^ tables[0x100 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
            data = data[Slices..];
        }

        foreach (byte b in data)
        {
            crc = tables[(int)((crc ^ b) & 0xFF)] ^ (crc >> 8);
        }

        _inverted = ~crc;
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[256 * Slices];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? ReflectedPolynomial ^ (crc >> 1) : crc >> 1;
            }

            tables[value] = crc;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint before = tables[i - 256];
            tables[i] = tables[before & 0xFF] ^ (before >> 8);
        }

        return tables;
    }
}
