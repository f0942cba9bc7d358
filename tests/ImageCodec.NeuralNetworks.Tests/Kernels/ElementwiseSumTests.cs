using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Kernels;

/// <summary>Sums of two values each, to the bit those of a plain loop.</summary>
public class ElementwiseSumTests
{
    [Test]
    public void Tensors_add_up_value_by_value([Values(1, 2, 7, 17, 64)] int channels, [Values(1, 3)] int threads)
    {
        RandomSource random = new(channels);
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace, threads);
        TensorShape shape = new(61, 43, channels);
        Tensor target = random.Tensor(scope, 2, shape);
        Tensor addend = random.Tensor(scope, 2, shape);
        float[] expected = [.. target.Span.ToArray().Zip(addend.Span.ToArray(), (a, b) => a + b)];

        ElementwiseSum.Add(scope, target, addend);

        Assert.That(target.Span.SequenceEqual(expected));
    }

    [Test]
    public void Channels_add_up_and_those_beside_them_stay([Values(1, 5, 16, 23)] int channels, [Values(1, 3)] int threads)
    {
        const int FirstTarget = 3;
        const int FirstAddend = 2;
        RandomSource random = new(channels, 1);
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace, threads);
        Tensor target = random.Tensor(scope, 2, new TensorShape(31, 29, FirstTarget + channels + 1));
        Tensor addend = random.Tensor(scope, 2, new TensorShape(31, 29, FirstAddend + channels));
        float[] expected = target.Span.ToArray();
        for (int place = 0; place < 2 * 31 * 29; place++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                expected[place * target.Channels + FirstTarget + channel] += addend.Span[place * addend.Channels + FirstAddend + channel];
            }
        }

        ElementwiseSum.AddChannels(scope, target, FirstTarget, addend, FirstAddend, channels);

        Assert.That(target.Span.SequenceEqual(expected));
    }
}
