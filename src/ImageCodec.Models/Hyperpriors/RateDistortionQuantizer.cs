using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ImageCodec.Entropy;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Rate–distortion optimised quantisation (RDOQ): the next integer towards zero is taken where the bits it saves are worth the error it adds.
/// </summary>
/// <remarks>Costs are the same numbers on every machine, and so are the files.</remarks>
internal sealed class RateDistortionQuantizer
{
    /// <summary>
    /// λ: what a bit may cost in squared steps. At the optimum of a fine uniform quantiser, whose error is 1/12 of a squared step, a bit less
    /// multiplies the error by 4: the slope is 2 ln 2 / 12 = 0.116. About half of it is best on photos, as other values are predicted from this one.
    /// </summary>
    public const float Lambda = 0.05f;

    /// <summary>[table][|value|], bits; beyond the last one no more is saved than between the last two.</summary>
    private readonly float[][] _bits;

    /// <summary>Prepares for symmetric tables.</summary>
    public RateDistortionQuantizer(FrequencyTableSet tables) =>
        _bits = [.. tables.Tables.Select(table => Enumerable.Range(0, table.MaxValue + 1).Select(value => BitsOf(table, value)).ToArray())];

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

    /// <summary>Quantises the values of a place, most of which are nearly as predicted.</summary>
    /// <param name="values">The values in steps.</param>
    /// <param name="means">Their predicted means.</param>
    /// <param name="tables">The indices of the tables that code them.</param>
    /// <param name="quantized">Receives what is coded.</param>
    /// <param name="decoded">Receives the values as the decoder sees them.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<float> values, ReadOnlySpan<float> means, ReadOnlySpan<byte> tables, Span<short> quantized, Span<float> decoded)
    {
        Vector256<float> half = Vector256.Create(0.5f);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> mean = Vector256.Create(means[i..]);
            if (Vector256.LessThanOrEqualAll(Vector256.Abs(Vector256.Create(values[i..]) - mean), half))
            {
                // The nearest integer of all of them is 0.
                Vector128<short>.Zero.CopyTo(quantized[i..]);
                (Vector256<float>.Zero + mean).CopyTo(decoded[i..]);
            }
            else
            {
                RunEach(i, i + Vector256<float>.Count, values, means, tables, quantized, decoded);
            }
        }

        RunEach(i, values.Length, values, means, tables, quantized, decoded);
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

    /// <summary>What a value costs, about; beyond the last one that a table lists as much as that.</summary>
    /// <param name="value">The value.</param>
    /// <param name="table">The index of the table that codes it.</param>
    public float BitsOf(int value, int table)
    {
        ReadOnlySpan<float> bits = _bits[table];
        return bits[Math.Min(Math.Abs(value), bits.Length - 1)];
    }

    private void RunEach(
        int first, int end, ReadOnlySpan<float> values, ReadOnlySpan<float> means, ReadOnlySpan<byte> tables, Span<short> quantized, Span<float> decoded)
    {
        for (int i = first; i < end; i++)
        {
            short value = Run(values[i] - means[i], tables[i]);
            quantized[i] = value;
            decoded[i] = value + means[i];
        }
    }

    private static float BitsOf(FrequencyTable table, int value) =>
        (float)(-DeterministicMath.Log(table.Frequencies[value - table.MinValue] / (double)FrequencyTable.Total) / 0.69314718055994531);
}
