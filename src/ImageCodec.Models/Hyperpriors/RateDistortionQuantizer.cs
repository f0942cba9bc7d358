using ImageCodec.Entropy;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Rate–distortion optimised quantisation (RDOQ): the next integer towards zero is taken where the bits it saves are worth the error it adds. It stands in for
/// <see cref="TrellisQuantizer"/> while a model is trained, as each value can be rounded by itself.
/// </summary>
internal sealed class RateDistortionQuantizer
{
    /// <summary>
    /// λ: what a bit may cost in squared steps. At the optimum of a fine uniform quantiser, whose error is 1/12 of a squared step, a bit less
    /// multiplies the error by 4: the slope is 2 ln 2 / 12 = 0.116. About half of it is best on photos, as other values are predicted from this one.
    /// </summary>
    public const float Lambda = 0.05f;

    /// <summary>[table][|value|], bits; beyond the last one no more is saved than between the last two.</summary>
    private readonly float[][] _bits;

    private static readonly Lazy<RateDistortionQuantizer> OfNormalTables = new(() => new RateDistortionQuantizer(new FrequencyTableSet(HyperpriorTables.NormalTables)));

    /// <summary>Prepares for symmetric tables.</summary>
    public RateDistortionQuantizer(FrequencyTableSet tables) =>
        _bits = [.. tables.Tables.Select(table => Enumerable.Range(0, table.MaxValue + 1).Select(value => BitsOf(table, value)).ToArray())];

    /// <summary>With what normal distributions of the scales of <see cref="ScaleTable"/> take for a value.</summary>
    public static RateDistortionQuantizer Normal => OfNormalTables.Value;

    /// <summary>Quantises a value.</summary>
    /// <param name="value">The value in steps, as a distance from its predicted mean.</param>
    /// <param name="table">The index of the table that codes it.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public short Run(float value, int table)
    {
        float magnitude = Math.Min(MathF.Abs(UniformQuantizer.CheckFinite(value)), short.MaxValue);
        int nearest = (int)MathF.Round(magnitude);
        if (nearest > 0)
        {
            float error = nearest - magnitude;
            float errorBelow = error - 1;
            if (errorBelow * errorBelow - error * error < Lambda * SavedBits(table, nearest))
            {
                nearest--;
            }
        }

        return (short)(value < 0 ? -nearest : nearest);
    }

    /// <summary>The bits that the next magnitude towards zero costs less.</summary>
    /// <param name="table">The index of the table.</param>
    /// <param name="magnitude">At least 1.</param>
    public float SavedBits(int table, int magnitude)
    {
        ReadOnlySpan<float> bits = _bits[table];
        int known = Math.Min(magnitude, bits.Length - 1);
        return known > 0 ? bits[known] - bits[known - 1] : 0;
    }

    /// <summary>The bits of a value that a table lists.</summary>
    public static float BitsOf(FrequencyTable table, int value) =>
        (float)(-DeterministicMath.Log(table.Frequencies[value - table.MinValue] / (double)FrequencyTable.Total) / 0.69314718055994531);
}
