namespace ImageCodec.Cli;

/// <summary>Files that an earlier run of <c>compress</c> left.</summary>
internal static class EarlierIcd
{
    /// <summary>The share of a picture's variance that may be lost: even the smallest files lose less, and another picture shares next to nothing.</summary>
    private const double MaxLoss = 0.25;

    /// <summary>The squared error of a value that is nothing, for pictures of a single colour.</summary>
    private const double Slight = 4;

    /// <summary>
    /// Whether a file holds this very picture, so that compressing it anew loses nothing: it has the picture's name and size, and what comes out of it looks like it.
    /// </summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="input">Where the picture comes from.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="compressor">A codec that may be needed, beside those that are built in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static bool IsOf(string path, string input, RgbImage picture, ImageCompressor compressor, CancellationToken cancellationToken)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (name != Path.GetFileNameWithoutExtension(input) && name != Path.GetFileName(input))
        {
            return false;
        }

        try
        {
            byte[] file = InputFile.Explain(path, File.ReadAllBytes);
            IcdFile icd = IcdFile.Read(file);
            return icd.Width == picture.Width && icd.Height == picture.Height && LooksLike(picture, Restore(file, icd, compressor, cancellationToken));
        }
        catch (InvalidFileException)
        {
            return false;
        }
    }

    private static RgbImage Restore(byte[] file, IcdFile icd, ImageCompressor compressor, CancellationToken cancellationToken)
    {
        if (icd.Fingerprint == compressor.Fingerprint)
        {
            return compressor.DecompressAsync(file, null, null, cancellationToken).GetAwaiter().GetResult();
        }

        using ImageDecompressor builtIn = new() { MaxPixelCount = compressor.MaxPixelCount };
        return builtIn.DecompressAsync(file, null, null, cancellationToken).GetAwaiter().GetResult();
    }

    private static bool LooksLike(RgbImage picture, RgbImage restored)
    {
        Span<double> sums = stackalloc double[3];
        double squares = 0;
        double error = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> row = picture.GetRow(y);
            ReadOnlySpan<byte> other = restored.GetRow(y);
            for (int x = 0; x < row.Length; x++)
            {
                sums[x % 3] += row[x];
                squares += row[x] * row[x];
                error += (row[x] - other[x]) * (row[x] - other[x]);
            }
        }

        double pixels = (double)picture.Width * picture.Height;
        double variance = squares - (sums[0] * sums[0] + sums[1] * sums[1] + sums[2] * sums[2]) / pixels;
        return error <= MaxLoss * variance + Slight * 3 * pixels;
    }
}
