namespace ImageCodec.Evaluation;

/// <summary>The BD-rate of one codec's mean curve against another's.</summary>
/// <param name="Codec">The codec that is judged.</param>
/// <param name="Anchor">The codec it is compared with.</param>
/// <param name="Percent">The bits it needs more, in per cent; null where the curves can't be compared.</param>
/// <param name="FromPsnr">The lower end of the range of PSNR that both curves cover.</param>
/// <param name="ToPsnr">The upper end.</param>
/// <param name="Problem">Why they can't be compared; null where they can.</param>
internal sealed record BdComparison(string Codec, string Anchor, double? Percent, double? FromPsnr, double? ToPsnr, string? Problem)
{
    /// <summary>Compares two mean curves, without the points that others of the same curve beat.</summary>
    internal static BdComparison Of(CodecResult codec, CodecResult anchor)
    {
        IReadOnlyList<RateDistortionPoint> test = codec.Curve;
        IReadOnlyList<RateDistortionPoint> reference = anchor.Curve;
        try
        {
            double percent = Metrics.BdRate(reference, test);
            return new BdComparison(
                codec.Name, anchor.Name, percent, Math.Max(test[0].Psnr, reference[0].Psnr), Math.Min(test[^1].Psnr, reference[^1].Psnr), null);
        }
        catch (ArgumentException e)
        {
            return new BdComparison(codec.Name, anchor.Name, null, null, null, e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal));
        }
    }
}
