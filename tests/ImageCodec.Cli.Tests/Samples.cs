using System.Reflection;

namespace ImageCodec.Cli.Tests;

/// <summary>Pictures and weights to test with.</summary>
internal static class Samples
{
    /// <summary>A picture of waves and noise.</summary>
    public static RgbImage Picture(int width, int height, int seed = 1)
    {
        Random random = new(seed);
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    double wave = Math.Sin(x / (5.0 + channel) + seed) + Math.Cos(y / (7.0 - channel));
                    row[3 * x + channel] = (byte)Math.Clamp(128 + 50 * wave + random.Next(-12, 13), 0, 255);
                }
            }
        }

        return image;
    }

    /// <summary>The weights file of a built-in model.</summary>
    public static byte[] WeightsFile(string name = PretrainedModel.DefaultName)
    {
        string resource = $"ImageCodec.Models.Weights.{name}.safetensors";
        using Stream stream = new[] { "ImageCodec.Models", "ImageCodec.Models.Visual", "ImageCodec.Models.Cars" }
            .Select(assembly => Assembly.Load(assembly).GetManifestResourceStream(resource)).First(found => found is not null)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Weights like the built-in ones, but for one value, so that no file of theirs is of a built-in codec.</summary>
    public static byte[] ForeignWeightsFile()
    {
        byte[] bytes = WeightsFile();
        bytes[^1] ^= 0x01;
        return bytes;
    }
}
