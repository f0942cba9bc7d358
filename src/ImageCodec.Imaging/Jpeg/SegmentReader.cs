using System.Buffers.Binary;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Walks over the markers of a JPEG file and the segments that follow some of them.</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> file, int position)
{
    private readonly ReadOnlySpan<byte> _file = file;

    /// <summary>The next byte to be read.</summary>
    public int Position { get; set; } = position;

    /// <summary>Bytes were passed over that belong to no segment.</summary>
    public bool HasSkipped { get; private set; }

    /// <summary>How the file ends, where it does so before its end marker.</summary>
    public InvalidFileException? Cut { get; private set; }

    private readonly int Remaining => _file.Length - Position;

    /// <summary>Finds the next marker, or the end of the file.</summary>
    public static int FindMarker(ReadOnlySpan<byte> file, int at)
    {
        while (true)
        {
            int found = file[at..].IndexOf(Marker.Prefix);
            if (found < 0 || at + found + 1 >= file.Length)
            {
                return file.Length;
            }

            at += found;
            if (file[at + 1] != 0)
            {
                return at;
            }

            at += 2;
        }
    }

    /// <summary>Reads a marker, and any number of bytes 0xFF before it, which may fill up a file. Other bytes before it are passed over, as all readers do.</summary>
    /// <returns>Whether there is one; else <see cref="Cut"/> is set.</returns>
    public bool TryReadMarker(out byte marker)
    {
        int start = Position;
        int at = start;
        do
        {
            int found = FindMarker(_file, at);
            HasSkipped |= found > start;
            at = found;
            while (at < _file.Length && _file[at] == Marker.Prefix)
            {
                at++;
            }

            if (at >= _file.Length)
            {
                marker = 0;
                Cut = JpegFormat.Invalid("The file ends where a marker was expected; at least the end marker (FFD9) is missing.", start);
                return false;
            }
        }
        while (_file[at] == 0);

        Position = at + 1;
        marker = _file[at];
        return true;
    }

    /// <summary>Reads a segment, whose first two bytes are its length with themselves.</summary>
    /// <returns>Whether it is there as a whole; else <see cref="Cut"/> is set.</returns>
    public bool TryReadSegment(byte marker, out ReadOnlySpan<byte> data, out int offset)
    {
        offset = Position + 2;
        data = default;
        int length = Remaining < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_file[Position..]);
        if (Remaining < 2 || length > Remaining)
        {
            Cut = JpegFormat.Invalid($"The segment FF{marker:X2} needs {Math.Max(2, length)} bytes, but the file ends {Remaining} bytes behind its marker.", Position);
            return false;
        }

        if (length < 2)
        {
            if (!Marker.IsNote(marker))
            {
                throw JpegFormat.Invalid($"The segment FF{marker:X2} says that it has {length} bytes, but its length alone takes 2.", Position);
            }

            // Whatever it has comes before the next marker.
            HasSkipped = true;
            length = 2;
        }

        Position += length;
        data = _file[offset..Position];
        return true;
    }
}
