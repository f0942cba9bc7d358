namespace ImageCodec.Training;

/// <summary>How far a run has come, reported after each epoch.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class TrainingProgress
{
    internal TrainingProgress(
        int epoch,
        int epochs,
        double loss,
        double psnr,
        double bitsPerPixel,
        ValidationResult? validation,
        ValidationResult? best,
        TimeSpan elapsed,
        TimeSpan remaining)
    {
        (Epoch, Epochs) = (epoch, epochs);
        (Loss, Psnr, BitsPerPixel) = (loss, psnr, bitsPerPixel);
        (Validation, Best) = (validation, best);
        (Elapsed, Remaining) = (elapsed, remaining);
    }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; }

    /// <summary>Epochs altogether.</summary>
    public int Epochs { get; }

    /// <summary>The mean loss of the epoch.</summary>
    public double Loss { get; }

    /// <summary>PSNR of the epoch's mean squared error, in dB, before rounding to 8 bits.</summary>
    public double Psnr { get; }

    /// <summary>The rate that the loss saw; 0 where it sees none.</summary>
    public double BitsPerPixel { get; }

    /// <summary>The newest validation since this run started or was resumed; null before the first.</summary>
    public ValidationResult? Validation { get; }

    /// <summary>The best validation so far, whose weights are kept; null before the first.</summary>
    public ValidationResult? Best { get; }

    /// <summary>Time since this run started or was resumed.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The time that the rest will take at this pace.</summary>
    public TimeSpan Remaining { get; }
}
