using ImageCodec.Entropy.Context;

namespace ImageCodec.Models.Fitted;

/// <summary>
/// The networks of a file: for each parameter a number of steps from the prior's mean, and for each group what a step is and how far the numbers spread.
/// </summary>
internal sealed class QuantizedNetwork
{
    /// <summary>Bits of a step, a power of two, and of a spread.</summary>
    public const int PrecisionBits = 4;

    private const int FilterBits = 12;
    private const int One = 1 << FilterBits;
    private const int NeutralSpread = 8;
    private const int ScalesPerSpread = 4;
    private const int SizeBits = 2;
    private const int RateBits = 5;

    private readonly FittedPrior _prior;
    private readonly int[] _steps;
    private readonly int[] _spreads;
    private readonly short[] _distances;
    private readonly short[] _parameters;

    private QuantizedNetwork(FittedPrior prior, int[] steps, int[] spreads, short[] distances)
    {
        (_prior, _steps, _spreads, _distances) = (prior, steps, spreads, distances);
        _parameters = new short[distances.Length];
        for (int group = 0; group < FittedLayout.GroupCount; group++)
        {
            (int first, int end) = Bounds(prior.Layout, group);
            for (int i = first; i < end; i++)
            {
                _parameters[i] = (short)Math.Clamp(prior.Means[i] + (distances[i] << steps[group]), short.MinValue, short.MaxValue);
            }
        }
    }

    public FittedLayout Layout => _prior.Layout;

    /// <summary>The rate whose prior they are coded against.</summary>
    public int Rate => _prior.Rate;

    /// <summary>For each group, the logarithm to base 2 of a step in integer units.</summary>
    public ReadOnlySpan<int> Steps => _steps;

    /// <summary>All parameters in their integer units, in the order of the layout.</summary>
    public ReadOnlySpan<short> Parameters => _parameters;

