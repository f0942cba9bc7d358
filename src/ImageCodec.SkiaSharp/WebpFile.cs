using System.Buffers.Binary;

namespace ImageCodec.Skia;

/// <summary>The chunks of a WebP file, which is a RIFF file: a name of four letters, a length, that many bytes, and one more where the length is odd.</summary>
internal static class WebpFile
{
    /// <summary>What errors call it.</summary>
    public const string Format = "WebP";

    /// <summary>The most pixels on a side.</summary>
    public const int MaxSide = 16383;

    private const int FileHeadLength = 12;
    private const int ChunkHeadLength = 8;
    private const int ExtendedLength = 10;

    private const byte HasIcc = 0x20;
    private const byte HasAlpha = 0x10;
    private const byte HasExif = 0x08;
    private const byte HasXmp = 0x04;

    public static ReadOnlySpan<byte> Icc => "ICCP"u8;

    public static ReadOnlySpan<byte> Exif => "EXIF"u8;

    public static ReadOnlySpan<byte> Xmp => "XMP "u8;

    private static ReadOnlySpan<byte> Extended => "VP8X"u8;

    /// <summary>The bytes of the first chunk of a name; none where there is none.</summary>
    /// <exception cref="InvalidFileException">The file is cut short.</exception>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> file, scoped ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = Chunks(file);
        while (rest.Length >= ChunkHeadLength)
        {
            bool isIt = rest.StartsWith(name);
            ReadOnlySpan<byte> data = Take(ref rest);
            if (isIt)
            {
                return data;
            }
        }

        return [];
    }

    /// <summary>The same file with metadata in place of those that it has.</summary>
    /// <param name="file">A file of one picture.</param>
    /// <param name="image">The picture: its size, and whether it has alpha.</param>
    /// <param name="icc">The ICC profile, or none.</param>
    /// <param name="exif">Exif, or none.</param>
    /// <param name="xmp">XMP, or none.</param>
    public static byte[] WithMetadata(ReadOnlySpan<byte> file, RgbImage image, ReadOnlySpan<byte> icc, ReadOnlySpan<byte> exif, ReadOnlySpan<byte> xmp)
    {
        using MemoryStream result = new();
        result.Write(file[..FileHeadLength]);

        // Flags, and the sides less one in three bytes each.
        Span<byte> extended = stackalloc byte[ExtendedLength];
        extended.Clear();
        extended[0] = (byte)((icc.IsEmpty ? 0 : HasIcc) | (image.HasAlpha ? HasAlpha : 0) | (exif.IsEmpty ? 0 : HasExif) | (xmp.IsEmpty ? 0 : HasXmp));
        BinaryPrimitives.WriteInt32LittleEndian(extended[4..], image.Width - 1);
        BinaryPrimitives.WriteInt16LittleEndian(extended[7..], (short)(image.Height - 1));
        WriteChunk(result, Extended, extended);
        WriteChunk(result, Icc, icc);
        for (ReadOnlySpan<byte> rest = Chunks(file); rest.Length >= ChunkHeadLength;)
        {
            ReadOnlySpan<byte> name = rest[..4];
            ReadOnlySpan<byte> data = Take(ref rest);
            if (!name.SequenceEqual(Extended) && !name.SequenceEqual(Icc))
            {
                WriteChunk(result, name, data);
            }
        }

        WriteChunk(result, Exif, exif);
        WriteChunk(result, Xmp, xmp);
        byte[] bytes = result.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - ChunkHeadLength);
        return bytes;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        file.Write(name);
        file.Write(length);
        file.Write(data);
        if (data.Length % 2 == 1)
        {
            file.WriteByte(0);
        }
    }

    /// <summary>What the file's length says is its own; what lies behind is ignored.</summary>
    private static ReadOnlySpan<byte> Chunks(ReadOnlySpan<byte> file)
    {
        long length = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + (long)ChunkHeadLength;
        return length < FileHeadLength || length > file.Length
            ? throw new InvalidFileException(Format, $"The file says that it has {length} bytes, but it has {file.Length}.", 4)
            : file[FileHeadLength..(int)length];
    }

    /// <summary>Takes a chunk off the front.</summary>
    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        ReadOnlySpan<byte> data = rest[ChunkHeadLength..];
        if (length > data.Length)
        {
            throw new InvalidFileException(Format, $"A chunk says that it has {length} bytes, but {data.Length} are left.");
        }

        // The last chunk of some writers has no byte that makes it even.
        rest = data[Math.Min((int)length + ((int)length & 1), data.Length)..];
        return data[..(int)length];
    }
}
