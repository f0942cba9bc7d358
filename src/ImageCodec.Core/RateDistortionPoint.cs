namespace ImageCodec;

/// <summary>What a codec did at one of its settings.</summary>
/// <param name="BitsPerPixel">Bits per pixel, above zero.</param>
/// <param name="Psnr">PSNR in dB, finite.</param>
public readonly record struct RateDistortionPoint(double BitsPerPixel, double Psnr);
