namespace ImageCodec.Evaluation.Tests;

/// <summary>Means, curves and BD-rates of figures made by hand.</summary>
public class CodecResultTests
{
    [Test]
    public void Means_are_of_bits_and_decibels_at_one_setting()
    {
        CodecResult codec = Create("a", [(0.2, 20), (0.4, 30)], [(0.4, 24), (0.8, 38)]);
        Assert.That(codec.Points.Select(point => point.BitsPerPixel), Is.EqualTo(new[] { 0.3, 0.6 }).Within(1e-12));
        Assert.That(codec.Points.Select(point => point.Psnr), Is.EqualTo(new[] { 22.0, 34 }).Within(1e-12));
        Assert.That((codec.IsModel, codec.PlainPsnr), Is.EqualTo((false, (double?)null)));
    }

    [Test]
    public void Points_that_others_beat_do_not_count()
    {
        CodecResult codec = Create("a", [(0.1, 20), (0.3, 25), (0.2, 25), (0.4, 24.9), (0.5, 30), (0.5, 29), (0.6, 30)]);
        Assert.That(codec.BestPoints(QualityMetric.Psnr).Select(point => (point.BitsPerPixel, point.Psnr)), Is.EqualTo(new[] { (0.1, 20.0), (0.2, 25), (0.5, 30) }));
    }

    [Test]
    public void Bd_rates_compare_the_best_points_and_say_the_range()
    {
        CodecResult codec = Create("a", [(0.05, 20), (0.1, 24), (0.2, 28), (0.4, 32), (0.9, 31)]);
        CodecResult anchor = Create("b", [(0.2, 24), (0.4, 28), (0.8, 32), (1.6, 36)]);
        BdComparison comparison = BdComparison.Of(codec, anchor);
        Assert.That((comparison.Codec, comparison.Anchor), Is.EqualTo(("a", "b")));
        BdFigure figure = comparison.Figures[QualityMetric.Psnr];
        Assert.That(figure.Percent, Is.EqualTo(-50).Within(1e-9));
        Assert.That((figure.From, figure.To, figure.Problem), Is.EqualTo(((double?)24, (double?)32, (string?)null)));
        Assert.That(BdFigure.Of(anchor, codec, QualityMetric.Psnr).Percent, Is.EqualTo(100).Within(1e-9));
    }

    /// <summary>The other two metrics have ranges of their own, and other points are beaten.</summary>
    [Test]
    public void Bd_rates_by_other_metrics_are_of_their_own_curves()
    {
        CodecResult codec = Create("a", [(0.1, 24), (0.2, 23), (0.4, 22), (0.8, 21)]);
        CodecResult anchor = Create("b", [(0.3, 24), (0.6, 28), (1.2, 32), (2.4, 36)]);
        Assert.That(BdFigure.Of(codec, anchor, QualityMetric.Psnr).Problem, Does.Contain("at least 4 points, but has 1"));
        BdFigure points = BdFigure.Of(codec, anchor, QualityMetric.Ssimulacra2);
        Assert.That(points.Percent, Is.EqualTo(-100 * 2 / 3.0).Within(1e-9));
        Assert.That((points.From, points.To), Is.EqualTo(((double?)10, (double?)40)));
        BdFigure decibels = BdFigure.Of(codec, anchor, QualityMetric.MsSsim);
        Assert.That(decibels.Percent, Is.EqualTo(-100 * 2 / 3.0).Within(1e-9));
        Assert.That((decibels.From, decibels.To), Is.EqualTo(((double?)10, (double?)40)).Within(1e-9));
    }

    [Test]
    public void What_can_t_be_compared_says_why()
    {
        CodecResult low = Create("a", [(0.1, 10), (0.2, 11), (0.3, 12), (0.4, 13)]);
        CodecResult high = Create("b", [(0.1, 20), (0.2, 21), (0.3, 22), (0.4, 23)]);
        BdFigure figure = BdFigure.Of(low, high, QualityMetric.Psnr);
        Assert.That((figure.Percent, figure.From, figure.To), Is.EqualTo(((double?)null, (double?)null, (double?)null)));
        Assert.That(figure.Problem, Does.Contain("20.00 to 23.00").And.Contain("10.00 to 13.00").And.Not.Contain("Parameter"));
    }

    /// <summary>A codec with points of one or more pictures, which rise by 10 dB of MS-SSIM and 10 points from setting to setting.</summary>
    private static CodecResult Create(string name, params (double Rate, double Psnr)[][] pictures)
    {
        ClassicalFormat format = new()
        {
            Name = name,
            Encoder = "none",
            Decoder = "none",
            Package = "none",
            VersionArgument = "",
            Extension = ".none",
            EncoderArguments = "{0} {1} {2}",
            DecoderArguments = "{0} {1}",
            SettingName = "quality",
            Settings = [.. Enumerable.Range(1, pictures[0].Length).Select(i => (double)i)],
        };
        PictureResult[] results =
        [
            .. pictures.Select((points, i) => new PictureResult(
                $"{i}.png", 10, 10,
                new Dictionary<string, IReadOnlyList<Measurement>>
                {
                    [name] = [.. points.Select((point, k) => new Measurement(k + 1, 1, point.Rate, new Distortion(point.Psnr, 1 - Math.Pow(10, -k - 1), 10 * (k + 1)), 1, 1))],
                },
                new Dictionary<string, Distortion>(),
                [])),
        ];
        return new CodecResult(new ClassicalCodec(format, "/nowhere/none", "/nowhere/none"), results);
    }
}
