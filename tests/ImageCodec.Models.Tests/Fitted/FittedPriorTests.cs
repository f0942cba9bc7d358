using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The networks that fitted files start from.</summary>
internal sealed class FittedPriorTests
{
    [Test]
    public void A_prior_lies_between_the_anchors_next_to_its_rate([Values(0, 1, 7, 8, 20, 31)] int rate)
    {
        FittedLayout layout = FittedLayout.Small;
        Random random = new(rate);
        short[][] means = [.. Enumerable.Range(0, PriorAnchors.Count).Select(_ => Enumerable.Range(0, layout.Count).Select(_ => (short)random.Next(-32768, 32768)).ToArray())];
        FittedPrior prior = new PriorAnchors(layout, means, new sbyte[layout.Count]).At(rate);
        for (int i = 0; i < layout.Count; i++)
        {
            double below = means[rate / 8][i];
            double above = means[rate / 8 + 1][i];
            double between = below + (above - below) * (rate % 8) / 8;
            Assert.That((double)prior.Means[i], Is.EqualTo(Math.Floor(between + 0.5)), $"parameter {i}");
        }
    }

    [Test]
    public void All_layouts_have_a_prior_at_all_rates()
    {
        foreach (FittedLayout layout in FittedLayout.All)
        {
            for (int rate = 0; rate < FittedPriors.Rates; rate++)
            {
                FittedPrior prior = FittedPriors.Of(layout, rate);
                Assert.That((prior.Rate, prior.Means.Count, prior.Scales.Count), Is.EqualTo((rate, layout.Count, layout.Count)));
            }
        }
    }
}
