using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>How the networks of a fit get into a file.</summary>
internal sealed class NetworkQuantizationTests
{
    [TestCase(0.5, new[] { 0, 0, 1, 1, 2, -1, -2 })]
    [TestCase(0.66, new[] { 0, 0, 0, 1, 2, -1, -1 })]
    public void Numbers_of_steps_go_up_from_the_threshold_on(double threshold, int[] expected)
    {
        FittedPrior prior = FittedPriors.Of(FittedLayout.Large, 9);
        float[] parameters = prior.ToFloat();
        const int Step = 3;
        const int Group = 1;
        int first = prior.Layout.Group(Group).Start.Value;
        double[] differences = [0, 0.4, 0.6, 0.7, 1.9, -1.2, -1.6];
        for (int i = 0; i < differences.Length; i++)
        {
            parameters[first + i] = (float)((prior.Means[first + i] + differences[i] * (1 << Step)) / (1 << prior.Layout.FractionalBits(first + i)));
        }

        short[] distances = new short[prior.Layout.Count];
        QuantizedNetwork.Round(prior, parameters, Group, Step, threshold, distances);
        Assert.That(distances.Skip(first).Take(expected.Length), Is.EqualTo(expected));
        Assert.That(distances.Take(first).Concat(distances.Skip(first + expected.Length)), Is.All.Zero);
    }

    [Test]
    public void Networks_that_adapt_cost_less()
    {
        PictureFit fit = Fitted();
        float[] before = [.. fit.Parameters];
        double coarse = Cost(fit, QuantizedNetwork.Quantize(fit.Prior, fit.Parameters, [9, 9, 9, 9, 9, 9, 9]));
        double chosen = Cost(fit, NetworkQuantization.Choose(fit, 0, default));
        double adapted = Cost(fit, NetworkQuantization.Choose(fit, 20, default));
        Assert.That(fit.Parameters, Is.EqualTo(before), "the fit itself stays as it is");
        Assert.That(chosen, Is.LessThan(coarse));
        Assert.That(adapted, Is.LessThan(0.995 * chosen));
    }

    [Test]
    public void Only_the_named_groups_adapt()
    {
        PictureFit fit = Fitted();
        Range part = fit.Prior.Layout.Group(4);
        (int first, int length) = part.GetOffsetAndLength(fit.Prior.Layout.Count);
        float[] parameters = [.. fit.Parameters];
        fit.Adapt(parameters, part, 0.01f, default);
        Assert.That(parameters.Take(first), Is.EqualTo(fit.Parameters.Take(first)));
        Assert.That(parameters.Skip(first + length), Is.EqualTo(fit.Parameters.Skip(first + length)));
        Assert.That(parameters.Skip(first).Take(length), Is.Not.EqualTo(fit.Parameters.Skip(first).Take(length)));
    }

    [Test]
    public void Integers_give_what_floats_promise([Values(6, 26)] int rate)
    {
        // Noise at a high rate: what the hidden layer adds and the direct way takes off again is many times as much as a picture holds.
        RgbImage picture = TestPicture.Create(160, 120);
        PictureFit fit = Fitted(picture, rate, iterations: 150);
        QuantizedNetwork network = NetworkQuantization.Choose(fit, 0, default);
        IntegerGrids grids = fit.ToIntegers(default);
        double promised = -10 * Math.Log10(fit.Error(network.ToFloat(), default));
        Assert.That(Metrics.Psnr(picture, IntegerSynthesis.Run(network, grids)), Is.EqualTo(promised).Within(0.15));
        Assert.That(FittedRate.OfGrids(network, grids).Sum(), Is.EqualTo(fit.Bits(network.ToFloat(), default)).Within(3).Percent);
    }

    private static PictureFit Fitted() => Fitted(TestPicture.Create(96, 80), rate: 14, iterations: 60);

    private static PictureFit Fitted(RgbImage picture, int rate, int iterations)
    {
        PictureFit fit = new(FittedPriors.Of(FittedLayout.Large, rate), picture, FittedPriors.Lambda(rate), maxThreads: 2);
        LatentStart.Fill(fit, default);
        for (int i = 0; i < iterations; i++)
        {
            fit.Iterate(FitSchedule.At((float)i / iterations, fit.Lambda), default);
        }

        fit.Round(default);
        return fit;
    }

    private static double Cost(PictureFit fit, QuantizedNetwork network)
    {
        float[] parameters = network.ToFloat();
        return network.TotalBits + fit.Bits(parameters, default) + fit.WeightedError(parameters, default);
    }
}
