using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models;

/// <summary>Squares of pictures, as values in [0, 1].</summary>
internal static class PictureCrop
{
    /// <summary>
    /// Copies a random square of a picture. It may reach over the picture's edge by <paramref name="margin"/> pixels, where the edge pixel goes on, and further
    /// where the picture is smaller than the square.
    /// </summary>
    public static void Take(RgbImage image, int side, int margin, bool mayMirror, RandomSource random, Span<float> crop)
    {
        int left = RandomOffset(image.Width, side, margin, random);
        int top = RandomOffset(image.Height, side, margin, random);
        bool mirror = mayMirror && random.Next(2) == 1;
        for (int y = 0, i = 0; y < side; y++)
        {
            ReadOnlySpan<byte> row = image.GetRow(Math.Clamp(top + y, 0, image.Height - 1));
            for (int x = 0; x < side; x++)
            {
                int column = 3 * Math.Clamp(left + (mirror ? side - 1 - x : x), 0, image.Width - 1);
                crop[i++] = row[column] / 255f;
                crop[i++] = row[column + 1] / 255f;
                crop[i++] = row[column + 2] / 255f;
            }
        }
    }

    private static int RandomOffset(int length, int side, int margin, RandomSource random)
    {
        int free = Math.Max(0, length - side) + 2 * margin;
        return random.Next(free + 1) - margin;
    }
}
