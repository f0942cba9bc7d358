namespace ImageCodec.Models.Fitted;

/// <summary>What the parameters of a layout are before a file says anything of them: means, and by how much they differ from them.</summary>
internal sealed class FittedPrior
{
    /// <summary>Joins means and scales, one of each a parameter.</summary>
    /// <param name="layout">Whose parameters.</param>
    /// <param name="rate">The rate that it is for, 0 … <see cref="FittedPriors.Rates"/> − 1.</param>
    /// <param name="means">In the parameters' integer units.</param>
    /// <param name="scales">Logarithms to base 2 of scales in these units, in eighths.</param>
    public FittedPrior(FittedLayout layout, int rate, short[] means, sbyte[] scales)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(means.Length, layout.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scales.Length, layout.Count);
        (Layout, Rate, Means, Scales) = (layout, rate, means, scales);
    }

    public FittedLayout Layout { get; }

    public int Rate { get; }

    public IReadOnlyList<short> Means { get; }

    public IReadOnlyList<sbyte> Scales { get; }

    /// <summary>The means as the networks of a fit have them.</summary>
    public float[] ToFloat() => [.. Means.Select((mean, i) => mean / (float)(1 << Layout.FractionalBits(i)))];
}
