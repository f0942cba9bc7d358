using System.Buffers.Binary;

namespace ImageCodec.Imaging.Png;

/// <summary>Walks over the chunks of a PNG file and checks each one's frame: length, type and CRC.</summary>
/// <param name="file">The file.</param>
/// <param name="offset">Where a chunk begins.</param>
/// <param name="isTolerant">Whether image data may be cut short.</param>
internal ref struct ChunkReader(ReadOnlySpan<byte> file, int offset, bool isTolerant)
{
    /// <summary>The length and type before the data.</summary>
    private const int HeadLength = 8;

    private const int CrcLength = 4;

    private readonly ReadOnlySpan<byte> _file = file;
    private int _offset = offset;

    /// <summary>The type of the next chunk, without reading it; 0 at the end of the file.</summary>
    public readonly uint NextType() => _file.Length - _offset >= HeadLength ? BinaryPrimitives.ReadUInt32BigEndian(_file[(_offset + 4)..]) : 0;

    public Chunk Read()
    {
        ReadOnlySpan<byte> rest = _file[_offset..];
        if (rest.IsEmpty)
        {
            throw PngFormat.Invalid("The file ends where another chunk was expected; the last one must be IEND.", _offset);
        }

        if (rest.Length < HeadLength)
        {
            throw PngFormat.Invalid($"The file ends inside the head of a chunk, {HeadLength - rest.Length} bytes early.", _offset);
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        uint type = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        foreach (byte letter in rest[4..HeadLength])
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw PngFormat.Invalid($"A chunk type is 0x{type:X8}, which is not four letters.", _offset + 4);
            }
        }

        string name = PngFormat.TypeName(type);
        if (isTolerant && type == PngFormat.Idat && length > rest.Length - HeadLength - CrcLength)
        {
            int start = _offset + HeadLength;
            _offset = _file.Length;
            return new Chunk(type, rest.Slice(HeadLength, (int)Math.Min(length, (uint)(rest.Length - HeadLength))), start, null);
        }

        if (length > rest.Length - HeadLength - CrcLength)
        {
            throw PngFormat.Invalid(
                $"The chunk {name} declares {length} bytes of data and has a CRC of {CrcLength}, but only {rest.Length - HeadLength} bytes follow.", _offset);
        }

        int end = HeadLength + (int)length;
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(rest[end..]);
        uint computed = Crc32.Of(rest[4..end]);
        InvalidFileException? damage = stored == computed
            ? null
            : PngFormat.Invalid($"The chunk {name} is damaged: its CRC is 0x{stored:X8}, that of its bytes 0x{computed:X8}.", _offset);
        Chunk chunk = new(type, rest[HeadLength..end], _offset + HeadLength, damage);
        _offset += end + CrcLength;
        return chunk;
    }
}
