using ImageCodec.Entropy.Tables;

namespace ImageCodec.Entropy;

/// <summary>
/// A distribution of integer values as integer frequencies: a run of values from <see cref="MinValue"/> on, and an escape for all others.
/// </summary>
/// <remarks>
/// The frequencies, the escape's included, are at least 1 and add up to <see cref="Total"/>, so that every value can be coded:
/// one of the table in log2(<see cref="Total"/> / frequency) bits, one outside in the escape's bits and raw bits after it.
/// A table does not change and is safe to use from several threads at once.
/// </remarks>
public sealed partial class FrequencyTable
{
    /// <summary>The sum of all frequencies: 16 bits of precision.</summary>
    public const int Total = 1 << PrecisionBits;

    /// <summary>The most values a table can list.</summary>
    public const int MaxValueCount = 1 << 14;

    internal const int PrecisionBits = 16;

    private readonly ushort[] _frequencies;

    private FrequencyTable(int minValue, ushort[] frequencies)
    {
        MinValue = (short)minValue;
        _frequencies = frequencies;
    }

    /// <summary>The lowest value of the table.</summary>
    public short MinValue { get; }

    /// <summary>The highest value of the table.</summary>
    public short MaxValue => (short)(MinValue + ValueCount - 1);

    /// <summary>The number of values, 1 … <see cref="MaxValueCount"/>.</summary>
    public int ValueCount => _frequencies.Length - 1;

    /// <summary>The frequencies of the values in ascending order, then the escape's.</summary>
    public ReadOnlySpan<ushort> Frequencies => _frequencies;

    /// <summary>Makes a table from frequencies, such as those of another table.</summary>
    /// <param name="minValue">The lowest value, -32768 … 32767.</param>
    /// <param name="frequencies">The frequencies of the values in ascending order, then the escape's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value of the table is not in -32768 … 32767.</exception>
    /// <exception cref="ArgumentException">The number of frequencies is out of range, one of them is 0, or they don't add up to <see cref="Total"/>.</exception>
    public static FrequencyTable FromFrequencies(int minValue, ReadOnlySpan<ushort> frequencies)
    {
        CheckRange(minValue, frequencies.Length - 1, nameof(frequencies));
        int sum = 0;
        for (int i = 0; i < frequencies.Length; i++)
        {
            if (frequencies[i] == 0)
            {
                throw new ArgumentException(
                    $"Frequency {i} is 0, which could not be coded; give every value and the escape at least 1, or leave values at the ends out of the table.",
                    nameof(frequencies));
            }

            sum += frequencies[i];
        }

        return sum == Total
            ? new FrequencyTable(minValue, frequencies.ToArray())
            : throw new ArgumentException($"The frequencies add up to {sum}; scale them so that they add up to {Total}.", nameof(frequencies));
    }

    /// <summary>The bits that a value takes in the coder, raw bits after the escape included; fractional.</summary>
    /// <param name="value">Any value.</param>
    public double GetBits(short value)
    {
        int index = value - MinValue;
        return (uint)index < (uint)ValueCount
            ? PrecisionBits - Math.Log2(_frequencies[index])
            : PrecisionBits - Math.Log2(_frequencies[^1]) + EscapeCode.GetBitCount(EscapeCode.FromValue(value, MinValue, MaxValue));
    }

    private static void CheckRange(int minValue, int valueCount, string name)
    {
        if (valueCount is < 1 or > MaxValueCount)
        {
            throw new ArgumentException(
                $"A table lists 1 to {MaxValueCount} values, not {valueCount}; leave the rarest to the escape.", name);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(minValue, short.MinValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, short.MaxValue - valueCount + 1);
    }
}
