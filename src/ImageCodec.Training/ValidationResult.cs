namespace ImageCodec.Training;

/// <summary>Figures of the validation pictures, means over pictures, from real files.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class ValidationResult
{
    internal ValidationResult(int epoch, double plainPsnr, double psnr, double bitsPerPixel, double cost) =>
        (Epoch, PlainPsnr, Psnr, BitsPerPixel, Cost) = (epoch, plainPsnr, psnr, bitsPerPixel, cost);

    /// <summary>Epochs done.</summary>
    public int Epoch { get; }

    /// <summary>PSNR of the autoencoder without quantisation, in dB.</summary>
    public double PlainPsnr { get; }

    /// <summary>PSNR of decompressed files, in dB.</summary>
    public double Psnr { get; }

    /// <summary>Whole files' bits per pixel.</summary>
    public double BitsPerPixel { get; }

    /// <summary>Bits per pixel + λ · MSE: what the best weights have least of.</summary>
    public double Cost { get; }
}
