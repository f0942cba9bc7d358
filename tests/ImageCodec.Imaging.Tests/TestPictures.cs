namespace ImageCodec.Imaging.Tests;

internal static class TestPictures
{
    /// <summary>Even noise, which no filter helps with.</summary>
    public static RgbImage Noise(int width, int height, int seed)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>Slopes with a little noise, where every filter wins some rows.</summary>
    public static RgbImage Slopes(int width, int height, int seed)
    {
        Random random = new(seed);
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            int slope = random.Next(-4, 5);
            Span<byte> row = image.GetRow(y);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (byte)((slope * (i / 3)) + (y * (1 + (i % 3))) + random.Next(3));
            }
        }

        return image;
    }

    public static RgbImage Grey(int width, int height, int seed)
    {
        RgbImage image = Noise(width, height, seed);
        Span<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i += 3)
        {
            pixels[i + 1] = pixels[i + 2] = pixels[i];
        }

        return image;
    }

    public static bool HasColor(RgbImage image)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i += 3)
        {
            if (pixels.Slice(i, 3).ContainsAnyExcept(pixels[i]))
            {
                return true;
            }
        }

        return false;
    }

    public static void AssertEqual(RgbImage actual, RgbImage expected)
    {
        Assert.That((actual.Width, actual.Height), Is.EqualTo((expected.Width, expected.Height)));
        Assert.That(actual.Pixels.SequenceEqual(expected.Pixels), Is.True, "The pixels differ.");
    }
}
