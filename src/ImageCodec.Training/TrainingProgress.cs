namespace ImageCodec.Training;

/// <summary>How far a run has come, reported after each epoch.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs altogether.</param>
/// <param name="Loss">The mean loss of the epoch.</param>
/// <param name="Psnr">PSNR of the epoch's mean squared error, in dB, before rounding to 8 bits.</param>
/// <param name="BitsPerPixel">The rate that the loss saw; 0 where it sees none.</param>
/// <param name="Validation">The newest validation, once there has been one.</param>
/// <param name="Best">The best validation so far, whose weights are kept.</param>
/// <param name="Elapsed">Time since this run started or was resumed.</param>
/// <param name="Remaining">The time that the rest will take at this pace.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    double Loss,
    double Psnr,
    double BitsPerPixel,
    ValidationResult? Validation,
    ValidationResult? Best,
    TimeSpan Elapsed,
    TimeSpan Remaining);

/// <summary>Figures of the validation pictures, means over pictures, from real files.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="PlainPsnr">PSNR of the autoencoder without quantisation, in dB.</param>
/// <param name="Psnr">PSNR of decompressed files, in dB.</param>
/// <param name="BitsPerPixel">Whole files' bits per pixel.</param>
/// <param name="Cost">Bits per pixel + λ · MSE: what the best weights have least of.</param>
public sealed record ValidationResult(int Epoch, double PlainPsnr, double Psnr, double BitsPerPixel, double Cost);
