namespace ImageCodec.Models.Fitted;

/// <summary>The trained networks of a layout: one for every eighth rate, between which the others lie.</summary>
internal sealed class PriorAnchors
{
    /// <summary>How many there are.</summary>
    public const int Count = 5;

    private const int RateBits = 3;

    private readonly FittedLayout _layout;
    private readonly short[][] _means;
    private readonly sbyte[] _scales;

    /// <summary>Joins means and scales.</summary>
    /// <param name="layout">Whose parameters.</param>
    /// <param name="means">For each anchor the means of all parameters, in their integer units.</param>
    /// <param name="scales">Logarithms to base 2 of scales in these units, in eighths; the same at all rates.</param>
    public PriorAnchors(FittedLayout layout, short[][] means, sbyte[] scales)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(means.Length, Count);
        (_layout, _means, _scales) = (layout, means, scales);
    }

    /// <summary>The prior at a rate, by linear interpolation.</summary>
    public FittedPrior At(int rate)
    {
        int part = rate & ((1 << RateBits) - 1);
        short[] below = _means[rate >> RateBits];
        short[] above = _means[(rate >> RateBits) + 1];
        short[] means = new short[below.Length];
        for (int i = 0; i < means.Length; i++)
        {
            means[i] = (short)((below[i] * ((1 << RateBits) - part) + above[i] * part + (1 << RateBits - 1)) >> RateBits);
        }

        return new FittedPrior(_layout, rate, means, _scales);
    }
}
