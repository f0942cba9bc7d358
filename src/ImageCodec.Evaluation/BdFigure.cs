namespace ImageCodec.Evaluation;

/// <summary>The BD-rate of one mean curve against another by one metric.</summary>
/// <param name="Percent">The bits it needs more, in per cent; null where the curves can't be compared.</param>
/// <param name="From">The lower end of the range of the metric that both curves cover, in its unit.</param>
/// <param name="To">The upper end.</param>
/// <param name="Problem">Why they can't be compared; null where they can.</param>
internal sealed record BdFigure(double? Percent, double? From, double? To, string? Problem)
{
    /// <summary>Compares two mean curves, without the points that others of the same curve beat.</summary>
    internal static BdFigure Of(CodecResult codec, CodecResult anchor, QualityMetric metric)
    {
        (double Rate, double Quality)[] test = Points(codec);
        (double Rate, double Quality)[] reference = Points(anchor);
        try
        {
            double percent = Metrics.BdRateBy(reference, test, metric.Name, metric.Unit);
            return new BdFigure(percent, Math.Max(test[0].Quality, reference[0].Quality), Math.Min(test[^1].Quality, reference[^1].Quality), null);
        }
        catch (ArgumentException e)
        {
            return new BdFigure(null, null, null, e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal));
        }

        (double Rate, double Quality)[] Points(CodecResult one) => [.. one.BestPoints(metric).Select(point => (point.BitsPerPixel, metric.Of(point)))];
    }
}
