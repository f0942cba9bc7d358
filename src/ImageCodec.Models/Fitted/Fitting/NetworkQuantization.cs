namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Chooses how precisely the networks of a fit go into the file: coarse steps save bits and cost rate or quality elsewhere. It goes group by group, and
/// what is not quantised yet adapts to what is.
/// </summary>
internal sealed class NetworkQuantization
{
    private const int MaxStep = (1 << QuantizedNetwork.PrecisionBits) - 1;

    /// <summary>How far parameters move in an adapting step, at first; less where there are few steps.</summary>
    private const float AdaptingRate = 0.003f;
    private const int StepsAtFullRate = 15;

    /// <summary>Coarser steps that are tried beyond the best one.</summary>
    private const int Patience = 2;

    // Where a number of steps is rounded up. Above a half, as the smaller number takes fewer bits.
    private const double UsualThreshold = 0.58;
    private static readonly double[] s_otherThresholds = [0.5, 0.66];

    /// <summary>What is chosen most often.</summary>
    private static readonly int[] s_usualSteps = [5, 5, 5, 4, 7, 5, 4];

    // Fine enough to do no harm, whatever the fit. Errors of the synthesis add up, so from coarse steps the way to fine ones is hard to see.
    private static readonly int[] s_fineSteps = [3, 3, 3, 1, 5, 3, 1];

    private readonly PictureFit _fit;
    private readonly CancellationToken _cancellationToken;
    private readonly float[] _parameters;
    private readonly short[] _distances;
    private readonly int[] _steps = [.. s_fineSteps];

    private NetworkQuantization(PictureFit fit, CancellationToken cancellationToken)
    {
        (_fit, _cancellationToken) = (fit, cancellationToken);
        _parameters = [.. fit.Parameters];
        _distances = new short[fit.Prior.Layout.Count];
    }

    /// <summary>The networks as they are most often quantised, without a search: to know about how many bits they take.</summary>
    public static QuantizedNetwork Guess(PictureFit fit) => QuantizedNetwork.Quantize(fit.Prior, fit.Parameters, s_usualSteps);

    /// <summary>Finds the steps at which rate, error and the networks' own bits cost least together.</summary>
    /// <param name="fit">A fit whose grids hold rounded values. Its networks are not changed.</param>
    /// <param name="adaptingSteps">How often networks adapt to a group that has been quantised.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static QuantizedNetwork Choose(PictureFit fit, int adaptingSteps, CancellationToken cancellationToken)
    {
        NetworkQuantization search = new(fit, cancellationToken);
        FittedLayout layout = fit.Prior.Layout;
        search.Adapt(layout.FilterStart..layout.Count, adaptingSteps);
        search.Adapt(0..layout.FilterStart, adaptingSteps);
        for (int group = 0; group < FittedLayout.GroupCount; group++)
        {
            search.Quantize(group);
            int next = layout.Group(group).End.Value;
            int end = next <= layout.FilterStart ? layout.FilterStart : layout.Count;
            if (next < end)
            {
                search.Adapt(next..end, adaptingSteps);
            }
        }

        return QuantizedNetwork.FromDistances(fit.Prior, search._distances, search._steps);
    }

    /// <summary>Lets a part of the networks adapt, if that makes it better: where latents are fine, a few steps may not.</summary>
    private void Adapt(Range part, int steps)
    {
        if (steps == 0)
        {
            return;
        }

        float[] before = [.. _parameters];
        double cost = _fit.Cost(_parameters, part, _cancellationToken);
        float rate = AdaptingRate * Math.Min(1, (float)steps / StepsAtFullRate);
        for (int i = 0; i < steps; i++)
        {
            _fit.Adapt(_parameters, part, rate * (steps - i) / steps, _cancellationToken);
        }

        if (_fit.Cost(_parameters, part, _cancellationToken) > cost)
        {
            before.CopyTo(_parameters, 0);
        }
    }

    /// <summary>Goes from fine to coarse steps while that pays, and keeps the best.</summary>
    private void Quantize(int group)
    {
        Choice best = Try(group, s_fineSteps[group], UsualThreshold);
        for (int step = best.Step + 1; step <= Math.Min(best.Step + Patience, MaxStep); step++)
        {
            best = Better(best, Try(group, step, UsualThreshold));
        }

        foreach (double threshold in s_otherThresholds)
        {
            best = Better(best, Try(group, best.Step, threshold));
        }

        _steps[group] = best.Step;
        best.Distances.CopyTo(_distances, 0);
        best.Parameters.CopyTo(_parameters, 0);
    }

    private static Choice Better(Choice a, Choice b) => b.Cost < a.Cost ? b : a;

    /// <summary>A group quantised, all others as they are.</summary>
    private Choice Try(int group, int step, double threshold)
    {
        FittedPrior prior = _fit.Prior;
        short[] distances = [.. _distances];
        int[] steps = [.. _steps];
        steps[group] = step;
        QuantizedNetwork.Round(prior, _parameters, group, step, threshold, distances);
        QuantizedNetwork network = QuantizedNetwork.FromDistances(prior, distances, steps);
        float[] parameters = [.. _parameters];
        Range range = prior.Layout.Group(group);
        network.ToFloat().AsSpan(range).CopyTo(parameters.AsSpan(range));
        return new Choice(_fit.Cost(parameters, range, _cancellationToken) + network.Bits(group), step, distances, parameters);
    }

    /// <summary>What depends on a group's step, in bits, and what it leads to.</summary>
    private readonly record struct Choice(double Cost, int Step, short[] Distances, float[] Parameters);
}
