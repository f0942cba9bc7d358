namespace ImageCodec.Training.Evaluation;

/// <summary>How near a restored picture is to the original.</summary>
/// <param name="Psnr">PSNR over all three channels of the 8-bit pictures, in dB; at most <see cref="MaxPsnr"/>.</param>
/// <param name="MsSsim">See <see cref="Metrics.MsSsim"/>.</param>
public sealed record Distortion(double Psnr, double MsSsim)
{
    /// <summary>What counts for a picture that comes back exactly, whose PSNR is infinite: means must stay numbers.</summary>
    public const double MaxPsnr = 100;

    internal static Distortion Between(RgbImage original, RgbImage restored) =>
        new(Math.Min(MaxPsnr, Metrics.Psnr(original, restored)), Metrics.MsSsim(original, restored));
}

/// <summary>One picture through one codec at one setting, by a real file.</summary>
/// <param name="Setting">The codec's setting.</param>
/// <param name="Bytes">The whole file's length.</param>
/// <param name="BitsPerPixel">The same in bits over the picture's pixels.</param>
/// <param name="Distortion">How good the picture is that came back.</param>
/// <param name="EncodeSeconds">Time to make the file; of a classical codec the whole run of its command.</param>
/// <param name="DecodeSeconds">Time to restore the picture, likewise.</param>
public sealed record Measurement(double Setting, long Bytes, double BitsPerPixel, Distortion Distortion, double EncodeSeconds, double DecodeSeconds);

/// <summary>Means over all pictures at one setting: arithmetic ones, of PSNR in dB too.</summary>
/// <param name="Setting">The codec's setting.</param>
/// <param name="BitsPerPixel">Mean bits per pixel of whole files.</param>
/// <param name="Psnr">Mean PSNR in dB.</param>
/// <param name="MsSsim">Mean MS-SSIM.</param>
/// <param name="EncodeSeconds">Mean time to make a file.</param>
/// <param name="DecodeSeconds">Mean time to restore a picture.</param>
public sealed record MeanMeasurement(double Setting, double BitsPerPixel, double Psnr, double MsSsim, double EncodeSeconds, double DecodeSeconds)
{
    internal static MeanMeasurement Of(double setting, IReadOnlyCollection<Measurement> measurements) => new(
        setting,
        measurements.Average(one => one.BitsPerPixel),
        measurements.Average(one => one.Distortion.Psnr),
        measurements.Average(one => one.Distortion.MsSsim),
        measurements.Average(one => one.EncodeSeconds),
        measurements.Average(one => one.DecodeSeconds));
}
