using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.Models;
using ImageCodec.Models.Autoencoders;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training.Tests;

public class SymbolQuantizationTests
{
    [Test]
    public void Training_sees_just_what_the_quantiser_gives([Range(1, 8)] int bits)
    {
        float[] latent = Latent(500);
        float[] quantized = new float[latent.Length];
        SymbolQuantization.Forward(latent, bits, 4, quantized, new float[latent.Length]);

        TensorShape shape = new(1, latent.Length, 1);
        UniformQuantizer quantizer = new();
        byte[] symbols = new byte[latent.Length];
        byte[] side = new byte[2];
        float[] expected = new float[latent.Length];
        quantizer.Quantize(latent, shape, bits, symbols, side);
        quantizer.Dequantize(symbols, shape, side, expected);
        Assert.That(quantized, Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void The_rate_is_what_the_adaptive_coder_needs_once_it_has_learnt()
    {
        float[] latent = Latent(200_000);
        double bits = SymbolQuantization.Forward(latent, 2, 1, new float[latent.Length], new float[latent.Length]);

        byte[] symbols = new byte[latent.Length];
        new UniformQuantizer().Quantize(latent, new TensorShape(1, latent.Length, 1), 2, symbols, new byte[2]);
        ArrayBufferWriter<byte> stream = new();
        AdaptiveCoder.Encode(symbols, stream);
        Assert.That(stream.WrittenCount * 8.0, Is.EqualTo(bits).Within(3).Percent);
    }

    [Test]
    public void Each_channel_has_code_lengths_of_its_own()
    {
        // One channel is always low, the other always high: neither tells anything new.
        float[] latent = [.. Enumerable.Range(0, 2000).Select(i => i % 2 == 0 ? 0.1f : 4f)];
        double apart = SymbolQuantization.Forward(latent, 2, 2, new float[latent.Length], new float[latent.Length]);
        double together = SymbolQuantization.Forward(latent, 2, 1, new float[latent.Length], new float[latent.Length]);
        Assert.That(apart, Is.LessThan(10));
        Assert.That(together, Is.EqualTo(2000).Within(1).Percent);
    }

    [Test]
    public void The_rate_gradient_pulls_towards_the_commoner_symbol_and_scaling_the_latent_changes_nothing()
    {
        float[] latent = Latent(1000);
        float[] gradient = new float[latent.Length];
        SymbolQuantization.Forward(latent, 2, 1, new float[latent.Length], gradient);

        // Small symbols are commoner here, so that a value between two centres rises in price with its size.
        int largest = Array.IndexOf(latent, latent.Max());
        Assert.That(gradient.Where((_, i) => i != largest), Is.All.GreaterThan(0));

        // The rate depends on ratios alone: along the latent itself its derivative is zero.
        double along = 0;
        double size = 0;
        for (int i = 0; i < latent.Length; i++)
        {
            along += (double)latent[i] * gradient[i];
            size += Math.Abs((double)latent[i] * gradient[i]);
        }

        Assert.That(Math.Abs(along), Is.LessThan(0.01 * size));
    }

    [Test]
    public void The_gradient_of_the_error_by_the_range_is_that_of_moving_all_cells()
    {
        float[] latent = Latent(300);
        float[] quantized = new float[latent.Length];
        SymbolQuantization.Forward(latent, 3, 5, quantized, new float[latent.Length]);
        float[] gradient = [.. latent.Select((_, i) => MathF.Sin(i))];
        float[] back = (float[])gradient.Clone();
        SymbolQuantization.Backward(latent, quantized, back);

        int largest = Array.IndexOf(latent, latent.Max());
        double expected = latent.Select((value, i) => (double)gradient[i] * (quantized[i] - value)).Sum() / latent[largest];
        for (int i = 0; i < latent.Length; i++)
        {
            Assert.That(back[i] - gradient[i], Is.EqualTo(i == largest ? expected : 0).Within(1e-4));
        }
    }

    [Test]
    public void A_latent_of_zeros_costs_nothing_and_moves_nothing()
    {
        float[] zeros = new float[10];
        float[] gradient = new float[10];
        Assert.That(SymbolQuantization.Forward(zeros, 2, 2, new float[10], gradient), Is.Zero);
        Assert.That(gradient, Is.All.Zero);
    }

    [Test]
    public void Noise_has_the_width_of_a_cell_on_both_sides()
    {
        float[] latent = Latent(20_000);
        float[] noisy = new float[latent.Length];
        SymbolQuantization.AddNoise(latent, 2, noisy, new RandomSource(3));
        double[] noise = [.. latent.Select((value, i) => (double)noisy[i] - value)];
        double width = latent.Max() / 4;
        Assert.That(noise.Max(), Is.EqualTo(width / 2).Within(1).Percent);
        Assert.That(noise.Min(), Is.EqualTo(-width / 2).Within(1).Percent);
        Assert.That(noise.Average(), Is.EqualTo(0).Within(0.01 * width));
    }

    /// <summary>Values of at least zero, small ones commoner.</summary>
    private static float[] Latent(int length)
    {
        RandomSource random = new(7);
        float[] latent = new float[length];
        foreach (ref float value in latent.AsSpan())
        {
            float uniform = random.NextSingle();
            value = 4 * uniform * uniform;
        }

        return latent;
    }
}
