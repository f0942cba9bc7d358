namespace ImageCodec;

public static partial class Metrics
{
    /// <summary>Points that a curve needs at least: Bjøntegaard's own number. With fewer, the course between them would be made up.</summary>
    private const int MinCurvePoints = 4;

    /// <summary>
    /// The Bjøntegaard difference in rate: how many per cent more bits (less, where negative) one codec needs than another for the same PSNR.
    /// </summary>
    /// <remarks>
    /// For each curve ln(bpp) is interpolated over PSNR by monotone cubics (PCHIP, Fritsch and Butland 1984); over the range of PSNR that
    /// both curves cover, d is the mean of the difference, and 100 · (eᵈ − 1) is returned (Bjøntegaard, VCEG-M33 and VCEG-AI11).
    /// </remarks>
    /// <param name="anchor">The curve to compare with, at least four points in any order; more bits must always mean a higher PSNR.</param>
    /// <param name="test">The curve to judge, likewise.</param>
    /// <exception cref="ArgumentException">A curve has too few points, does not rise or has a value out of range; or the two cover no common range of PSNR.</exception>
    public static double BdRate(IReadOnlyList<RateDistortionPoint> anchor, IReadOnlyList<RateDistortionPoint> test)
    {
        PchipCurve first = ToCurve(anchor, nameof(anchor));
        PchipCurve second = ToCurve(test, nameof(test));
        double from = Math.Max(first.Start, second.Start);
        double to = Math.Min(first.End, second.End);
        if (!(from < to))
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"The curves have no range of PSNR in common: the anchor goes from {first.Start:0.00} to {first.End:0.00} dB, the other from {second.Start:0.00} to {second.End:0.00} dB."),
                nameof(test));
        }

        double difference = (second.Integrate(from, to) - first.Integrate(from, to)) / (to - from);
        return 100 * (Math.Exp(difference) - 1);
    }

    private static PchipCurve ToCurve(IReadOnlyList<RateDistortionPoint> points, string name)
    {
        ArgumentNullException.ThrowIfNull(points, name);
        if (points.Count < MinCurvePoints)
        {
            throw new ArgumentException($"A curve needs at least {MinCurvePoints} points, but has {points.Count}.", name);
        }

        RateDistortionPoint[] sorted = [.. points.OrderBy(point => point.BitsPerPixel)];
        for (int i = 0; i < sorted.Length; i++)
        {
            (double rate, double psnr) = (sorted[i].BitsPerPixel, sorted[i].Psnr);
            if (!(rate > 0) || !double.IsFinite(rate) || !double.IsFinite(psnr))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A point of a curve has {rate} bpp and {psnr} dB; the rate must be above zero, and both must be finite."), name);
            }

            if (i > 0 && (sorted[i - 1].BitsPerPixel == rate || sorted[i - 1].Psnr >= psnr))
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"A curve must rise, but has {sorted[i - 1].Psnr:0.000} dB at {sorted[i - 1].BitsPerPixel:0.0000} bpp and {psnr:0.000} dB at {rate:0.0000} bpp. Leave out points that others beat."),
                    name);
            }
        }

        return new PchipCurve([.. sorted.Select(point => point.Psnr)], [.. sorted.Select(point => Math.Log(point.BitsPerPixel))]);
    }
}
