namespace ImageCodec.Evaluation;

/// <summary>Measures codecs over the pictures of a folder, by real files.</summary>
/// <remarks>Safe to use from several threads at once, each with codecs of its own.</remarks>
public static class Evaluator
{
    /// <summary>
    /// Measures each picture with each codec at each of its settings, a model at its levels, and finds for each model at its default level the
    /// file of each classical codec that is nearest in size.
    /// </summary>
    /// <remarks>
    /// A picture that can't be read or that one of the codecs can't take is skipped for all of them, so that all means are over the
    /// same pictures. A classical codec whose command fails is skipped from there on, and is not in the results. Temporary files lie in a folder
    /// of their own, which is gone afterwards.
    /// </remarks>
    /// <param name="options">What to measure with.</param>
    /// <param name="codecs">The codecs, of different names.</param>
    /// <param name="progress">Is told of each step, on the thread that works.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">
    /// There is no codec or no picture, two codecs have one name, an option is out of range, or all pictures or all codecs were skipped.
    /// </exception>
    /// <exception cref="IOException">There is no such folder, or temporary files can't be written.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static EvaluationResult Run(
        EvaluationOptions options, IReadOnlyList<EvaluatedCodec> codecs, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(codecs);
        if (codecs.Count == 0)
        {
            throw new ArgumentException("There is no codec to measure.", nameof(codecs));
        }

        if (codecs.GroupBy(codec => codec.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two codecs have the name '{twice.Key}'.", nameof(codecs));
        }

        return new EvaluationRun(options, codecs, progress).Run(cancellationToken);
    }
}
