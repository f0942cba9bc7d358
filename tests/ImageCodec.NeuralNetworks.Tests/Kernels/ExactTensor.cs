using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Kernels;

/// <summary>Sums in double precision that know how many terms they have and how large those are together.</summary>
internal sealed class ExactTensor(int count, TensorShape shape)
{
    private readonly double[] _sums = new double[count * shape.Length];
    private readonly double[] _magnitudes = new double[count * shape.Length];
    private readonly int[] _terms = new int[count * shape.Length];

    public TensorShape Shape => shape;

    /// <summary>Starts the sums of each place from one value for each channel.</summary>
    public void Add(float[] bias)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            Add(i, bias[i % bias.Length], 1);
        }
    }

    public void Add(int index, float a, float b)
    {
        _sums[index] += (double)a * b;
        _magnitudes[index] += Math.Abs((double)a * b);
        _terms[index]++;
    }

    public void ApplyRelu()
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] = Math.Max(0, _sums[i]);
        }
    }

    /// <summary>A chain of n fused multiply-adds is off by at most about n · 2^−24 times the sum of the magnitudes.</summary>
    public void AssertNear(ReadOnlySpan<float> actual, string what)
    {
        Assert.That(actual.Length, Is.EqualTo(_sums.Length), what);
        for (int i = 0; i < _sums.Length; i++)
        {
            double allowed = (_terms[i] + 1) * _magnitudes[i] / (1 << 24) + 1e-30;
            if (!(Math.Abs(actual[i] - _sums[i]) <= allowed))
            {
                Assert.Fail($"{what}: value {i} of {shape} is {actual[i]:R}, but should be {_sums[i]:R} within {allowed:G3}.");
            }
        }
    }

    public void AssertNear(Tensor actual, string what)
    {
        Assert.That(actual.Shape, Is.EqualTo(shape), what);
        AssertNear(actual.Span, what);
    }
}
