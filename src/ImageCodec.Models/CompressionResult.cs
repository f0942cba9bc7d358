namespace ImageCodec;

/// <summary>A compressed picture together with what will come out of it.</summary>
/// <remarks>Safe to read from several threads at once, as long as none writes to the bytes or the pixels.</remarks>
public sealed class CompressionResult
{
    internal CompressionResult(byte[] file, RgbImage original, RgbImage reconstruction, int level)
    {
        File = file;
        Reconstruction = reconstruction;
        Level = level;
        Psnr = Metrics.Psnr(original, reconstruction);
        BitsPerPixel = Metrics.BitsPerPixel(file.Length, original.Width, original.Height);
    }

    /// <summary>The bytes of the <c>.icd</c> file.</summary>
    public byte[] File { get; }

    /// <summary>Exactly the picture that <see cref="ImageCompressor.Decompress(ReadOnlyMemory{byte}, CancellationToken)"/> makes of <see cref="File"/>, on any machine.</summary>
    public RgbImage Reconstruction { get; }

    /// <summary>The quantiser's rate setting that was used.</summary>
    public int Level { get; }

    /// <summary>The distance of <see cref="Reconstruction"/> from the original, in dB.</summary>
    public double Psnr { get; }

    /// <summary>The whole file's bits over the picture's pixels.</summary>
    public double BitsPerPixel { get; }
}
