using ImageCodec.Entropy;
using ImageCodec.Models.Hyperpriors;

namespace ImageCodec.Models.Tests;

public class NormalRateTests
{
    [Test]
    public void Bits_are_those_of_the_integer_tables_to_a_percent([Values(0.2, 0.5, 1, 3, 20)] double scale)
    {
        FrequencyTable table = FrequencyTable.FromGaussian(scale);
        for (short value = 0; value < 3 * scale; value++)
        {
            float bits = NormalRate.Bits(value, (float)Math.Log(scale), out _, out _);
            Assert.That(bits, Is.EqualTo(table.GetBits(value)).Within(0.01).Or.EqualTo(table.GetBits(value)).Within(1).Percent, $"{value}");
        }
    }

    [Test]
    public void Slopes_are_differences_of_the_bits(
        [Values(-40f, -3f, -0.4f, 0.001f, 0.6f, 2f, 9f, 40f)] float x, [Values(-2f, -0.5f, 0.3f, 2f)] float logScale)
    {
        const float Step = 0.01f;
        NormalRate.Bits(x, logScale, out float byValue, out float byLogScale);
        float nearby = NormalRate.Bits(x + Step, logScale, out _, out _) - NormalRate.Bits(x - Step, logScale, out _, out _);
        float other = NormalRate.Bits(x, logScale + Step, out _, out _) - NormalRate.Bits(x, logScale - Step, out _, out _);
        Assert.That(byValue, Is.EqualTo(nearby / (2 * Step)).Within(3).Percent.Or.EqualTo(nearby / (2 * Step)).Within(0.01));
        Assert.That(byLogScale, Is.EqualTo(other / (2 * Step)).Within(3).Percent.Or.EqualTo(other / (2 * Step)).Within(0.03));
    }

    [Test]
    public void The_tail_goes_on_where_the_likelihood_ends()
    {
        float before = NormalRate.Bits(0, 0, out _, out _);
        for (float x = 0.02f; x < 30; x += 0.02f)
        {
            float bits = NormalRate.Bits(x, 0, out _, out _);
            Assert.That(bits, Is.GreaterThanOrEqualTo(before - 0.3f).And.LessThan(before + 1.5f), $"{x}");
            before = bits;
        }
    }
}
