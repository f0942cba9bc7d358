using System.Buffers.Binary;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// How a picture is to be turned and mirrored before it is shown, as the EXIF tag Orientation says: 1 to 8, the places of row 0 and
/// column 0 of what is stored.
/// </summary>
internal readonly record struct ExifOrientation
{
    private const int Largest = 8;

    private readonly int _value;

    public ExifOrientation(int value) => _value = value is >= 1 and <= Largest ? value : 1;

    /// <summary>Nothing is to be done.</summary>
    public bool IsUpright => _value <= 1;

    /// <summary>Columns become rows.</summary>
    public bool SwapsSides => _value >= 5;

    /// <summary>Reads an APP1 segment.</summary>
    /// <returns>The orientation that it says; upright where it says none or is damaged, since a picture shall not be lost with its notes.</returns>
    public static ExifOrientation Parse(ReadOnlySpan<byte> segment)
    {
        const int DirectoryEntryLength = 12;
        const ushort OrientationTag = 0x0112;
        const ushort ShortType = 3;
        ReadOnlySpan<byte> signature = "Exif\0\0"u8;
        if (!IsExif(segment) || segment.Length < signature.Length + 8)
        {
            return default;
        }

        ReadOnlySpan<byte> tiff = segment[signature.Length..];
        bool isLittleEndian = tiff[0] == 'I';
        uint at = Read32(tiff[4..], isLittleEndian);
        if (at > tiff.Length - 2)
        {
            return default;
        }

        int count = Read16(tiff[(int)at..], isLittleEndian);
        ReadOnlySpan<byte> entries = tiff[((int)at + 2)..];
        for (; count > 0 && entries.Length >= DirectoryEntryLength; count--, entries = entries[DirectoryEntryLength..])
        {
            if (Read16(entries, isLittleEndian) == OrientationTag)
            {
                return Read16(entries[2..], isLittleEndian) == ShortType ? new ExifOrientation(Read16(entries[8..], isLittleEndian)) : default;
            }
        }

        return default;
    }

    /// <summary>An APP1 segment has EXIF, and not something else such as XMP.</summary>
    public static bool IsExif(ReadOnlySpan<byte> segment) => segment.StartsWith("Exif\0\0II"u8) || segment.StartsWith("Exif\0\0MM"u8);

    /// <summary>Puts whole rows of the stored picture where they belong.</summary>
    /// <param name="rows">The rows' pixels.</param>
    /// <param name="first">The first row.</param>
    /// <param name="width">The width of the stored picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="image">Where they go.</param>
    public void Place(ReadOnlySpan<byte> rows, int first, int width, int height, RgbImage image)
    {
        (bool fromRight, bool fromBottom) = _value switch
        {
            2 or 8 => (true, false),
            3 or 7 => (true, true),
            4 or 6 => (false, true),
            _ => (false, false),
        };

        // What a step along a stored row, and one to the next stored row, is in the picture.
        int stepX = SwapsSides ? height : 1;
        int stepY = SwapsSides ? 1 : width;
        int corner = (fromRight ? (width - 1) * stepX : 0) + (fromBottom ? (height - 1) * stepY : 0);
        stepX = fromRight ? -stepX : stepX;
        stepY = fromBottom ? -stepY : stepY;

        // Down the columns, so that what lies together in the picture is written together where sides are swapped.
        Span<byte> pixels = image.Pixels;
        int count = rows.Length / (3 * width);
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < count; y++)
            {
                ReadOnlySpan<byte> from = rows.Slice(3 * ((y * width) + x), 3);
                Span<byte> to = pixels.Slice(3 * (corner + (x * stepX) + ((first + y) * stepY)), 3);
                to[0] = from[0];
                to[1] = from[1];
                to[2] = from[2];
            }
        }
    }

    private static ushort Read16(ReadOnlySpan<byte> data, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);

    private static uint Read32(ReadOnlySpan<byte> data, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(data) : BinaryPrimitives.ReadUInt32BigEndian(data);
}
