namespace ImageCodec.Evaluation;

/// <summary>Means over all pictures at one setting: arithmetic ones, of PSNR in dB too.</summary>
/// <param name="Setting">The codec's setting.</param>
/// <param name="BitsPerPixel">Mean bits per pixel of whole files.</param>
/// <param name="Psnr">Mean PSNR in dB.</param>
/// <param name="MsSsim">Mean MS-SSIM.</param>
/// <param name="Ssimulacra2">Mean score of SSIMULACRA2.</param>
/// <param name="EncodeSeconds">Mean time to make a file.</param>
/// <param name="DecodeSeconds">Mean time to restore a picture.</param>
internal sealed record MeanMeasurement(
    double Setting, double BitsPerPixel, double Psnr, double MsSsim, double Ssimulacra2, double EncodeSeconds, double DecodeSeconds)
{
    internal static MeanMeasurement Of(double setting, IReadOnlyCollection<Measurement> measurements) => new(
        setting,
        measurements.Average(one => one.BitsPerPixel),
        measurements.Average(one => one.Distortion.Psnr),
        measurements.Average(one => one.Distortion.MsSsim),
        measurements.Average(one => one.Distortion.Ssimulacra2),
        measurements.Average(one => one.EncodeSeconds),
        measurements.Average(one => one.DecodeSeconds));
}
