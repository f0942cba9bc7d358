namespace ImageCodec.Training.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class EvaluationResult
{
    internal EvaluationResult(
        EvaluationOptions options,
        IReadOnlyList<PictureResult> pictures,
        IReadOnlyList<EvaluatedCodec> codecs,
        IReadOnlyList<LeftOut> skippedPictures,
        IReadOnlyList<LeftOut> leftOutCodecs)
    {
        Folder = options.Folder;
        Interval = options.Interval;
        Pictures = pictures;
        Codecs = [.. codecs.Select(codec => new CodecResult(codec, pictures))];
        SkippedPictures = skippedPictures;
        LeftOutCodecs = leftOutCodecs;
        BdRates =
        [
            .. from codec in Codecs
               from anchor in Codecs
               where codec != anchor
               select BdComparison.Of(codec, anchor),
        ];
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>One picture in so many was measured.</summary>
    public int Interval { get; }

    /// <summary>The pictures that were measured, in ordinal order of names.</summary>
    public IReadOnlyList<PictureResult> Pictures { get; }

    /// <summary>The codecs, in the order they were given.</summary>
    public IReadOnlyList<CodecResult> Codecs { get; }

    /// <summary>Pictures that could not be measured; they count for no codec.</summary>
    public IReadOnlyList<LeftOut> SkippedPictures { get; }

    /// <summary>Codecs that could not be had or whose commands failed; nothing of theirs is in the results.</summary>
    public IReadOnlyList<LeftOut> LeftOutCodecs { get; }

    /// <summary>The BD-rate of each codec against each other one.</summary>
    public IReadOnlyList<BdComparison> BdRates { get; }

    /// <summary>The mean of the classical codecs' files that are nearest in size to a model's, picture by picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="codec">The classical codec.</param>
    public MeanMeasurement MeanMatch(string model, string codec) => MeanMeasurement.Of(
        double.NaN,
        [.. Pictures.Select(picture => picture.Matches.Single(match => match.Model == model && match.Codec == codec).Measurement)]);
}

/// <summary>A picture or codec that is not in the results.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why, as one sentence.</param>
public sealed record LeftOut(string Name, string Reason);
