using System.Buffers.Binary;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Walks over the markers of a JPEG file and the segments that follow some of them.</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> file, int position)
{
    private readonly ReadOnlySpan<byte> _file = file;

    /// <summary>The next byte to be read.</summary>
    public int Position { get; set; } = position;

    public readonly int Remaining => _file.Length - Position;

    /// <summary>Reads a marker, and any number of bytes 0xFF before it, which may fill up a file.</summary>
    public byte ReadMarker()
    {
        int start = Position;
        int at = start;
        while (at < _file.Length && _file[at] == Marker.Prefix)
        {
            at++;
        }

        if (at >= _file.Length)
        {
            throw JpegFormat.Invalid("The file ends where a marker was expected; at least the end marker (FFD9) is missing.", start);
        }

        if (at == start || _file[at] == 0)
        {
            throw JpegFormat.Invalid($"A marker (FF and a byte other than 00) was expected, but {_file[start]:X2}{(at > start ? "00" : "")} is here.", start);
        }

        Position = at + 1;
        return _file[at];
    }

    /// <summary>Reads a segment, whose first two bytes are its length with themselves.</summary>
    public ReadOnlySpan<byte> ReadSegment(byte marker, out int offset)
    {
        offset = Position + 2;
        int length = Remaining < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_file[Position..]);
        if (Remaining < 2 || length > Remaining)
        {
            throw JpegFormat.Invalid($"The segment FF{marker:X2} needs {Math.Max(2, length)} bytes, but the file ends {Remaining} bytes behind its marker.", Position);
        }

        if (length < 2)
        {
            throw JpegFormat.Invalid($"The segment FF{marker:X2} says that it has {length} bytes, but its length alone takes 2.", Position);
        }

        Position += length;
        return _file[offset..Position];
    }
}
