using ImageCodec.Models.Hyperpriors;

namespace ImageCodec.Models.Tests;

public class LatentCurvatureTests
{
    private const int Places = 600;
    private const int Channels = 120;

    /// <summary>Slopes made of curvatures that are known, and of as much again that has nothing to do with them.</summary>
    [Test]
    public void Curvatures_of_channels_and_places_are_found_under_noise()
    {
        Random random = new(3);
        double[] channels = [.. Enumerable.Range(0, Channels).Select(channel => 0.04 + 0.0005 * channel)];
        LatentCurvature curvature = new(Places, Channels);
        for (int round = 0; round < 10; round++)
        {
            float[] roundings = [.. Enumerable.Range(0, Places * Channels).Select(_ => random.NextSingle() - 0.5f)];
            curvature.Add(roundings, [.. roundings.Select((rounding, i) =>
                (float)((rounding + random.NextDouble() - 0.5) / (channels[i % Channels] * PlaceFactor(i / Channels))))]);
        }

        // Places have a few values only, and are half believed to be as usual.
        for (int channel = 0; channel < Channels; channel++)
        {
            double low = Mean(place => PlaceFactor(place) < 1), high = Mean(place => PlaceFactor(place) > 1);
            Assert.That(Math.Sqrt(low * high), Is.EqualTo(channels[channel]).Within(15).Percent, $"channel {channel}");
            Assert.That(high / low, Is.InRange(1.1, 1.5), $"channel {channel}");

            double Mean(Func<int, bool> belongs) => Enumerable.Range(0, Places).Where(belongs).Average(place => curvature.Inverse(place, channel));
        }

        static double PlaceFactor(int place) => place % 2 == 0 ? 0.8 : 1.2;
    }

    [Test]
    public void Without_anything_to_learn_from_the_usual_one_is_taken()
    {
        LatentCurvature curvature = new(2, 3);
        curvature.Add([0, 0, 0, 5, -3, 0], [1, -1, 0, 700, 7, 0]);
        Assert.That(curvature.Inverse(1, 0), Is.EqualTo(0.05f).Within(1e-6));
        Assert.That(curvature.WeightOf(1, 0), Is.EqualTo(1.0954f).Within(1e-4), "the root of 0.06 in 0.05");
    }

    /// <summary>Slopes that fall where they should rise, that are steep beyond reason, and that are hardly there.</summary>
    [TestCase(-20f)]
    [TestCase(1e6f)]
    [TestCase(1e-6f)]
    public void What_is_found_stays_within_reason(float slope)
    {
        LatentCurvature curvature = new(1, 1);
        for (int round = 0; round < 1000; round++)
        {
            curvature.Add([0.5f], [0.5f * slope]);
        }

        Assert.That(curvature.Inverse(0, 0), Is.InRange(0.009f, 0.31f));
    }
}
