namespace ImageCodec.Imaging;

/// <summary>
/// How a picture is to be turned and mirrored before it is shown, as the EXIF tag Orientation says: 1 to 8, the places of row 0 and
/// column 0 of what is stored.
/// </summary>
internal readonly record struct Orientation
{
    private const int Largest = 8;

    private readonly int _value;

    public Orientation(int value) => _value = value is >= 1 and <= Largest ? value : 1;

    /// <summary>Nothing is to be done.</summary>
    public bool IsUpright => _value <= 1;

    /// <summary>Columns become rows.</summary>
    public bool SwapsSides => _value >= 5;

    /// <summary>Turns a whole picture.</summary>
    public RgbImage Apply(RgbImage stored)
    {
        if (IsUpright)
        {
            return stored;
        }

        RgbImage image = SwapsSides ? new RgbImage(stored.Height, stored.Width) : new RgbImage(stored.Width, stored.Height);
        Place(stored.Pixels, 3, 0, stored.Width, stored.Height, image.Pixels);
        if (stored.HasAlpha)
        {
            Place(stored.Alpha, 1, 0, stored.Width, stored.Height, image.AddAlpha());
        }

        image.IsGrey = stored.IsGrey;
        return image;
    }

    /// <summary>Puts whole rows of the stored picture where they belong.</summary>
    /// <param name="rows">The rows' pixels.</param>
    /// <param name="size">Bytes of a pixel: 3 or 1.</param>
    /// <param name="first">The first row.</param>
    /// <param name="width">The width of the stored picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="pixels">Where they go: those of the whole picture.</param>
    public void Place(ReadOnlySpan<byte> rows, int size, int first, int width, int height, Span<byte> pixels)
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
        int count = rows.Length / (size * width);
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < count; y++)
            {
                ReadOnlySpan<byte> from = rows.Slice(size * ((y * width) + x), size);
                Span<byte> to = pixels.Slice(size * (corner + (x * stepX) + ((first + y) * stepY)), size);
                to[0] = from[0];
                if (size == 3)
                {
                    to[1] = from[1];
                    to[2] = from[2];
                }
            }
        }
    }
}
