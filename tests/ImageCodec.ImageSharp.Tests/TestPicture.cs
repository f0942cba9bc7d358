using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>Pictures for tests: smooth colours with some texture, the same for the same size.</summary>
internal static class TestPicture
{
    public static RgbImage Create(int width, int height)
    {
        RgbImage picture = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Rgb24 pixel = At(x, y, width, height);
                ((ReadOnlySpan<byte>)[pixel.R, pixel.G, pixel.B]).CopyTo(picture.GetRow(y)[(3 * x)..]);
            }
        }

        return picture;
    }

    /// <summary>The same picture made pixel by pixel in ImageSharp.</summary>
    public static Image<TPixel> CreateImageSharp<TPixel>(int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Image<TPixel> image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                TPixel pixel = default;
                pixel.FromRgb24(At(x, y, width, height));
                image[x, y] = pixel;
            }
        }

        return image;
    }

    /// <summary>The pixels of an image, read one by one as 8-bit RGB.</summary>
    public static byte[] Pixels<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        byte[] pixels = new byte[3 * image.Width * image.Height];
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            Rgba32 pixel = default;
            image[i % image.Width, i / image.Width].ToRgba32(ref pixel);
            ((ReadOnlySpan<byte>)[pixel.R, pixel.G, pixel.B]).CopyTo(pixels.AsSpan(3 * i));
        }

        return pixels;
    }

    private static Rgb24 At(int x, int y, int width, int height) =>
        new((byte)(255 * x / width), (byte)(255 * y / height), (byte)((x / 7 + y / 5) % 2 * 100 + (31 * x + 17 * y + x * y) % 64));
}
