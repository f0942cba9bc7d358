namespace ImageCodec.Evaluation;

/// <summary>The BD-rates of one codec's mean curve against another's.</summary>
/// <param name="Codec">The codec that is judged.</param>
/// <param name="Anchor">The codec it is compared with.</param>
/// <param name="Figures">By each of <see cref="QualityMetric.All"/>.</param>
internal sealed record BdComparison(string Codec, string Anchor, IReadOnlyDictionary<QualityMetric, BdFigure> Figures)
{
    internal static BdComparison Of(CodecResult codec, CodecResult anchor) =>
        new(codec.Name, anchor.Name, QualityMetric.All.ToDictionary(metric => metric, metric => BdFigure.Of(codec, anchor, metric)));
}
