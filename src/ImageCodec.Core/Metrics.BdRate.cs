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
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(test);
        return BdRateBy(Pairs(anchor), Pairs(test), "PSNR", "dB");

        static (double Rate, double Quality)[] Pairs(IReadOnlyList<RateDistortionPoint> points) => [.. points.Select(point => (point.BitsPerPixel, point.Psnr))];
    }

    /// <summary>The same for the same figure of another metric.</summary>
    /// <param name="anchor">Bits per pixel and the metric's figure, which is higher for better pictures and about as far from point to point as they look.</param>
    /// <param name="test">The curve to judge, likewise.</param>
    /// <param name="metric">The metric's name, for errors.</param>
    /// <param name="unit">Its unit, for errors.</param>
    internal static double BdRateBy(
        IReadOnlyList<(double Rate, double Quality)> anchor, IReadOnlyList<(double Rate, double Quality)> test, string metric, string unit)
    {
        PchipCurve first = ToCurve(anchor, unit, nameof(anchor));
        PchipCurve second = ToCurve(test, unit, nameof(test));
        double from = Math.Max(first.Start, second.Start);
        double to = Math.Min(first.End, second.End);
        if (!(from < to))
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"The curves have no range of {metric} in common: the anchor goes from {first.Start:0.00} to {first.End:0.00} {unit}, the other from {second.Start:0.00} to {second.End:0.00} {unit}."),
                nameof(test));
        }

        double difference = (second.Integrate(from, to) - first.Integrate(from, to)) / (to - from);
        return 100 * (Math.Exp(difference) - 1);
    }

    private static PchipCurve ToCurve(IReadOnlyList<(double Rate, double Quality)> points, string unit, string name)
    {
        if (points.Count < MinCurvePoints)
        {
            throw new ArgumentException($"A curve needs at least {MinCurvePoints} points, but has {points.Count}.", name);
        }

        (double Rate, double Quality)[] sorted = [.. points.OrderBy(point => point.Rate)];
        for (int i = 0; i < sorted.Length; i++)
        {
            (double rate, double quality) = sorted[i];
            if (!(rate > 0) || !double.IsFinite(rate) || !double.IsFinite(quality))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A point of a curve has {rate} bpp and {quality} {unit}; the rate must be above zero, and both must be finite."), name);
            }

            if (i > 0 && (sorted[i - 1].Rate == rate || sorted[i - 1].Quality >= quality))
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"A curve must rise, but has {sorted[i - 1].Quality:0.000} {unit} at {sorted[i - 1].Rate:0.0000} bpp and {quality:0.000} {unit} at {rate:0.0000} bpp. Leave out points that others beat."),
                    name);
            }
        }

        return new PchipCurve([.. sorted.Select(point => point.Quality)], [.. sorted.Select(point => Math.Log(point.Rate))]);
    }
}
