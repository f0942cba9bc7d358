using ImageCodec.Entropy;
using ImageCodec.Models.Hyperpriors;

namespace ImageCodec.Models.Tests;

public class RateDistortionQuantizerTests
{
    private static readonly FrequencyTableSet Tables = new ScaleGrid(0.11, 256, 64).CreateGaussianTables();
    private readonly RateDistortionQuantizer _quantizer = new(Tables);

    [Test]
    public void Of_the_two_integers_the_one_with_the_smaller_cost_is_taken([Values(0, 13, 25, 40, 63)] int table)
    {
        Random random = new(table);
        for (int i = 0; i < 2000; i++)
        {
            float value = (float)((random.NextDouble() - 0.5) * 3 * Math.Exp(table * 0.123 - 2.2) + random.NextDouble() - 0.5);
            short nearest = (short)Math.Round(value);
            short below = (short)(nearest - Math.Sign(nearest));
            short expected = Cost(below) < Cost(nearest) ? below : nearest;
            if (Math.Abs(Cost(below) - Cost(nearest)) > 1e-4)
            {
                Assert.That(_quantizer.Run(value, table), Is.EqualTo(expected), $"{value}");
            }

            double Cost(short candidate)
            {
                double bits = Math.Abs((int)candidate) <= Tables.Tables[table].MaxValue ? Tables.Tables[table].GetBits(candidate) : 0;
                return (value - candidate) * (value - candidate) + 0.05 * bits;
            }
        }
    }

    [TestCase(1e9f, short.MaxValue)]
    [TestCase(-1e9f, -short.MaxValue)]
    [TestCase(0f, 0)]
    public void The_ends_are_kept(float value, short expected) => Assert.That(_quantizer.Run(value, 63), Is.EqualTo(expected));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void What_is_not_finite_is_refused(float value) => Assert.That(() => _quantizer.Run(value, 3), Throws.ArgumentException);
}
