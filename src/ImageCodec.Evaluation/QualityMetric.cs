namespace ImageCodec.Evaluation;

/// <summary>What curves and BD-rates measure quality by.</summary>
/// <param name="Name">The name.</param>
/// <param name="Label">What an axis of it says.</param>
/// <param name="Unit">What its figures are in.</param>
/// <param name="NarrowRange">Over a range narrower than this, a BD-rate says little.</param>
/// <param name="Of">The figure of a mean point; higher is better, and steps are about as large as they look.</param>
internal sealed record QualityMetric(string Name, string Label, string Unit, double NarrowRange, Func<MeanMeasurement, double> Of)
{
    public static readonly QualityMetric Psnr = new("PSNR", "PSNR in dB", "dB", 1, point => point.Psnr);

    /// <summary>In decibels, as near 1 a little means a lot.</summary>
    public static readonly QualityMetric MsSsim =
        new("MS-SSIM", "MS-SSIM in dB: −10 · log₁₀(1 − MS-SSIM)", "dB", 1, point => -10 * Math.Log10(Math.Max(1e-10, 1 - point.MsSsim)));

    public static readonly QualityMetric Ssimulacra2 = new("SSIMULACRA2", "SSIMULACRA2", "points", 5, point => point.Ssimulacra2);

    public static IReadOnlyList<QualityMetric> All { get; } = [Psnr, MsSsim, Ssimulacra2];
}
