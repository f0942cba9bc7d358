using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

internal sealed class LaplaceTablesTests
{
    [Test]
    public void Entries_are_rounded_probabilities_far_from_ties()
    {
        for (int scale = 0; scale < LaplaceTables.Scales; scale++)
        {
            double b = Math.Pow(2, (scale - 36) / 8.0);
            for (int fraction = -8; fraction < 8; fraction++)
            {
                int row = LaplaceTables.Row(fraction, scale);
                Check(LaplaceTables.Other[row], ReferenceRangeDecoder.OtherProbability(fraction, b));
                Check(LaplaceTables.Above[row], ReferenceRangeDecoder.AboveProbability(fraction, b));
            }

            int lowBits = LaplaceTables.LowBits(scale);
            for (int bit = 0; bit < lowBits; bit++)
            {
                Check(LaplaceTables.Distance[scale * LaplaceTables.Digits + bit], ReferenceRangeDecoder.LowBitProbability(bit, b));
            }

            Check(LaplaceTables.Distance[scale * LaplaceTables.Digits + lowBits], ReferenceRangeDecoder.GoOnProbability(lowBits, b));
        }
    }

    [Test]
    public void Costs_are_those_of_the_decisions()
    {
        for (int scale = 0; scale < LaplaceTables.Scales; scale += 5)
        {
            for (int value = -40; value <= 40; value++)
            {
                (int mean, int fraction) = (value / 3, value & 7);
                Assert.That(LaplaceCost.Of(value, mean, fraction, scale), Is.EqualTo(Cost(value, mean, fraction, scale)).Within(1e-4).Percent);
            }
        }
    }

    /// <summary>Where the scale fits, coding takes little more than the entropy of the distribution that is meant.</summary>
    [TestCase(20)]
    [TestCase(36)]
    [TestCase(60)]
    [TestCase(80)]
    public void Costs_come_near_the_distribution(int scale)
    {
        double b = Math.Pow(2, (scale - 36) / 8.0);
        double entropy = 0;
        double cost = 0;
        for (int value = -511; value <= 511; value++)
        {
            double probability = Cumulative((value + 0.5 - 0.25) / b) - Cumulative((value - 0.5 - 0.25) / b);
            if (probability > 0)
            {
                entropy -= probability * Math.Log2(probability);
                cost += probability * LaplaceCost.Of(value, 0, 4, scale);
            }
        }

        Assert.That(cost, Is.InRange(entropy * 0.9999, entropy * 1.01 + 0.001));
    }

    private static double Cumulative(double x) => x < 0 ? Math.Exp(x) / 2 : 1 - Math.Exp(-x) / 2;

    private static double Cost(int value, int mean, int fraction, int scale)
    {
        double b = Math.Pow(2, (scale - 36) / 8.0);
        int other = ReferenceRangeDecoder.Round(ReferenceRangeDecoder.OtherProbability(fraction, b));
        if (value == mean)
        {
            return -Math.Log2(1 - other / 65536.0);
        }

        double above = ReferenceRangeDecoder.Round(ReferenceRangeDecoder.AboveProbability(fraction, b)) / 65536.0;
        double probability = other / 65536.0 * (value > mean ? above : 1 - above);
        int n = Math.Abs(value - mean) - 1;
        int lowBits = Math.Max(0, (scale - 36) / 8);
        for (int bit = 0; bit < lowBits; bit++)
        {
            double one = ReferenceRangeDecoder.Round(ReferenceRangeDecoder.LowBitProbability(bit, b)) / 65536.0;
            probability *= (n >> bit) % 2 == 1 ? one : 1 - one;
        }

        double goOn = ReferenceRangeDecoder.Round(ReferenceRangeDecoder.GoOnProbability(lowBits, b)) / 65536.0;
        return -Math.Log2(probability) - (n >> lowBits) * Math.Log2(goOn) - Math.Log2(1 - goOn);
    }

    private static void Check(int entry, double probability)
    {
        double exact = probability * 65536;
        double distance = Math.Abs(exact - Math.Floor(exact) - 0.5);
        Assert.That(distance, Is.GreaterThan(1e-6));
        Assert.That(entry, Is.EqualTo(ReferenceRangeDecoder.Round(probability)));
    }
}
