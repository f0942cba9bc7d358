namespace ImageCodec.Models;

/// <summary>Between 8-bit pictures and picture tensors whose sides are multiples of a stride.</summary>
internal static class PictureTensor
{
    /// <summary>The smallest shape of such a tensor that holds a picture.</summary>
    public static TensorShape Shape(int width, int height, int stride) => new(RoundUp(height, stride), RoundUp(width, stride), 3);

    /// <summary>Pixels of a picture whose sides are rounded up to a stride: what the networks really work on.</summary>
    public static long CountPixels(int width, int height, int stride)
    {
        // At most 2^31 each, so their product fits.
        long paddedWidth = ((long)width + stride - 1) / stride * stride;
        long paddedHeight = ((long)height + stride - 1) / stride * stride;
        return paddedWidth * paddedHeight;
    }

    /// <summary>Pixels become values in [0, 1]; beyond the right and lower edge the last pixel goes on.</summary>
    public static void FromImage(RgbImage image, TensorShape shape, Span<float> tensor)
    {
        int rowLength = 3 * shape.Width;
        for (int y = 0; y < shape.Height; y++)
        {
            Span<float> row = tensor.Slice(y * rowLength, rowLength);
            if (y >= image.Height)
            {
                tensor.Slice((y - 1) * rowLength, rowLength).CopyTo(row);
                continue;
            }

            ReadOnlySpan<byte> pixels = image.GetRow(y);
            for (int i = 0; i < pixels.Length; i++)
            {
                row[i] = pixels[i] / 255f;
            }

            for (int i = pixels.Length; i < rowLength; i++)
            {
                row[i] = row[i - 3];
            }
        }
    }

    /// <summary>Values become pixels, clipped to [0, 1] and rounded to the nearest of 256 levels; what was padding is left out.</summary>
    public static RgbImage ToImage(ReadOnlySpan<float> tensor, TensorShape shape, int width, int height)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = tensor.Slice(y * 3 * shape.Width, 3 * width);
            Span<byte> pixels = image.GetRow(y);
            for (int i = 0; i < pixels.Length; i++)
            {
                // A comparison that NaN fails, so that every machine gives it the same pixel.
                float value = row[i] > 0 ? row[i] : 0;
                pixels[i] = value < 1 ? (byte)(value * 255 + 0.5f) : (byte)255;
            }
        }

        return image;
    }

    private static int RoundUp(int side, int stride) => checked((side + stride - 1) / stride * stride);
}
