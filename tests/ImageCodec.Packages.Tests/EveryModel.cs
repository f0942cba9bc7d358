using System.Globalization;

namespace ImageCodec.Packages.Tests;

/// <summary>What every model makes of a picture, as lines that are the same on every machine.</summary>
/// <remarks>Compiled in these tests, and again as part of a program for another processor.</remarks>
internal static class EveryModel
{
    /// <summary>The least effort with all that efforts do: rounds, and a look at how the picture lies best.</summary>
    public const int Effort = 4;

    /// <summary>Compresses a picture with every model that does it within a moment, and restores it; of the others it restores a file.</summary>
    /// <param name="fitted">A file of «fitted».</param>
    public static IEnumerable<string> Describe(byte[] fitted)
    {
        RgbImage picture = Picture(90, 70);
        foreach (PretrainedModel model in PretrainedModel.All.Where(model => model.Name != "fitted"))
        {
            using ImageCompressor compressor = model.LoadCompressor(maxThreads: 0);
            foreach ((int effort, int? maxError) in model.Name == PretrainedModel.DefaultName ? ((int, int?)[])[(0, null), (Effort, null), (0, 0), (0, 2)] : [(0, null)])
            {
                byte[] file = compressor.Compress(picture, new CompressionOptions { Effort = effort, MaxError = maxError });
                yield return $"{model.Name} {effort} {maxError} {file.Length} {Hash(file)} {Hash(compressor.Decompress(file))}";
            }
        }

        yield return $"fitted {Hash(ImageDecompressor.Shared.Decompress(fitted))}";
        byte[] jpeg = ImageFile.EncodeJpeg(picture, 80);
        yield return $"JPEG {Hash(jpeg)} {Hash(ImageFile.Read(jpeg))}";
        yield return $"PNG {Hash(ImageFile.Read(ImageFile.Encode(picture, ImageFileFormat.Png)))}";
    }

    /// <summary>Waves and noise, made of integers alone.</summary>
    public static RgbImage Picture(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        uint noise = 1;
        for (int i = 0; i < pixels.Length; i++)
        {
            noise = noise * 1664525 + 1013904223;
            int x = i / 3 % width;
            int y = i / 3 / width;
            pixels[i] = (byte)(128 + (x * x / 7 - y * (i % 3) * 3) % 90 + (int)(noise >> 28) - 8);
        }

        return new RgbImage(width, height, pixels);
    }

    private static string Hash(RgbImage image) => Hash(image.Pixels);

    /// <summary>FNV-1a of 64 bits: the platform's own hashes may need a library that emulated systems lack.</summary>
    private static string Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * 0x100000001B3;
        }

        return hash.ToString("X16", CultureInfo.InvariantCulture);
    }
}
