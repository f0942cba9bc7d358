namespace ImageCodec.Cli;

/// <summary>Files that an earlier run of <c>compress</c> left.</summary>
internal static class EarlierIcd
{
    /// <summary>The side of the squares whose mean colours are compared: small files lose detail, but keep these.</summary>
    private const int Side = 16;

    /// <summary>How far they may lie apart, of 255, beside the root of the mean squared error: the smallest files keep them less well.</summary>
    private const double MaxDifference = 12;

    /// <summary>How far the mean of the whole picture may be off.</summary>
    private const double MaxShift = 3;

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

    /// <summary>What files keep exactly must be the same, and pixels about.</summary>
    private static bool LooksLike(RgbImage picture, RgbImage restored)
    {
        PictureMetadata first = picture.Metadata;
        PictureMetadata second = restored.Metadata;
        return picture.Alpha.SequenceEqual(restored.Alpha)
            && first.IccProfile.Span.SequenceEqual(second.IccProfile.Span)
            && first.CodePoints == second.CodePoints
            && first.Gamma == second.Gamma
            && HasLikeSquares(picture, restored);
    }

    /// <summary>The last square of a row or a column takes what is left over.</summary>
    private static bool HasLikeSquares(RgbImage picture, RgbImage restored)
    {
        int columns = Math.Max(1, picture.Width / Side);
        int rows = Math.Max(1, picture.Height / Side);
        long[] sums = new long[3 * columns * rows];
        int[] counts = new int[columns * rows];
        double squares = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> one = picture.GetRow(y);
            ReadOnlySpan<byte> other = restored.GetRow(y);
            for (int x = 0; x < picture.Width; x++)
            {
                int square = Math.Min(y / Side, rows - 1) * columns + Math.Min(x / Side, columns - 1);
                counts[square]++;
                for (int channel = 0; channel < 3; channel++)
                {
                    int difference = one[3 * x + channel] - other[3 * x + channel];
                    sums[3 * square + channel] += difference;
                    squares += difference * difference;
                }
            }
        }

        double pixels = (double)picture.Width * picture.Height;
        double largest = MaxDifference + Math.Sqrt(squares / (3 * pixels));
        long[] shifts = new long[3];
        for (int i = 0; i < sums.Length; i++)
        {
            shifts[i % 3] += sums[i];
            if (Math.Abs(sums[i]) > largest * counts[i / 3])
            {
                return false;
            }
        }

        return shifts.All(shift => Math.Abs(shift) <= MaxShift * pixels);
    }
}
