namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Finds the level of a file of a given length: by a formula for lengths first, whose guess is wrong by six to nine percent, and then by
/// quantising the latent once at the guessed level, all but the last step, which tells what the formula misses.
/// </summary>
/// <remarks>The same on every machine.</remarks>
internal sealed class LevelSearch(HyperpriorLatentCodec codec, EntropyModel model)
{
    /// <summary>Bits of the last step for each bit of the one before, which has as many values of the same channels but knows less.</summary>
    private const double LastStep = 1.04;

    /// <summary>Runs the search.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="length">The wanted length of a body, in bytes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public int Run(ReadOnlySpan<float> latent, TensorShape shape, double length, CancellationToken cancellationToken)
    {
        RateFormula formula = new(latent, shape, model.Gains);
        double target = 8 * Math.Max(length, 1);
        int guess = formula.FindLevel(target);
        return formula.FindLevel(target * formula.Bits(guess) / Measure(latent, shape, guess, cancellationToken));
    }

    /// <summary>The bits of a latent at a level, nearly.</summary>
    private double Measure(ReadOnlySpan<float> latent, TensorShape shape, int level, CancellationToken cancellationToken)
    {
        CodedLatent coded = codec.Quantize(latent, shape, level, null, [], cancellationToken, skipsLastStep: true);
        ChannelGroup last = model.Groups[^1];
        Checkerboard board = new(shape);
        int done = coded.Values.Length - board.Count(Positions.NonAnchor) * last.Channels;
        int lastKnown = done - board.Count(Positions.Anchor) * last.Channels;
        double share = (double)board.Count(Positions.NonAnchor) / board.Count(Positions.Anchor);
        return Sum(coded, 0, lastKnown) + (1 + LastStep * share) * Sum(coded, lastKnown, done);
    }

    private double Sum(CodedLatent coded, int first, int last) =>
        model.Tables.Quantizer.BitsOf(coded.Values.AsSpan(first..last), coded.Indices.AsSpan(first..last));
}
