using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ImageCodec.Imaging.Tests.Png;

/// <summary>Puts PNG files together piece by piece, right ones and wrong ones, with a CRC of its own.</summary>
internal sealed class PngBuilder
{
    private readonly List<byte> _file = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A sound 2×2 RGB picture up to, not including, IDAT.</summary>
    public static PngBuilder Small() => new PngBuilder().Header(2, 2, 8, 2);

    /// <summary>The rows of that picture, compressed.</summary>
    public static byte[] SmallRows() => Deflate([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12]);

    public static byte[] Deflate(byte[] rows, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, level))
        {
            zlib.Write(rows);
        }

        return stream.ToArray();
    }

    public PngBuilder Header(uint width, uint height, byte depth, byte colorType, byte compression = 0, byte filter = 0, byte interlace = 0)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(data, width);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[10], data[11], data[12]) = (depth, colorType, compression, filter, interlace);
        return Chunk("IHDR", data);
    }

    public PngBuilder Chunk(string type, params byte[] data)
    {
        byte[] typeAndData = [.. Encoding.Latin1.GetBytes(type), .. data];
        uint crc = uint.MaxValue;
        foreach (byte b in typeAndData)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 * (crc & 1));
            }
        }

        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        _file.AddRange(number);
        _file.AddRange(typeAndData);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        _file.AddRange(number);
        return this;
    }

    public byte[] End() => Chunk("IEND").Build();

    public byte[] Build() => [.. _file];
}
