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

    /// <summary>Many at once, of any number, are what they are one by one: bits of means, which a zero is added to, included.</summary>
    [Test]
    public void Values_of_a_place_are_those_one_by_one([Values(1, 7, 16, 64, 83)] int count)
    {
        Random random = new(count);
        float[] logScales = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 9 - 3))];
        (logScales[0], logScales[count / 2]) = (float.NaN, float.PositiveInfinity);
        float[] means = [.. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? -0f : (float)(random.NextDouble() - 0.5))];
        float[] values = [.. means.Select((mean, i) => i % 3 == 0 ? mean + 0.5f : mean + (float)((random.NextDouble() - 0.5) * (i > count / 2 ? 9 : 0.9)))];
        byte[] tables = new byte[count];
        short[] quantized = new short[count];
        float[] decoded = new float[count];

        ScaleTable.IndicesOf(logScales, tables);
        _quantizer.Run(values, means, tables, quantized, decoded);

        Assert.That(tables, Is.EqualTo(logScales.Select(ScaleTable.IndexOf)));
        short[] expected = [.. values.Select((value, i) => _quantizer.Run(value - means[i], tables[i]))];
        Assert.That(quantized, Is.EqualTo(expected));
        Assert.That(decoded.Select(BitConverter.SingleToInt32Bits), Is.EqualTo(expected.Select((value, i) => BitConverter.SingleToInt32Bits(value + means[i]))));
    }

    [TestCase(1e9f, short.MaxValue)]
    [TestCase(-1e9f, -short.MaxValue)]
    [TestCase(0f, 0)]
    public void The_ends_are_kept(float value, short expected) => Assert.That(_quantizer.Run(value, 63), Is.EqualTo(expected));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void What_is_not_finite_is_refused(float value) => Assert.That(() => _quantizer.Run(value, 3), Throws.ArgumentException);
}
