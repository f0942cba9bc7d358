using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training.Tests;

/// <summary>Small pictures with something to learn: gradients and a box, at random places.</summary>
internal static class TestPictures
{
    public static RgbImage Create(int width, int height, int seed)
    {
        RandomSource random = new(seed);
        int boxX = random.Next(width);
        int boxY = random.Next(height);
        int shade = random.Next(200);
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                bool inBox = Math.Abs(x - boxX) < width / 4 && Math.Abs(y - boxY) < height / 4;
                row[3 * x] = (byte)(inBox ? shade : 255 * x / width);
                row[3 * x + 1] = (byte)(inBox ? shade : 255 * y / height);
                row[3 * x + 2] = (byte)(inBox ? 255 - shade : 128);
            }
        }

        return image;
    }

    public static void WriteFolder(string folder, int count, int width = 32, int height = 32)
    {
        for (int i = 0; i < count; i++)
        {
            ImageFile.Write(Path.Combine(folder, $"{i:00}.png"), Create(width, height, i));
        }
    }
}
