namespace ImageCodec.Models.Compressor;

/// <summary>A part of a longer work, as a fraction of the whole.</summary>
/// <param name="whole">Told the whole's fraction.</param>
/// <param name="start">Where the part begins.</param>
/// <param name="length">How much of the whole it is.</param>
internal sealed class ProgressPart(IProgress<double> whole, double start, double length) : IProgress<double>
{
    /// <summary>A part where somebody is told of the whole; null where nobody is.</summary>
    public static ProgressPart? Of(IProgress<double>? whole, double start, double length) => whole is null ? null : new ProgressPart(whole, start, length);

    public void Report(double value) => whole.Report(start + length * value);
}
