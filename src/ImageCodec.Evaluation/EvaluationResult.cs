namespace ImageCodec.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class EvaluationResult
{
    internal EvaluationResult(
        EvaluationOptions options,
        IReadOnlyList<PictureResult> pictures,
        IReadOnlyList<EvaluatedCodec> codecs,
        IReadOnlyList<SkippedItem> skippedPictures,
        IReadOnlyList<SkippedItem> skippedCodecs)
    {
        Folder = options.Folder;
        Interval = options.PictureInterval;
        Pictures = pictures;
        Codecs = [.. codecs.Select(codec => new CodecResult(codec, pictures))];
        CodecNames = [.. codecs.Select(codec => codec.Name)];
        SkippedPictures = skippedPictures;
        SkippedCodecs = skippedCodecs;
        BdRates =
        [
            .. from codec in Codecs
               from anchor in Codecs
               where codec != anchor
               select BdComparison.Of(codec, anchor),
        ];
    }

    /// <summary>The names of the codecs that were measured, in the order they were given.</summary>
    public IReadOnlyList<string> CodecNames { get; }

    /// <summary>Pictures that could not be measured; they count for no codec.</summary>
    public IReadOnlyList<SkippedItem> SkippedPictures { get; }

    /// <summary>Codecs that could not be had or whose commands failed; nothing of theirs is in the results.</summary>
    public IReadOnlyList<SkippedItem> SkippedCodecs { get; }

    /// <summary>The folder.</summary>
    internal string Folder { get; }

    /// <summary>One picture in so many was measured.</summary>
    internal int Interval { get; }

    /// <summary>The pictures that were measured, in ordinal order of names.</summary>
    internal IReadOnlyList<PictureResult> Pictures { get; }

    /// <summary>The codecs, in the order they were given.</summary>
    internal IReadOnlyList<CodecResult> Codecs { get; }

    /// <summary>The BD-rates of each codec against each other one.</summary>
    internal IReadOnlyList<BdComparison> BdRates { get; }

    /// <summary>
    /// A codec's mean rate–distortion curve, from the smallest files to the largest, without the settings that another one beats with as few bits
    /// and as high a PSNR: as <see cref="Metrics.BdRate"/> takes it.
    /// </summary>
    /// <param name="codecName">One of <see cref="CodecNames"/>.</param>
    /// <exception cref="ArgumentException">The results have no codec of that name; if it was skipped, the message says why.</exception>
    public IReadOnlyList<RateDistortionPoint> GetCurve(string codecName)
    {
        if (Codecs.FirstOrDefault(one => one.Name == codecName) is { } found)
        {
            return found.Curve;
        }

        throw new ArgumentException(
            SkippedCodecs.FirstOrDefault(one => one.Name == codecName) is { } missing
                ? $"The codec '{codecName}' was skipped: {missing.Reason}"
                : $"The results have no codec '{codecName}', but {string.Join(", ", CodecNames)}.",
            nameof(codecName));
    }

    /// <summary>Everything as one JSON object (UTF-8), with names that stay: docs/evaluation.md has them.</summary>
    public byte[] ToJson() => JsonResults.Write(this);

    /// <summary>
    /// A CSV table (RFC 4180, UTF-8) with a line for each measurement of each picture. Column «kind» is «curve» for the points of a codec's
    /// curve, «plain» for a model without quantisation, and «match» for a classical codec's file nearest in size to that of «model».
    /// </summary>
    public byte[] ToCsv() => CsvResults.Write(this);

    /// <summary>
    /// One HTML page (UTF-8) that needs nothing beside itself: the mean curves, the BD-rates, and for each picture the original and what came back.
    /// The pictures are there if <see cref="EvaluationOptions.KeepPictures"/> was set.
    /// </summary>
    public byte[] ToHtml() => HtmlReport.Write(this);

    /// <summary>The mean of the classical codecs' files that are nearest in size to a model's, picture by picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="codec">The classical codec.</param>
    internal MeanMeasurement MeanMatch(string model, string codec) => MeanMeasurement.Of(
        double.NaN,
        [.. Pictures.Select(picture => picture.Matches.Single(match => match.Model == model && match.Codec == codec).Measurement)]);
}
