namespace ImageCodec.Entropy;

/// <summary>
/// Scales with equal ratios, from which the tables of a learned distribution are built, and the index of the table for a predicted scale, found by
/// comparisons with the geometric means of adjacent scales alone.
/// </summary>
/// <remarks>The numbers are the same on every machine. A grid does not change and is safe to use from several threads at once.</remarks>
public sealed class ScaleGrid
{
    private readonly double[] _scales;
    private readonly double[] _thresholds;

    /// <summary>Makes a grid: scale i is smallest · (largest / smallest)^(i / (count - 1)).</summary>
    /// <param name="smallest">The first scale, at least <see cref="FrequencyTable.MinGaussianScale"/>.</param>
    /// <param name="largest">The last scale, above the first, at most <see cref="FrequencyTable.MaxGaussianScale"/>.</param>
    /// <param name="count">The number of scales, 2 … <see cref="FrequencyTableSet.MaxTableCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range or not a number.</exception>
    public ScaleGrid(double smallest, double largest, int count)
    {
        if (!(smallest >= FrequencyTable.MinGaussianScale))
        {
            throw new ArgumentOutOfRangeException(nameof(smallest), smallest, "The smallest scale is out of range.");
        }

        if (!(largest > smallest && largest <= FrequencyTable.MaxGaussianScale))
        {
            throw new ArgumentOutOfRangeException(nameof(largest), largest, "The largest scale must be above the smallest and within range.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, FrequencyTableSet.MaxTableCount);
        double first = DeterministicMath.Log(smallest);
        double step = (DeterministicMath.Log(largest) - first) / (count - 1);
        _scales = [.. Enumerable.Range(0, count).Select(i => DeterministicMath.Exp(first + (i * step)))];

        // Rounding must not push the ends outside the range that tables can have.
        (_scales[0], _scales[^1]) = (smallest, largest);
        _thresholds = [.. Enumerable.Range(0, count - 1).Select(i => DeterministicMath.Exp(first + ((i + 0.5) * step)))];
    }

    /// <summary>The scales in ascending order.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>The geometric means of adjacent scales, so one number fewer than scales.</summary>
    internal ReadOnlySpan<double> Thresholds => _thresholds;

    /// <summary>
    /// The index of the scale that is nearest by ratio: how many of the geometric means of adjacent scales are not above <paramref name="scale"/>; 0 for not a
    /// number.
    /// </summary>
    /// <param name="scale">Any scale; those beyond the ends get the index of the end.</param>
    public byte GetIndex(double scale)
    {
        int below = 0;
        int above = _thresholds.Length;
        while (below < above)
        {
            int middle = (below + above) >> 1;
            (below, above) = scale >= _thresholds[middle] ? (middle + 1, above) : (below, middle);
        }

        return (byte)below;
    }

    /// <summary>A normal distribution's table for each scale.</summary>
    /// <exception cref="ArgumentException">The tables list too many values together; use fewer or smaller scales.</exception>
    public FrequencyTableSet CreateGaussianTables() => new(_scales.Select(FrequencyTable.FromGaussian));
}
