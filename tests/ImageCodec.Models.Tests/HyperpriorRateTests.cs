using ImageCodec.Models.Hyperpriors;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

public class HyperpriorRateTests
{
    /// <summary>Each value by itself, with an eye on the rate, around what is predicted from values that were rounded before.</summary>
    [Test]
    public unsafe void Training_rounds_with_an_eye_on_the_rate([Values(60, 150, 250)] int level)
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        EntropyModel entropyModel = ((HyperpriorNetwork)model.Network).EntropyModel;
        foreach (ChannelGroup group in entropyModel.Groups)
        {
            // Narrow distributions, in which a bit or more is often to be saved.
            group.Head.Parameters.Last().Parameter.Values[group.Channels..].Fill(-1);
        }

        TensorShape shape = new(8, 12, model.Encoder.LatentChannels);
        Random random = new(3);
        float[] gains = entropyModel.Gains.Gains(RateGains.RateOf(level));
        using ComputeScope scope = new(model.Workspace, 1, recording: true);
        Tensor gained = scope.Create(1, shape);
        foreach (ref float value in gained.Span)
        {
            value = (random.NextSingle() + random.NextSingle() - 1) * 0.8f;
        }

        for (int i = 0; i < gained.Length; i++)
        {
            gained.Span[i] *= gains[i % shape.Channels];
        }

        Tensor hyperLatent = scope.CreateZero(1, entropyModel.HyperLatent.ShapeOf(shape));
        Tensor parameters = entropyModel.HyperLatent.Synthesis.Forward(scope, hyperLatent);
        Tensor rounded = new HyperpriorRate(scope, entropyModel.Groups, [new RandomSource(1)], [1]).CodeLatent(gained, parameters);

        RateDistortionQuantizer quantizer = new(new Entropy.ScaleGrid(0.11, 256, 64).CreateGaussianTables());
        foreach (CodingStep step in entropyModel.Walk(scope, hyperLatent))
        {
            for (int row = 0; row < shape.Height; row++)
            {
                for (int column = (row + (int)step.Positions) % 2; column < shape.Width; column += 2)
                {
                    for (int channel = 0; channel < step.Group.Channels; channel++)
                    {
                        int place = row * shape.Width + column;
                        int at = place * shape.Channels + step.Group.FirstChannel + channel;
                        float mean = step.Prediction.At(row, column)[channel];
                        int table = ScaleTable.IndexOf(step.Prediction.LogScalesAt(row, column)[channel]);
                        float expected = quantizer.Run(gained.Span[at] - mean, table) + mean;
                        Assert.That(rounded.Span[at], Is.EqualTo(expected), $"row {row}, column {column}, channel {channel}");
                        step.Coded.Span[place * step.Group.Channels + channel] = expected;
                    }
                }
            }
        }

        // Rounding to the nearest would move none by more than half a step.
        Assert.That(rounded.Span.ToArray().Zip(gained.Span.ToArray(), (to, from) => Math.Abs(to - from)).Max(), Is.GreaterThan(0.55));
    }
}
