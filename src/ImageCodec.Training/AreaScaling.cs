namespace ImageCodec.Training;

/// <summary>Makes a part of a picture smaller: each new pixel is the mean of the area that it covers.</summary>
internal static class AreaScaling
{
    /// <summary>Scales a square.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="left">The square's left edge, in pixels of the picture.</param>
    /// <param name="top">Its upper edge.</param>
    /// <param name="step">Pixels of the picture for a new one, each way, at least 1.</param>
    /// <param name="side">The side of the result.</param>
    /// <param name="mirror">Whether left and right change places.</param>
    /// <param name="result">Receives side × side × 3 values in [0, 1].</param>
    public static void Run(RgbImage image, float left, float top, float step, int side, bool mirror, Span<float> result)
    {
        float[] columns = new float[3 * side];
        for (int y = 0; y < side; y++)
        {
            Span<float> row = result.Slice(y * 3 * side, 3 * side);
            row.Clear();
            float upper = top + y * step;
            for (int from = (int)upper; from < upper + step; from++)
            {
                float share = Math.Min(from + 1, upper + step) - Math.Max(from, upper);
                ScaleRow(image.GetRow(Math.Min(from, image.Height - 1)), left, step, columns);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += share * columns[i];
                }
            }

            float scale = 1 / (255 * step * step);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] *= scale;
            }

            if (mirror)
            {
                Mirror(row);
            }
        }
    }

    private static void ScaleRow(ReadOnlySpan<byte> pixels, float left, float step, Span<float> sums)
    {
        int last = pixels.Length / 3 - 1;
        for (int x = 0; x < sums.Length / 3; x++)
        {
            float start = left + x * step;
            (float red, float green, float blue) = (0, 0, 0);
            for (int from = (int)start; from < start + step; from++)
            {
                float share = Math.Min(from + 1, start + step) - Math.Max(from, start);
                int at = 3 * Math.Min(from, last);
                red += share * pixels[at];
                green += share * pixels[at + 1];
                blue += share * pixels[at + 2];
            }

            (sums[3 * x], sums[3 * x + 1], sums[3 * x + 2]) = (red, green, blue);
        }
    }

    private static void Mirror(Span<float> row)
    {
        for (int i = 0, j = row.Length - 3; i < j; i += 3, j -= 3)
        {
            for (int k = 0; k < 3; k++)
            {
                (row[i + k], row[j + k]) = (row[j + k], row[i + k]);
            }
        }
    }
}
