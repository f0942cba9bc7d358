using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Tests.Fitted;

public class LaplaceRateTests
{
    [Test]
    public void Bits_and_slopes_are_those_of_the_formula([Values(-4.4, -3, -1, 0, 0.7, 3, 7.4)] double scale, [Values(0, 1, 2, 3)] int backend)
    {
        const double Step = 1e-6;
        foreach (double distance in new[] { 0, 0.1, -0.3, 0.499, 0.501, -0.7, 0.99, 1.01, -2, 5, -17.3, 60, -500, 1022 })
        {
            (double bits, double byValue, double byMean, double byScale) = Run(Backend.All[backend], 0.25 + distance, 0.25, scale);
            Assert.That(bits, Is.EqualTo(EntropyReference.ValueBits(distance, 0, scale)).Within(1e-6).Or.EqualTo(
                EntropyReference.ValueBits(distance, 0, scale)).Within(1e-4).Percent, $"{distance}");
            double slope = (EntropyReference.ValueBits(distance + Step, 0, scale) - EntropyReference.ValueBits(distance - Step, 0, scale)) / (2 * Step);
            double scaleSlope = (EntropyReference.ValueBits(distance, 0, scale + Step) - EntropyReference.ValueBits(distance, 0, scale - Step)) / (2 * Step);
            Assert.That(byValue, Is.EqualTo(slope).Within(1e-4).Or.EqualTo(slope).Within(0.01).Percent, $"{distance}");
            Assert.That(byMean, Is.EqualTo(-byValue));
            Assert.That(byScale, Is.EqualTo(scaleSlope).Within(1e-4).Or.EqualTo(scaleSlope).Within(0.01).Percent, $"{distance}");
        }
    }

    [Test]
    public void Beyond_the_limits_only_what_leads_back_has_a_slope()
    {
        Assert.That(Run(Backend.Current, 0, 0, 9).ByScale, Is.GreaterThan(0.5), "a smaller scale would do");
        Assert.That(Run(Backend.Current, 900, 0, 9).ByScale, Is.Zero);
        Assert.That(Run(Backend.Current, 0.6, 0, -6).ByScale, Is.LessThan(-0.5), "a larger scale would do");
        Assert.That(Run(Backend.Current, 0.45, 0, -6).ByScale, Is.Zero);
        Assert.That(Run(Backend.Current, 3, 0, -6).Bits, Is.EqualTo(Run(Backend.Current, 3, 0, -4.5).Bits));
    }

    [Test]
    public void No_value_costs_more_than_the_integer_coders_least_probabilities([Values(-4.5, 0, 2)] double scale)
    {
        for (int distance = 1; distance < 1000; distance += 7)
        {
            (double bits, double byValue, _, _) = Run(Backend.Current, distance, 0, scale);
            Assert.That(bits, Is.LessThanOrEqualTo(14 * distance + 1.001));
            Assert.That(byValue, Is.GreaterThan(0.2), "it is drawn to the mean");
        }
    }

    [Test]
    public void Positions_that_do_not_count_have_no_bits_and_no_slopes()
    {
        (double bits, double byValue, double byMean, double byScale) = Run(Backend.Current, 3, 0, 0, count: 0);
        Assert.That(new[] { bits, byValue, byMean, byScale }, Is.All.Zero);
    }

    /// <summary>One value, as the first of a row.</summary>
    private static unsafe (double Bits, double ByValue, double ByMean, double ByScale) Run(
        Backend backend, double value, double mean, double scale, int count = 1)
    {
        float* memory = stackalloc float[10 * 16];
        new Span<float>(memory, 160).Clear();
        for (int i = 0; i < 16; i++)
        {
            memory[i] = (float)value;
            memory[16 + i] = (float)mean;
            memory[32 + i] = (float)scale;
            memory[64 + i] = i;
        }

        backend.Run(new RateKernel(memory, count));
        double bits = 0;
        for (int i = 0; i < backend.Lanes; i++)
        {
            bits += memory[80 + i];
        }

        return (bits, memory[48], memory[16], memory[32]);
    }

    private readonly unsafe struct RateKernel(float* memory, int count) : IKernel
    {
        public void Run<TVector, TSimd>()
            where TVector : struct
            where TSimd : struct, ISimd<TVector> =>
            LaplaceRate.Run<TVector, TSimd>(memory, memory + 16, memory + 32, memory + 48, memory + 64, count, TSimd.Lanes, memory + 80);
    }
}
