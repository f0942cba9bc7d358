namespace ImageCodec.AspNetCore.Tests;

/// <summary>Pictures to serve.</summary>
internal static class TestPicture
{
    /// <summary>A picture of waves; another one for each seed.</summary>
    public static RgbImage Of(int width, int height, int seed = 0)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < 3 * width; x++)
            {
                row[x] = (byte)(128 + 60 * Math.Sin((x + seed) / 9.0) + 60 * Math.Cos(y * (1 + x % 3) / 11.0));
            }
        }

        return image;
    }

    public static byte[] Png(int width, int height) => ImageFile.Encode(Of(width, height), ImageFileFormat.Png);
}
