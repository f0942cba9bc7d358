namespace ImageCodec.Models.Hyperpriors;

/// <summary>The scales that values are coded with: from 0.11 to 256 with equal ratios. Each has a table of its own.</summary>
internal static class ScaleTable
{
    public const int Count = 64;

    public const float LowestLogScale = -2.2072749f;

    public const float HighestLogScale = LowestLogScale + (Count - 1) * LogScaleStep;

    public const float LogScaleStep = 0.1230548f;

    public const double Lowest = 0.11;

    public const double Highest = 256;

    /// <summary>The index of the table for a scale, from the scale's logarithm: nearest by ratio, the ends for what lies beyond, 0 for not a number.</summary>
    public static byte IndexOf(float logScale)
    {
        float index = (logScale - LowestLogScale) / LogScaleStep + 0.5f;
        return index >= 1 ? (byte)Math.Min(index, Count - 1) : (byte)0;
    }
}
