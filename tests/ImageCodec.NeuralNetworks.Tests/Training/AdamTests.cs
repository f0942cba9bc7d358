using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.NeuralNetworks.Tests.Training;

public unsafe class AdamTests
{
    private static readonly int[] s_lengths = [1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 1001];

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
                        backend.Run(new AdamUpdate(pv, pg, p1, p2, length, numbers));
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
