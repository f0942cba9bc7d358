using ImageCodec.Models.Hyperpriors;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

public class HyperpriorRateTests
{
    /// <summary>Else the decoder would be trained on values that it never sees.</summary>
    [Test]
    public void Training_rounds_as_the_codec_does([Values(60, 150, 250)] int level)
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        EntropyModel entropyModel = ((HyperpriorNetwork)model.Network).EntropyModel;
        foreach (ChannelGroup group in entropyModel.Groups)
        {
            // Narrow distributions, in which a bit or more is often to be saved.
            group.Head.Parameters.Last().Parameter.Values[group.Channels..].Fill(-1);
        }

        HyperpriorLatentCodec codec = new(entropyModel, model.Workspace, maxThreads: 1);
        TensorShape shape = new(8, 12, model.Encoder.LatentChannels);
        Random random = new(3);
        float[] latent = [.. Enumerable.Range(0, shape.Length).Select(_ => (random.NextSingle() + random.NextSingle() - 1) * 0.8f)];
        float[] coded = new float[latent.Length];
        CodedLatent quantized = codec.Quantize(latent, shape, level, null, coded, CancellationToken.None);
        float[] gains = entropyModel.Gains.Gains(RateGains.RateOf(level));

        using ComputeScope scope = new(model.Workspace, 1, recording: true);
        Tensor gained = scope.Create(1, shape);
        latent.Select((value, i) => value * gains[i % shape.Channels]).ToArray().CopyTo(gained.Span);
        Tensor hyperLatent = scope.Create(1, entropyModel.HyperLatent.ShapeOf(shape));
        entropyModel.HyperLatent.Dequantize(quantized.Values, hyperLatent);
        Tensor parameters = entropyModel.HyperLatent.Synthesis.Forward(scope, hyperLatent);
        Tensor rounded = new HyperpriorRate(scope, entropyModel.Groups, [new RandomSource(1)], [1]).CodeLatent(gained, parameters);

        Assert.That(rounded.Span.ToArray(), Is.EqualTo(coded));

        // Rounding to the nearest would move none by more than half a step.
        Assert.That(coded.Zip(gained.Span.ToArray(), (to, from) => Math.Abs(to - from)).Max(), Is.GreaterThan(0.55));
    }
}
