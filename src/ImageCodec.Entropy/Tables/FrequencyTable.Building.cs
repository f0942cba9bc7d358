namespace ImageCodec.Entropy;

/// <content>Tables from distributions. Nothing here depends on the machine: the same parameters give the same integers.</content>
public sealed partial class FrequencyTable
{
    /// <summary>The smallest scale that <see cref="FromGaussian"/> takes.</summary>
    public const double MinGaussianScale = 0.01;

    /// <summary>The largest scale that <see cref="FromGaussian"/> takes.</summary>
    public const double MaxGaussianScale = 1024;

    /// <summary>How far from 1 the sum of probabilities may be: rounding, not a mistake.</summary>
    private const double SumTolerance = 1e-6;

    private const double SmallestProbability = 1.0 / Total;

    /// <summary>Makes a table from probabilities. Their sum, the escape's included, may differ from 1 by 10^-6, as rounding makes it.</summary>
    /// <param name="minValue">The lowest value, -32768 … 32767.</param>
    /// <param name="probabilities">The probabilities of the values in ascending order.</param>
    /// <param name="escapeProbability">The probability of all other values together.</param>
    /// <param name="raiseTiny">
    /// Whether probabilities below 2^-16, 0 included, are raised to the frequency 1 at the cost of the others; if not, they are refused.
    /// </param>
    /// <returns>The table whose frequencies, all at least 1, come nearest to the probabilities.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value of the table is not in -32768 … 32767.</exception>
    /// <exception cref="ArgumentException">
    /// The number of values is out of range, or a probability is not a number, negative, above 1 or too small, or they add up to more or less than 1 by above 10^-6. The message
    /// names the value and the cure.
    /// </exception>
    public static FrequencyTable FromProbabilities(
        int minValue, ReadOnlySpan<double> probabilities, double escapeProbability, bool raiseTiny = false)
    {
        CheckRange(minValue, probabilities.Length, nameof(probabilities));
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            CheckProbability(probabilities[i], raiseTiny, $"the value {minValue + i}", nameof(probabilities));
            sum += probabilities[i];
        }

        CheckProbability(escapeProbability, raiseTiny, "the escape", nameof(escapeProbability));
        sum += escapeProbability;
        if (Math.Abs(sum - 1) > SumTolerance)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The probabilities, the escape's included, add up to {sum}; divide them by their sum so that they add up to 1."),
                nameof(probabilities));
        }

        return FromWeights(minValue, [.. probabilities, escapeProbability]);
    }

    /// <summary>
    /// Makes a table of a normal distribution of mean 0, rounded to integers: the value v has Φ((v + ½) / σ) - Φ((v - ½) / σ).
    /// </summary>
    /// <param name="scale">σ, the standard deviation before rounding, <see cref="MinGaussianScale"/> … <see cref="MaxGaussianScale"/>.</param>
    /// <returns>A table of all values but the outermost 2^-16 of the distribution.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is out of range or not a number.</exception>
    public static FrequencyTable FromGaussian(double scale)
    {
        if (!(scale is >= MinGaussianScale and <= MaxGaussianScale))
        {
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale, FormattableString.Invariant($"The scale must be {MinGaussianScale} to {MaxGaussianScale}; bring it into this range first."));
        }

        // tails[k] is the part above k - 1/2, for k = 1, 2, …; the table ends where both sides leave at most 2^-16 together.
        List<double> tails = [0.5];
        do
        {
            tails.Add(DeterministicMath.NormalTail((tails.Count - 0.5) / scale));
        }
        while (tails[^1] > 0.5 * SmallestProbability && tails.Count <= MaxValueCount / 2);

        int reach = Math.Max(tails.Count - 2, 1);
        if (tails.Count < 3)
        {
            tails.Add(DeterministicMath.NormalTail(1.5 / scale));
        }

        double[] weights = new double[(2 * reach) + 2];
        weights[reach] = 1 - (2 * tails[1]);
        for (int k = 1; k <= reach; k++)
        {
            weights[reach + k] = weights[reach - k] = tails[k] - tails[k + 1];
        }

        weights[^1] = 2 * tails[reach + 1];
        return FromWeights(-reach, weights);
    }

    private static void CheckProbability(double probability, bool raiseTiny, string owner, string name)
    {
        // Written so that not-a-number is refused as well.
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The probability of {owner} is {probability}; it must be a number from 0 to 1."), name);
        }

        if (probability < SmallestProbability && !raiseTiny)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"The probability of {owner} is {probability}, below the smallest that can be coded, 2^-16; raise it, leave the value to the escape, or let tiny ones be raised to the frequency 1 (raiseTiny)."),
                name);
        }
    }

    /// <summary>Rounds weights that add up to about 1 to frequencies of at least 1 that add up to the total.</summary>
    private static FrequencyTable FromWeights(int minValue, double[] weights)
    {
        int[] frequencies = new int[weights.Length];
        int missing = Total;
        for (int i = 0; i < weights.Length; i++)
        {
            frequencies[i] = Math.Max(1, (int)((weights[i] * Total) + 0.5));
            missing -= frequencies[i];
        }

        // One step after the other where it costs least or gains most: a step of one changes the mean length by about weight / frequency.
        int step = Math.Sign(missing);
        double[] ratios = new double[weights.Length];
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = RatioOf(weights[i], frequencies[i], step);
        }

        for (; missing != 0; missing -= step)
        {
            int best = 0;
            for (int i = 1; i < ratios.Length; i++)
            {
                best = ratios[i] > ratios[best] ? i : best;
            }

            frequencies[best] += step;
            ratios[best] = RatioOf(weights[best], frequencies[best], step);
        }

        return new FrequencyTable(minValue, Array.ConvertAll(frequencies, frequency => checked((ushort)frequency)));
    }

    /// <summary>How much a step is worth; the least of all numbers where none is possible.</summary>
    private static double RatioOf(double weight, int frequency, int step) =>
        step > 0 ? weight / (frequency + 0.5)
        : frequency > 1 ? (frequency - 0.5) / Math.Max(weight, 1e-300)
        : double.NegativeInfinity;
}
