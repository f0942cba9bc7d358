namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Chooses how precisely the networks of a fit go into the file: coarse steps save bits and cost rate or quality elsewhere.</summary>
internal static class NetworkQuantization
{
    private const int MaxStep = (1 << QuantizedNetwork.PrecisionBits) - 1;
    private const int Rounds = 2;

    /// <summary>The groups of the entropy model; those of upsampling and synthesis follow.</summary>
    private const int EntropyGroups = 3;

    /// <summary>What is chosen most often.</summary>
    private static readonly int[] s_usualSteps = [5, 5, 5, 4, 7, 5, 4];

    /// <summary>The networks as they are most often quantised, without a search: to know about how many bits they take.</summary>
    public static QuantizedNetwork Guess(PictureFit fit) => QuantizedNetwork.Quantize(fit.Prior, fit.Parameters, s_usualSteps);

    // Fine enough to do no harm, whatever the fit. Errors of the synthesis add up, so from coarse steps the way to fine ones is hard to see.
    private static readonly int[] s_fineSteps = [4, 4, 4, 2, 5, 3, 2];

    /// <summary>For each group in turn, goes up or down to the step at which rate, error and the group's own bits cost least together.</summary>
    /// <param name="fit">A fit whose grids hold rounded values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static QuantizedNetwork Choose(PictureFit fit, CancellationToken cancellationToken)
    {
        int[] steps = [.. s_fineSteps];
        for (int round = 0; round < Rounds; round++)
        {
            for (int group = 0; group < steps.Length; group++)
            {
                double start = Cost(fit, steps, group, cancellationToken);
                if (!Move(fit, steps, group, 1, start, cancellationToken))
                {
                    Move(fit, steps, group, -1, start, cancellationToken);
                }
            }
        }

        return QuantizedNetwork.Quantize(fit.Prior, fit.Parameters, steps);
    }

    /// <summary>Goes one way while that pays.</summary>
    /// <returns>Whether it did at all.</returns>
    private static bool Move(PictureFit fit, int[] steps, int group, int by, double cost, CancellationToken cancellationToken)
    {
        bool pays = false;
        while (steps[group] + by is >= 0 and <= MaxStep)
        {
            steps[group] += by;
            double next = Cost(fit, steps, group, cancellationToken);
            if (next >= cost)
            {
                steps[group] -= by;
                break;
            }

            (cost, pays) = (next, true);
        }

        return pays;
    }

    /// <summary>What depends on a group's step, in bits.</summary>
    private static double Cost(PictureFit fit, int[] steps, int group, CancellationToken cancellationToken)
    {
        QuantizedNetwork network = QuantizedNetwork.Quantize(fit.Prior, fit.Parameters, steps);
        float[] parameters = network.ToFloat();
        return network.Bits(group) + (group < EntropyGroups ? fit.Bits(parameters, cancellationToken) : fit.WeightedError(parameters, cancellationToken));
    }
}
