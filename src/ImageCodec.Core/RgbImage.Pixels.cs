namespace ImageCodec;

/// <content>From and to the pixels of other libraries.</content>
public sealed partial class RgbImage
{
    /// <summary>Makes a picture from rows of pixels as another library holds them; they are read once, straight into the picture.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">The rows from top to bottom; what follows the last one is ignored.</param>
    /// <param name="layout">The bytes of a pixel. Where they have alpha, and not all pixels are opaque, the picture has an alpha channel.</param>
    /// <param name="stride">Bytes from one row to the next; 0 for rows without gaps.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range, <paramref name="stride"/> is shorter than a row, or <paramref name="layout"/> is none.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is too short.</exception>
    public static RgbImage FromPixels(int width, int height, ReadOnlySpan<byte> pixels, PixelLayout layout, int stride = 0)
    {
        RgbImage image = new(width, height);
        (int size, int red, bool hasAlpha) = Describe(layout);
        stride = CheckedStride(width, height, size, stride, pixels.Length, nameof(pixels));
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = pixels.Slice(checked((int)((long)y * stride)), size * width);
            Span<byte> to = image.GetRow(y);
            if (layout == PixelLayout.Rgb24)
            {
                from.CopyTo(to);
            }
            else if (ReadRow(from, size, red, hasAlpha, to) < 255)
            {
                Span<byte> alpha = image.AddAlpha().Slice(y * width, width);
                for (int x = 0; x < width; x++)
                {
                    alpha[x] = from[4 * x + 3];
                }
            }
        }

        return image;
    }

    /// <summary>Writes the pixels as another library holds them. Bytes that mean nothing become 255; a layout without alpha gets the colours alone.</summary>
    /// <param name="pixels">Receives the rows from top to bottom; gaps between rows are left as they are.</param>
    /// <param name="layout">The bytes of a pixel.</param>
    /// <param name="stride">Bytes from one row to the next; 0 for rows without gaps.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stride"/> is shorter than a row, or <paramref name="layout"/> is none.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is too short.</exception>
    public void CopyPixelsTo(Span<byte> pixels, PixelLayout layout, int stride = 0)
    {
        (int size, int red, bool hasAlpha) = Describe(layout);
        ReadOnlySpan<byte> alpha = hasAlpha ? Alpha : [];
        stride = CheckedStride(Width, Height, size, stride, pixels.Length, nameof(pixels));
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> from = GetRow(y);
            Span<byte> to = pixels.Slice(checked((int)((long)y * stride)), size * Width);
            if (layout == PixelLayout.Rgb24)
            {
                from.CopyTo(to);
                continue;
            }

            for (int i = 0, o = 0; i < from.Length; i += 3, o += size)
            {
                to[o + red] = from[i];
                to[o + 1] = from[i + 1];
                to[o + 2 - red] = from[i + 2];
                if (size == 4)
                {
                    to[o + 3] = alpha.IsEmpty ? (byte)255 : alpha[y * Width + i / 3];
                }
            }
        }
    }

    /// <summary>Bytes of a pixel, which of them is red (the first or the third), and whether the last one is alpha.</summary>
    private static (int Size, int Red, bool HasAlpha) Describe(PixelLayout layout) => layout switch
    {
        PixelLayout.Rgb24 => (3, 0, false),
        PixelLayout.Bgr24 => (3, 2, false),
        PixelLayout.Rgba32 => (4, 0, true),
        PixelLayout.Bgra32 => (4, 2, true),
        PixelLayout.Rgbx32 => (4, 0, false),
        PixelLayout.Bgrx32 => (4, 2, false),
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "Not a layout of pixels."),
    };

    private static int CheckedStride(int width, int height, int size, int stride, int length, string name)
    {
        long row = (long)size * width;
        if (stride != 0 && stride < row)
        {
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"A row of {width} pixels of {size} bytes has {row} bytes, more than the stride.");
        }

        long step = stride == 0 ? row : stride;
        long needed = step * (height - 1) + row;
        return length >= needed
            ? (int)step
            : throw new ArgumentException(
                $"A picture of {width}×{height} with {step} bytes from row to row has {needed} bytes, but {length} were given.", name);
    }

    /// <summary>Copies the colours of a row.</summary>
    /// <returns>255 if all pixels are opaque, else less.</returns>
    private static int ReadRow(ReadOnlySpan<byte> from, int size, int red, bool hasAlpha, Span<byte> to)
    {
        int opacity = 255;
        for (int i = 0, o = 0; o < to.Length; i += size, o += 3)
        {
            to[o] = from[i + red];
            to[o + 1] = from[i + 1];
            to[o + 2] = from[i + 2 - red];
            opacity &= hasAlpha ? from[i + 3] : 255;
        }

        return opacity;
    }
}
