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
}
