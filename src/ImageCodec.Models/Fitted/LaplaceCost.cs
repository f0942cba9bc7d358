namespace ImageCodec.Models.Fitted;

/// <summary>What values cost in bits, by the probabilities they are coded with: for choices of an encoder.</summary>
internal static class LaplaceCost
{
    private static readonly float[] s_same = Costs(LaplaceTables.Other, complement: true);
    private static readonly float[] s_above = JoinCosts(complement: false);
    private static readonly float[] s_below = JoinCosts(complement: true);
    private static readonly float[] s_goOn = new float[LaplaceTables.Scales];
    private static readonly float[] s_end = new float[LaplaceTables.Scales];
    private static readonly float[][] s_low = FillLow();

    /// <summary>The bits that a value takes.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mean">The mean's whole part.</param>
    /// <param name="fraction">Its fraction in sixteenths, −8 … 7.</param>
    /// <param name="scale">The number of the scale.</param>
    public static float Of(int value, int mean, int fraction, int scale) => Of(value, mean, LaplaceTables.Row(fraction, scale));

    /// <summary>The bits that a value takes.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mean">The mean's whole part.</param>
    /// <param name="row">Where its fraction and the scale stand in the tables.</param>
    public static float Of(int value, int mean, int row)
    {
        int distance = value - mean;
        if (distance == 0)
        {
            return s_same[row];
        }

        int n = Math.Abs(distance) - 1;
        int scale = row / LaplaceTables.Fractions;
        float[] low = s_low[scale];
        return (distance > 0 ? s_above : s_below)[row] + low[n & (low.Length - 1)] + (n >> LaplaceTables.LowBits(scale)) * s_goOn[scale] + s_end[scale];
    }

    private static float Bits(int probability) => -MathF.Log2(probability / 65536f);

    private static float[] Costs(ushort[] probabilities, bool complement) =>
        Array.ConvertAll(probabilities, probability => Bits(complement ? 65536 - probability : probability));

    private static float[] JoinCosts(bool complement)
    {
        float[] other = Costs(LaplaceTables.Other, complement: false);
        float[] side = Costs(LaplaceTables.Above, complement);
        return Array.ConvertAll(Enumerable.Range(0, other.Length).ToArray(), row => other[row] + side[row]);
    }

    /// <summary>For each scale the costs of the low bits, by their number; those of the run besides.</summary>
    private static float[][] FillLow()
    {
        float[][] costs = new float[LaplaceTables.Scales][];
        for (int scale = 0; scale < costs.Length; scale++)
        {
            ReadOnlySpan<ushort> digits = LaplaceTables.Distance.AsSpan(scale * LaplaceTables.Digits, LaplaceTables.Digits);
            int lowBits = LaplaceTables.LowBits(scale);
            s_goOn[scale] = Bits(digits[lowBits]);
            s_end[scale] = Bits(65536 - digits[lowBits]);
            costs[scale] = new float[1 << lowBits];
            for (int n = 0; n < costs[scale].Length; n++)
            {
                for (int digit = 0; digit < lowBits; digit++)
                {
                    costs[scale][n] += Bits((n >> digit & 1) != 0 ? digits[digit] : 65536 - digits[digit]);
                }
            }
        }

        return costs;
    }
}
