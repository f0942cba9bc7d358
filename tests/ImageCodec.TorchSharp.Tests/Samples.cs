using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.Training;

namespace ImageCodec.TorchSharp.Tests;

/// <summary>Networks, batches and pictures for tests.</summary>
internal static class Samples
{
    public static IEnumerable<string> Architectures => ModelFactory.Architectures;

    /// <summary>A network none of whose parameters is zero: fresh ones have biases and residual blocks that do nothing yet.</summary>
    public static Autoencoder CreateModel(string architecture)
    {
        Autoencoder model = ModelFactory.Create(architecture, seed: 5);
        RandomSource random = new(6);
        foreach ((string name, Parameter parameter) in model.Network.Parameters)
        {
            bool isGain = name.Contains("gains", StringComparison.Ordinal);
            foreach (ref float value in parameter.Values)
            {
                value += isGain ? 0 : random.NextSingle(-0.02f, 0.02f);
            }

            parameter.Changed();
        }

        return model;
    }

    public static TrainingOptions Options(string architecture, TrainingRecipe recipe = TrainingRecipe.RateDistortion, int batch = 3) => new()
    {
        Folder = "none",
        OutputPath = "none",
        Architecture = architecture,
        Recipe = recipe,
        BatchSize = batch,
        Bits = 3,
    };

    /// <summary>The same batch each time, with the same random numbers still to come.</summary>
    public static TrainingBatch Batch(int count, int side = 128)
    {
        RandomSource[] random = [.. Enumerable.Range(0, count).Select(i => new RandomSource(7, i))];
        float[] crops = new float[count * side * side * 3];
        for (int i = 0; i < count; i++)
        {
            RgbImage picture = Picture(side, side, i);
            for (int j = 0; j < picture.Pixels.Length; j++)
            {
                crops[i * picture.Pixels.Length + j] = picture.Pixels[j] / 255f;
            }
        }

        return new TrainingBatch(crops, side, random);
    }

    /// <summary>A picture of gradients, edges and a little noise.</summary>
    public static RgbImage Picture(int width, int height, int seed)
    {
        RgbImage picture = new(width, height);
        RandomSource random = new(seed, 8);
        int period = 5 + random.Next(30);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = picture.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                int edge = (x / period + y / (period + 3)) % 2 == 0 ? 60 : 0;
                row[3 * x] = (byte)(40 + edge + 100 * x / width + random.Next(12));
                row[3 * x + 1] = (byte)(30 + edge + 120 * y / height + random.Next(12));
                row[3 * x + 2] = (byte)(50 + edge + 50 * (x + y) / (width + height) + random.Next(12));
            }
        }

        return picture;
    }

    /// <summary>How far two lists of values are apart, as a share of the first one's norm.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.Length; i++)
        {
            difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            norm += (double)a[i] * a[i];
        }

        return norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm);
    }
}
