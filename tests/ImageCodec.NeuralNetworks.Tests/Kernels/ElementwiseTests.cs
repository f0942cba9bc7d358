using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.NeuralNetworks.Tests.Kernels;

public unsafe class ElementwiseTests
{
    private static readonly int[] s_lengths = [1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 1001];

    [Test]
    public void The_sigmoid_is_right_to_the_last_bits_and_the_same_for_every_width()
    {
        RandomSource random = new(1);
        foreach (int length in s_lengths)
        {
            float[] arguments = random.Array(length);
            for (int i = 0; i < length; i++)
            {
                arguments[i] *= 25;
            }

            float[]? first = null;
            foreach (Backend backend in Backend.All)
            {
                float[] values = [.. arguments, 7];
                fixed (float* pointer = values)
                {
                    backend.Sigmoid(pointer, length);
                }

                Assert.That(values[length], Is.EqualTo(7), "what lies behind is left alone");
                Assert.That(values, Is.EqualTo(first ??= values), $"{backend.Lanes} lanes");
                for (int i = 0; i < length; i++)
                {
                    double exact = 1 / (1 + Math.Exp(-arguments[i]));
                    Assert.That(values[i], Is.EqualTo(exact).Within(4e-7 * exact), $"at {arguments[i]}");
                }
            }
        }
    }

    [Test]
    public void The_sigmoid_of_what_is_large_infinite_or_no_number_is_the_same_for_every_width()
    {
        float[] arguments = [0, -0f, 1e-40f, 29.9f, 30, 31, -30, -31, 1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 88, -88, 5, 6];
        float[]? first = null;
        foreach (Backend backend in Backend.All)
        {
            float[] values = [.. arguments];
            fixed (float* pointer = values)
            {
                backend.Sigmoid(pointer, values.Length);
            }

            Assert.That(values, Is.EqualTo(first ??= values), $"{backend.Lanes} lanes");
            Assert.That(values, Is.All.InRange(0, 1));
            Assert.That(values[0], Is.EqualTo(0.5f));
            Assert.That(values[8], Is.EqualTo(1));
            Assert.That(values[9], Is.EqualTo(0).Within(1e-12));
        }
    }

    [Test]
    public void The_largest_of_four()
    {
        RandomSource random = new(2);
        foreach (int length in s_lengths)
        {
            float[][] sources = [.. Enumerable.Range(0, 4).Select(_ => random.Array(length))];
            foreach (Backend backend in Backend.All)
            {
                float[] result = new float[length + 1];
                fixed (float* a = sources[0], b = sources[1], c = sources[2], d = sources[3], to = result)
                {
                    backend.LargestOfFour(a, b, c, d, to, length);
                }

                Assert.That(result[length], Is.Zero, "what lies behind is left alone");
                Assert.That(result[..length], Is.EqualTo(Enumerable.Range(0, length).Select(i => sources.Max(source => source[i]))));
            }
        }
    }

    [Test]
    public void Adam_follows_its_paper_over_many_steps()
    {
        const float Rate = 0.01f, Decay1 = 0.9f, Decay2 = 0.999f, Epsilon = 1e-8f, Clip = 0.5f;
        foreach (int length in s_lengths)
        {
            foreach (Backend backend in Backend.All)
            {
                RandomSource random = new(length);
                float[] values = random.Array(length);
                float[] m = new float[length], v = new float[length];
                double[] exact = [.. values];
                double[] exactM = new double[length], exactV = new double[length];
                for (int step = 1; step <= 20; step++)
                {
                    float[] gradients = random.Array(length);
                    double correction1 = 1 - Math.Pow(Decay1, step), correction2 = 1 - Math.Pow(Decay2, step);
                    AdamStep numbers = new((float)(Rate / correction1), Decay1, Decay2, (float)(1 / Math.Sqrt(correction2)), Epsilon, Clip);
                    fixed (float* pv = values, pg = gradients, p1 = m, p2 = v)
                    {
                        backend.Adam(pv, pg, p1, p2, length, in numbers);
                    }

                    for (int i = 0; i < length; i++)
                    {
                        double g = gradients[i] * (double)Clip;
                        exactM[i] = Decay1 * (double)exactM[i] + (1 - (double)Decay1) * g;
                        exactV[i] = Decay2 * (double)exactV[i] + (1 - (double)Decay2) * g * g;
                        exact[i] -= Rate * (exactM[i] / correction1) / (Math.Sqrt(exactV[i] / correction2) + Epsilon);
                    }
                }

                Assert.That(values, Is.EqualTo(exact).Within(3e-6), $"{backend.Lanes} lanes, {length} values");
            }
        }
    }
}
