namespace ImageCodec;

/// <summary>One channel of a picture, as numbers.</summary>
internal sealed class Plane(int width, int height)
{
    private readonly double[] _values = new double[width * height];

    public int Width => width;

    public int Height => height;

    public int ShorterSide => Math.Min(width, height);

    /// <summary>The values of one row.</summary>
    public Span<double> Row(int y) => _values.AsSpan(y * width, width);

    public static Plane OfChannel(RgbImage image, int channel)
    {
        Plane plane = new(image.Width, image.Height);
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int i = 0; i < plane._values.Length; i++)
        {
            plane._values[i] = pixels[3 * i + channel];
        }

        return plane;
    }

    /// <summary>Half the size, rounded up: means of 2×2 values; at an odd edge the last ones count twice.</summary>
    public Plane Halve()
    {
        Plane half = new((width + 1) / 2, (height + 1) / 2);
        for (int y = 0; y < half.Height; y++)
        {
            ReadOnlySpan<double> upper = Row(2 * y);
            ReadOnlySpan<double> lower = Row(Math.Min(2 * y + 1, height - 1));
            Span<double> row = half.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                int left = 2 * x;
                int right = Math.Min(left + 1, width - 1);
                row[x] = (upper[left] + upper[right] + lower[left] + lower[right]) / 4;
            }
        }

        return half;
    }
}
