namespace ImageCodec;

/// <summary>A compressed picture together with what will come out of it.</summary>
/// <remarks>Safe to read from several threads at once, as long as none writes to the bytes or the pixels.</remarks>
public sealed class CompressionResult
{
    /// <summary>A target counts as reached within this share of the bits per pixel …</summary>
    private const double BitsTolerance = 0.02;

    /// <summary>… and within so many dB.</summary>
    private const double PsnrTolerance = 0.1;

    /// <summary>… or points of SSIMULACRA2.</summary>
    private const double Ssimulacra2Tolerance = 0.5;

    internal CompressionResult(byte[] file, RgbImage original, RgbImage reconstruction, int level, CompressionOptions options)
    {
        File = file;
        Reconstruction = reconstruction;
        Level = level;
        (RgbImage shown, RgbImage restored) = (original.LayOver(RgbColor.Black), reconstruction.LayOver(RgbColor.Black));
        Psnr = Metrics.Psnr(shown, restored);
        Ssimulacra2 = options.Ssimulacra2 is null ? null : Metrics.Ssimulacra2(shown, restored);
        BitsPerPixel = Metrics.BitsPerPixel(file.Length, original.Width, original.Height);
        IsTargetReached = options switch
        {
            { Psnr: { } psnr } => Math.Abs(Psnr - psnr) <= PsnrTolerance,
            { Ssimulacra2: { } score } => Math.Abs(Ssimulacra2!.Value - score) <= Ssimulacra2Tolerance,
            _ => IsNear(options, BitsPerPixel),
        };
    }

    /// <summary>The bytes of the <c>.icd</c> file.</summary>
    public byte[] File { get; }

    /// <summary>Exactly the picture that <see cref="ImageCompressor.Decompress(ReadOnlyMemory{byte}, DecompressionOptions?, CancellationToken)"/> makes of <see cref="File"/>, on any machine.</summary>
    public RgbImage Reconstruction { get; }

    /// <summary>The level that was used, 1 … <see cref="ImageCompressor.LevelCount"/>.</summary>
    public int Level { get; }

    /// <summary>
    /// The PSNR of <see cref="Reconstruction"/> against the original, in dB; positive infinity where they are equal. Of pictures with alpha, over black.
    /// </summary>
    public double Psnr { get; }

    /// <summary>
    /// The score of SSIMULACRA2 of <see cref="Reconstruction"/> against the original, where <see cref="CompressionOptions.Ssimulacra2"/> was set, else null, as it takes time; see
    /// <see cref="Metrics.Ssimulacra2"/>. Of pictures with alpha, over black.
    /// </summary>
    public double? Ssimulacra2 { get; }

    /// <summary>The whole file's bits over the picture's pixels.</summary>
    public double BitsPerPixel { get; }

    /// <summary>
    /// Whether the file is within 2 % of the bits per pixel, within 0.1 dB of the PSNR or within 0.5 points of the score that was asked for. If not, no level was found that
    /// comes nearer with this picture, or the fit of <c>fitted</c> ended beside it. True where no such target was set.
    /// </summary>
    public bool IsTargetReached { get; }

    /// <summary>Whether a file has about the bits per pixel that were asked for; true where none were.</summary>
    internal static bool IsNear(CompressionOptions options, double bitsPerPixel) =>
        options.BitsPerPixel is not { } wanted || Math.Abs(bitsPerPixel - wanted) <= BitsTolerance * wanted;
}
