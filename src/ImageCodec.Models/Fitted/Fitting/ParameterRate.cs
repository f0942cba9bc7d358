namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// What it costs in the file that a parameter differs from the prior's mean, as far as a gradient can tell: about <see cref="Weight"/> · log2(1 + |difference| / size).
/// It draws back what helps nothing.
/// </summary>
internal sealed class ParameterRate
{
    private const double LargestWeight = 5;
    private const double SmallestWeight = 0.5;

    /// <summary>Up to so many bits of latents the largest weight is best.</summary>
    private const double FewBits = 60_000;

    /// <summary>Where a difference begins to cost something, of the prior's scale.</summary>
    private const double SizeOfScale = 0.7;

    /// <summary>Below this part of its size a difference draws less and less, so that no parameter is torn to and fro.</summary>
    private const float Softness = 0.25f;

    private readonly float[] _means;
    private readonly float[] _sizes;

    public ParameterRate(FittedPrior prior)
    {
        _means = prior.ToFloat();
        _sizes = new float[_means.Length];
        for (int i = 0; i < _sizes.Length; i++)
        {
            double scale = Math.Pow(2, (double)prior.Scales[i] / LaplaceTables.ScalesPerOctave) / (1 << prior.Layout.FractionalBits(i));
            _sizes[i] = (float)(SizeOfScale * scale);
        }
    }

    /// <summary>How much a difference counts beside so many bits of latents: the more there are, the surer are the steps of networks, and the less noise is to be drawn back.</summary>
    public static float Weight(double bits) => (float)Math.Clamp(LargestWeight * Math.Sqrt(FewBits / Math.Max(bits, 1)), SmallestWeight, LargestWeight);

    /// <summary>Adds the gradient by the parameters.</summary>
    public void AddGradient(ReadOnlySpan<float> parameters, float weight, Span<float> gradients)
    {
        const float Ln2 = 0.6931472f;
        for (int i = 0; i < gradients.Length; i++)
        {
            float difference = parameters[i] - _means[i];
            float distance = MathF.Abs(difference);
            float size = _sizes[i];
            gradients[i] += weight / Ln2 * difference / ((distance + size) * (distance + Softness * size));
        }
    }
}
