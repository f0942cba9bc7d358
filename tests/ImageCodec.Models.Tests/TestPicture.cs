using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

/// <summary>Pictures for tests: smooth colours with some noise, the same for the same size.</summary>
internal static class TestPicture
{
    public static RgbImage Create(int width, int height)
    {
        RgbImage image = new(width, height);
        RandomSource random = new(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                row[3 * x] = (byte)(255 * x / width);
                row[3 * x + 1] = (byte)(255 * y / height);
                row[3 * x + 2] = (byte)((x / 7 + y / 5) % 2 * 100 + random.Next(64));
            }
        }

        return image;
    }
}
