namespace ImageCodec.Evaluation;

/// <summary>How near a restored picture is to the original.</summary>
/// <param name="Psnr">PSNR over all three channels of the 8-bit pictures, in dB; at most <see cref="MaxPsnr"/>.</param>
/// <param name="MsSsim">See <see cref="Metrics.MsSsim"/>.</param>
/// <param name="Ssimulacra2">See <see cref="Metrics.Ssimulacra2"/>.</param>
internal sealed record Distortion(double Psnr, double MsSsim, double Ssimulacra2)
{
    /// <summary>What counts for a picture that comes back exactly, whose PSNR is infinite: means must stay numbers.</summary>
    public const double MaxPsnr = 100;

    internal static Distortion Between(RgbImage original, RgbImage restored) =>
        new(Math.Min(MaxPsnr, Metrics.Psnr(original, restored)), Metrics.MsSsim(original, restored), Metrics.Ssimulacra2(original, restored));
}
