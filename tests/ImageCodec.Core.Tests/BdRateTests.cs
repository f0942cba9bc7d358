using System.Text.Json;

namespace ImageCodec.Tests;

public class BdRateTests
{
    private static readonly JsonElement Reference = Fixture.Read("bd-rate.json");

    private static readonly RateDistortionPoint[] Curve = [new(0.1, 25), new(0.2, 28), new(0.4, 31), new(0.8, 33)];

    private static IEnumerable<TestCaseData> Cases => Reference.GetProperty("cases").EnumerateArray().Select(one => new TestCaseData(
        one.GetProperty("anchor").GetString(), one.GetProperty("test").GetString(), one.GetProperty("percent").GetDouble()));

    [TestCaseSource(nameof(Cases))]
    public void Equals_exact_arithmetic(string anchor, string test, double percent) =>
        Assert.That(Metrics.BdRate(Points(anchor), Points(test)), Is.EqualTo(percent).Within(1e-9));

    [Test]
    public void A_codec_that_always_needs_a_third_less_has_minus_a_third()
    {
        RateDistortionPoint[] better = [.. Curve.Select(point => point with { BitsPerPixel = point.BitsPerPixel * 2 / 3 })];
        Assert.That(Metrics.BdRate(Curve, better), Is.EqualTo(-100 / 3.0).Within(1e-9));
        Assert.That(Metrics.BdRate(better, Curve), Is.EqualTo(50).Within(1e-9));
        Assert.That(Metrics.BdRate(Curve, Curve), Is.Zero.Within(1e-12));
    }

    [Test]
    public void The_order_of_the_points_does_not_matter() =>
        Assert.That(Metrics.BdRate([Curve[2], Curve[0], Curve[3], Curve[1]], Curve), Is.Zero.Within(1e-12));

    [Test]
    public void Curves_apart_are_refused_with_their_ranges()
    {
        RateDistortionPoint[] above = [.. Curve.Select(point => point with { Psnr = point.Psnr + 8 })];
        Assert.That(
            () => Metrics.BdRate(Curve, above),
            Throws.ArgumentException.With.Message.Contains("25.00 to 33.00").And.Message.Contains("33.00 to 41.00"));
    }

    [Test]
    public void Curves_that_are_none_are_refused()
    {
        Assert.That(() => Metrics.BdRate(Curve[..3], Curve), Throws.ArgumentException.With.Message.Contains("at least 4 points, but has 3").And.Property("ParamName").EqualTo("anchor"));
        Assert.That(() => Metrics.BdRate(Curve, [.. Curve, new(1, 32)]), Throws.ArgumentException.With.Message.Contains("must rise").And.Property("ParamName").EqualTo("test"));
        Assert.That(() => Metrics.BdRate([.. Curve, new(0.8, 34)], Curve), Throws.ArgumentException.With.Message.Contains("must rise"));
        Assert.That(() => Metrics.BdRate([.. Curve, new(0, 20)], Curve), Throws.ArgumentException.With.Message.Contains("above zero"));
        Assert.That(() => Metrics.BdRate([.. Curve, new(2, double.PositiveInfinity)], Curve), Throws.ArgumentException.With.Message.Contains("finite"));
        Assert.That(() => Metrics.BdRate(null!, Curve), Throws.ArgumentNullException);
    }

    /// <summary>Without the monotone slopes a cubic through these points would swing far beyond them.</summary>
    [Test]
    public void Interpolation_stays_between_its_points()
    {
        PchipCurve curve = new([0, 1, 1.1, 5], [0, 0.01, 4, 4.01]);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(Mean(i * 0.01, (i + 1) * 0.01), Is.InRange(0, 0.01 + 1e-12));
            Assert.That(Mean(1.1 + i * 0.039, 1.1 + (i + 1) * 0.039), Is.InRange(4 - 1e-12, 4.01 + 1e-12));
        }

        Assert.That(
            new[] { Mean(0, 1e-6), Mean(1 - 1e-6, 1 + 1e-6), Mean(1.1 - 1e-6, 1.1 + 1e-6), Mean(5 - 1e-6, 5) },
            Is.EqualTo(new[] { 0, 0.01, 4, 4.01 }).Within(1e-4));

        double Mean(double from, double to) => curve.Integrate(from, to) / (to - from);
    }

    [Test]
    public void Two_points_make_a_line()
    {
        PchipCurve line = new([1, 3], [5, 9]);
        Assert.That(line.Integrate(1.5, 2), Is.EqualTo(3.25).Within(1e-12));
        Assert.That(line.Integrate(1, 3), Is.EqualTo(14).Within(1e-12));
    }

    private static RateDistortionPoint[] Points(string name) =>
        [.. Reference.GetProperty("curves").GetProperty(name).EnumerateArray().Select(point => new RateDistortionPoint(point[0].GetDouble(), point[1].GetDouble()))];
}