    /// <summary>
    /// The parameters for making a picture of a grid's size. The filters that lead from there to full size are left out, so what they multiply
    /// flat parts by goes to the weights behind them.
    /// </summary>
    public ReadOnlySpan<short> ParametersAt(int firstGrid)
    {
        if (firstGrid == 0)
        {
            return _parameters;
        }

        int gain = One;
        for (int filter = 1; filter <= firstGrid; filter++)
        {
            int sum = 0;
            foreach (short tap in _parameters.AsSpan(Layout.Filter(filter), FittedLayout.FilterTaps))
            {
                sum += tap;
            }

            // Once for columns, once for rows.
            gain = Product(Product(gain, Clamp(sum)), Clamp(sum));
        }

        short[] scaled = [.. _parameters];
        Multiply(scaled.AsSpan(Layout.HiddenWeights, Layout.Hidden * FittedLayout.MaxGrids), gain);
        Multiply(scaled.AsSpan(Layout.LinearWeights, FittedLayout.Colors * FittedLayout.MaxGrids), gain);
        return scaled;

        static void Multiply(Span<short> weights, int gain)
        {
            foreach (ref short weight in weights)
            {
                weight = (short)Product(weight, gain);
            }
        }

        static int Product(int a, int b) => Clamp((a * b + One / 2) >> FilterBits);

        static int Clamp(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
    }

    /// <summary>The parameters as the networks of a fit have them.</summary>
    public float[] ToFloat()
    {
        float[] values = new float[_parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _parameters[i] / (float)(1 << Layout.FractionalBits(i));
        }

        return values;
    }

    /// <summary>Rounds parameters, and chooses for each group the spread that makes it shortest.</summary>
    /// <param name="prior">What the parameters are compared with.</param>
    /// <param name="parameters">The parameters as the networks of a fit have them.</param>
    /// <param name="steps">For each group, the logarithm to base 2 of a step in integer units, 0 … 15.</param>
    public static QuantizedNetwork Quantize(FittedPrior prior, ReadOnlySpan<float> parameters, ReadOnlySpan<int> steps)
    {
        short[] distances = new short[prior.Layout.Count];
        for (int group = 0; group < FittedLayout.GroupCount; group++)
        {
            Round(prior, parameters, group, steps[group], 0.5, distances);
        }

        return FromDistances(prior, distances, steps);
    }

    /// <summary>Rounds the parameters of a group to numbers of steps from the prior's means.</summary>
    /// <param name="prior">What the parameters are compared with.</param>
    /// <param name="parameters">All parameters as the networks of a fit have them.</param>
    /// <param name="group">The group.</param>
    /// <param name="step">The logarithm to base 2 of a step in integer units.</param>
    /// <param name="threshold">The part of a step from which on the number is the larger one.</param>
    /// <param name="distances">Receives the numbers, at the places of the parameters.</param>
    public static void Round(FittedPrior prior, ReadOnlySpan<float> parameters, int group, int step, double threshold, Span<short> distances)
    {
        (int first, int end) = Bounds(prior.Layout, group);
        for (int i = first; i < end; i++)
        {
            double units = ((double)parameters[i] * (1 << prior.Layout.FractionalBits(i)) - prior.Means[i]) / (1 << step);
            double distance = Math.Min(Math.Floor(Math.Abs(units) + 1 - threshold), LaplaceTables.MaxValue);
            distances[i] = (short)(units < 0 ? -distance : distance);
        }
    }

    /// <summary>Takes numbers of steps as they are, and chooses for each group the spread that makes it shortest.</summary>
    public static QuantizedNetwork FromDistances(FittedPrior prior, ReadOnlySpan<short> distances, ReadOnlySpan<int> steps)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(distances.Length, prior.Layout.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(steps.Length, FittedLayout.GroupCount);
        int[] spreads = new int[FittedLayout.GroupCount];
        short[] kept = distances.ToArray();
        for (int group = 0; group < spreads.Length; group++)
        {
            (int first, int end) = Bounds(prior.Layout, group);
            if (!kept.AsSpan(first, end - first).ContainsAnyExcept((short)0))
            {
                continue;
            }

            float best = float.PositiveInfinity;
            for (int spread = 1; spread < 1 << PrecisionBits; spread++)
            {
                float bits = GroupBits(prior, kept, group, steps[group], spread);
                if (bits < best)
                {
                    (best, spreads[group]) = (bits, spread);
                }
            }
        }

        return new QuantizedNetwork(prior, steps.ToArray(), spreads, kept);
    }

    /// <summary>The bits of a group.</summary>
    public float Bits(int group) => GroupBits(_prior, _distances, group, _steps[group], _spreads[group]);

    /// <summary>The bits of all that <see cref="Write"/> writes.</summary>
    public float TotalBits => SizeBits + RateBits + Enumerable.Range(0, FittedLayout.GroupCount).Sum(Bits);

    /// <summary>Writes the layout's size, the prior's rate and the groups.</summary>
    public void Write(ref BinaryRangeEncoder encoder)
    {
        LaplaceCoder.EncodePlain(ref encoder, Layout.Size, SizeBits);
        LaplaceCoder.EncodePlain(ref encoder, _prior.Rate, RateBits);
        for (int group = 0; group < FittedLayout.GroupCount; group++)
        {
            LaplaceCoder.EncodePlain(ref encoder, _spreads[group], PrecisionBits);
            if (_spreads[group] == 0)
            {
                continue;
            }

            LaplaceCoder.EncodePlain(ref encoder, _steps[group], PrecisionBits);
            (int first, int end) = Bounds(Layout, group);
            for (int i = first; i < end; i++)
            {
                LaplaceCoder.Encode(ref encoder, _distances[i], 0, LaplaceTables.Row(0, Scale(_prior, i, _steps[group], _spreads[group])));
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidFileException">There is no such size, or a number is out of range.</exception>
    public static QuantizedNetwork Read(ref LaplaceDecoder decoder)
    {
        int size = decoder.DecodePlain(SizeBits);
        if (size >= FittedLayout.All.Count)
        {
            throw FittedBody.Damaged($"its networks are of size {size}, but there are only {FittedLayout.All.Count} sizes.");
        }

        FittedPrior prior = FittedPriors.Of(FittedLayout.All[size], decoder.DecodePlain(RateBits));
        int[] steps = new int[FittedLayout.GroupCount];
        int[] spreads = new int[FittedLayout.GroupCount];
        short[] distances = new short[prior.Layout.Count];
        for (int group = 0; group < FittedLayout.GroupCount; group++)
        {
            spreads[group] = decoder.DecodePlain(PrecisionBits);
            if (spreads[group] == 0)
            {
                continue;
            }

            steps[group] = decoder.DecodePlain(PrecisionBits);
            (int first, int end) = Bounds(prior.Layout, group);
            for (int i = first; i < end; i++)
            {
                distances[i] = (short)decoder.Decode(0, 0, Scale(prior, i, steps[group], spreads[group]));
            }
        }

        return new QuantizedNetwork(prior, steps, spreads, distances);
    }

    private static float GroupBits(FittedPrior prior, short[] distances, int group, int step, int spread)
    {
        if (spread == 0)
        {
            return PrecisionBits;
        }

        float bits = 2 * PrecisionBits;
        (int first, int end) = Bounds(prior.Layout, group);
        for (int i = first; i < end; i++)
        {
            bits += LaplaceCost.Of(distances[i], 0, 0, Scale(prior, i, step, spread));
        }

        return bits;
    }

    private static int Scale(FittedPrior prior, int parameter, int step, int spread) => Math.Clamp(
        LaplaceTables.UnitScale + prior.Scales[parameter] - LaplaceTables.ScalesPerOctave * step + ScalesPerSpread * (spread - NeutralSpread),
        0,
        LaplaceTables.Scales - 1);

    private static (int First, int End) Bounds(FittedLayout layout, int group)
    {
        Range range = layout.Group(group);
        return (range.Start.Value, range.End.Value);
    }
}
