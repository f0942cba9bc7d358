using System.Buffers.Binary;

namespace ImageCodec.Skia.Tests;

/// <summary>Small pictures, and files of them put together byte by byte.</summary>
internal static class TestFiles
{
    /// <summary>The colours of the GIF files here: black, red, green and white.</summary>
    public static byte[] Palette => [0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255];

    public static RgbImage Noise(int width, int height, bool hasAlpha = false)
    {
        Random random = new(width);
        RgbImage image = new(width, height);
        random.NextBytes(image.Pixels);
        if (hasAlpha)
        {
            // Colours that can't be seen are not kept everywhere, so nothing is wholly transparent.
            foreach (ref byte alpha in image.AddAlpha())
            {
                alpha = (byte)random.Next(1, 256);
            }
        }

        return image;
    }

    /// <summary>Smooth colours, which lossy files keep well, with alpha that slopes too.</summary>
    public static RgbImage Slopes(int width, int height, bool hasAlpha = false)
    {
        RgbImage image = new(width, height);
        for (int i = 0; i < width * height; i++)
        {
            image.Pixels[3 * i] = (byte)(40 + 100 * (i % width) / width);
            image.Pixels[3 * i + 1] = (byte)(80 + 100 * (i / width) / height);
            image.Pixels[3 * i + 2] = 120;
        }

        if (hasAlpha)
        {
            for (int i = 0; i < width * height; i++)
            {
                image.AddAlpha()[i] = (byte)(255 - i % width);
            }
        }

        return image;
    }

    public static RgbImage Grey(int width, int height)
    {
        RgbImage image = Noise(width, height);
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            image.Pixels[i + 1] = image.Pixels[i + 2] = image.Pixels[i];
        }

        image.IsGrey = true;
        return image;
    }

    /// <summary>A file of 24 bits a pixel, rows from bottom to top.</summary>
    public static byte[] Bmp(RgbImage image)
    {
        int stride = (3 * image.Width + 3) / 4 * 4;
        byte[] file = new byte[54 + stride * image.Height];
        "BM"u8.CopyTo(file);
        int[] numbers = [file.Length, 0, 54, 40, image.Width, image.Height, 1 | (24 << 16), 0, stride * image.Height];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2 + 4 * i), numbers[i]);
        }

        for (int y = 0; y < image.Height; y++)
        {
            image.GetRow(y).CopyTo(file.AsSpan(54 + stride * (image.Height - 1 - y)));
            for (int x = 0; x < image.Width; x++)
            {
                Span<byte> pixel = file.AsSpan(54 + stride * (image.Height - 1 - y) + 3 * x, 3);
                pixel.Reverse();
            }
        }

        return file;
    }

    /// <summary>A file of pictures of colour numbers, each up to 100 pixels, of which one number may stand for transparent ones.</summary>
    public static byte[] Gif(int width, int height, int? transparent, params byte[][] frames)
    {
        List<byte> file = [.. "GIF89a"u8, (byte)width, 0, (byte)height, 0, 0x81, 0, 0, .. Palette];
        foreach (byte[] frame in frames)
        {
            file.AddRange([0x21, 0xF9, 4, (byte)(transparent is null ? 0 : 1), 10, 0, (byte)(transparent ?? 0), 0]);

            // With codes of 8 bits, 128 to begin and 129 to end, each number is a byte of its own.
            file.AddRange([0x2C, 0, 0, 0, 0, (byte)width, 0, (byte)height, 0, 0, 7, (byte)(frame.Length + 2), 128, .. frame, 129, 0]);
        }

        return [.. file, 0x3B];
    }

    /// <summary>A file of icons, each a PNG file.</summary>
    public static byte[] Ico(params RgbImage[] images)
    {
        byte[][] pngs = [.. images.Select(image => ImageFile.Encode(image, ImageFileFormat.Png))];
        List<byte> file = [0, 0, 1, 0, (byte)images.Length, 0];
        int at = 6 + 16 * images.Length;
        for (int i = 0; i < images.Length; i++)
        {
            file.AddRange([(byte)images[i].Width, (byte)images[i].Height, 0, 0, 1, 0, 32, 0, .. BitConverter.GetBytes(pngs[i].Length), .. BitConverter.GetBytes(at)]);
            at += pngs[i].Length;
        }

        return [.. file, .. pngs.SelectMany(png => png)];
    }

    public static void AssertEqual(RgbImage actual, RgbImage expected)
    {
        Assert.That((actual.Width, actual.Height), Is.EqualTo((expected.Width, expected.Height)));
        Assert.That(actual.Pixels.ToArray(), Is.EqualTo(expected.Pixels.ToArray()));
        Assert.That(actual.Alpha.ToArray(), Is.EqualTo(expected.Alpha.ToArray()));
    }
}
