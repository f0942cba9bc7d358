namespace ImageCodec.OwnStages;

/// <summary>A picture to work on, where none is given.</summary>
internal static class Drawing
{
    /// <summary>Soft colours with circles on them.</summary>
    public static RgbImage Circles(int width, int height)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                bool isInside = (x % 80 - 40) * (x % 80 - 40) + (y % 80 - 40) * (y % 80 - 40) < 900;
                row[3 * x] = (byte)(isInside ? 220 : 60 + 100 * x / width);
                row[3 * x + 1] = (byte)(isInside ? 90 + y / 4 : 120);
                row[3 * x + 2] = (byte)(200 - 150 * y / height);
            }
        }

        return image;
    }
}
