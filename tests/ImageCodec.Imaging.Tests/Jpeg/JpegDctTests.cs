using System.Runtime.Intrinsics;
using ImageCodec.Imaging.Jpeg;

namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>The transforms against their definition in floating point.</summary>
public sealed class JpegDctTests
{
    private static readonly ushort[] s_ones = [.. Enumerable.Repeat((ushort)1, 64)];

    [TestCase(5)]
    [TestCase(100)]
    [TestCase(300)]
    public void The_inverse_is_near_its_definition(int range)
    {
        Random random = new(range);
        int largest = 0;
        long squares = 0;
        const int Blocks = 2000;
        byte[] samples = new byte[64];
        for (int block = 0; block < Blocks; block++)
        {
            short[] coefficients = [.. Enumerable.Range(0, 64).Select(_ => (short)random.Next(-range, range + 1))];

            InverseDct.Transform(coefficients, s_ones, samples, 8);

            double[] expected = Inverse(coefficients);
            for (int i = 0; i < 64; i++)
            {
                int error = samples[i] - (int)Math.Clamp(Math.Round(expected[i] + 128), 0, 255);
                largest = Math.Max(largest, Math.Abs(error));
                squares += error * error;
            }
        }

        // One sample in fifty, at the most, is rounded to the other side.
        Assert.That(largest, Is.LessThanOrEqualTo(1));
        Assert.That(squares / (64.0 * Blocks), Is.LessThan(0.022));
    }

    [Test]
    public void A_DC_coefficient_alone_gives_the_same_both_ways()
    {
        byte[] whole = new byte[64];
        byte[] alone = new byte[64];
        for (int dc = -1200; dc <= 1200; dc++)
        {
            short[] coefficients = new short[64];
            coefficients[0] = (short)dc;
            InverseDct.Transform(coefficients, s_ones, whole, 8);
            InverseDct.TransformDcAlone(dc, 1, alone, 8);
            Assert.That(alone, Is.EqualTo(whole));
        }
    }

    [Test]
    public void Coefficients_beyond_all_reason_do_no_harm()
    {
        byte[] samples = new byte[64];
        foreach (short value in new[] { short.MinValue, short.MaxValue })
        {
            short[] coefficients = [.. Enumerable.Repeat(value, 64)];
            ushort[] steps = [.. Enumerable.Repeat(ushort.MaxValue, 64)];
            Assert.DoesNotThrow(() => InverseDct.Transform(coefficients, steps, samples, 8));
            Assert.DoesNotThrow(() => InverseDct.TransformDcAlone(value, ushort.MaxValue, samples, 8));
        }
    }

    [Test]
    public void The_forward_transform_is_near_its_definition()
    {
        Random random = new(3);
        Quantizer quantizer = new([.. Enumerable.Repeat((byte)1, 64)]);
        byte[] samples = new byte[64];
        short[] zigzag = new short[64];
        double largest = 0;
        for (int block = 0; block < 2000; block++)
        {
            random.NextBytes(samples);

            ForwardDct.Transform(samples, 8, quantizer, zigzag);

            double[] expected = Forward(samples);
            for (int i = 0; i < 64; i++)
            {
                largest = Math.Max(largest, Math.Abs(zigzag[i] - expected[JpegFormat.Zigzag[i]]));
            }
        }

        Assert.That(largest, Is.LessThan(0.75));
    }

    [TestCase(10, 3, 3)]
    [TestCase(-10, 3, -3)]
    [TestCase(3, 2, 2)]
    [TestCase(-3, 2, -2)]
    public void Halves_are_rounded_away_from_zero(int sampleOffset, byte step, int expected)
    {
        // A flat block: its DC coefficient is 8 times the sample's distance from 128.
        byte[] samples = [.. Enumerable.Repeat((byte)(128 + sampleOffset), 64)];
        Quantizer quantizer = new([.. Enumerable.Repeat((byte)(8 * step), 64)]);
        short[] zigzag = new short[64];

        ForwardDct.Transform(samples, 8, quantizer, zigzag);

        Assert.That(zigzag[0], Is.EqualTo(expected));
        Assert.That(zigzag.Skip(1), Is.All.Zero);
    }

    /// <summary>Every number that the transform can leave, and some beyond, by every step.</summary>
    [Test]
    public void Quantization_by_reciprocals_is_division()
    {
        Vector128<int>[] block = new Vector128<int>[16];
        short[] zigzag = new short[64];
        for (int step = 1; step <= 255; step++)
        {
            Quantizer quantizer = new([.. Enumerable.Repeat((byte)step, 64)]);
            int divisor = 8 * step;
            for (int value = 0; value < 20_000; value += 1 + (value % divisor == divisor / 2 ? 0 : step / 3))
            {
                block[0] = Vector128.Create(value, -value, 0, 0);
                quantizer.Quantize(block, zigzag);
                if (zigzag[0] != (value + (divisor / 2)) / divisor || zigzag[1] != -zigzag[0])
                {
                    Assert.Fail($"{value} / {divisor} gave {zigzag[0]} and {zigzag[1]}.");
                }
            }
        }
    }

    private static double[] Inverse(short[] coefficients)
    {
        double[] samples = new double[64];
        for (int i = 0; i < 64; i++)
        {
            for (int k = 0; k < 64; k++)
            {
                samples[i] += coefficients[k] * Basis(k, i);
            }
        }

        return samples;
    }

    private static double[] Forward(byte[] samples)
    {
        double[] coefficients = new double[64];
        for (int k = 0; k < 64; k++)
        {
            for (int i = 0; i < 64; i++)
            {
                coefficients[k] += (samples[i] - 128) * Basis(k, i);
            }
        }

        return coefficients;
    }

    private static readonly double[] s_basis = MakeBasis();

    private static double Basis(int coefficient, int sample) =>
        s_basis[(8 * (coefficient / 8)) + (sample / 8)] * s_basis[(8 * (coefficient % 8)) + (sample % 8)];

    private static double[] MakeBasis()
    {
        double[] basis = new double[64];
        for (int frequency = 0; frequency < 8; frequency++)
        {
            for (int x = 0; x < 8; x++)
            {
                basis[(8 * frequency) + x] = (frequency == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * frequency * Math.PI / 16);
            }
        }

        return basis;
    }
}
