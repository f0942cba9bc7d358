namespace ImageCodec.Cli;

/// <summary>Files that an earlier run of <c>compress</c> left.</summary>
internal static class EarlierIcd
{
    /// <summary>The side of the squares whose mean colours are compared: small files lose detail, but keep these.</summary>
    private const int Side = 16;

    /// <summary>How far they may lie apart, of 255, beside the root of the mean squared error: the smallest files keep them less well.</summary>
    private const double MaxDifference = 12;

    /// <summary>How far the mean of the whole picture may be off, beside half of that root. What was made brighter is off by nearly all of it.</summary>
    private const double MaxShift = 3;

    /// <summary>The share of a picture's variance that may be lost: the smallest files lose less, and another picture shares next to nothing.</summary>
    private const double MaxLoss = 0.25;

    /// <summary>The squared error of a value that is nothing, for pictures of a single colour.</summary>
    private const double Slight = 4;

    /// <summary>
    /// Whether a file holds this very picture, so that compressing it anew loses nothing: it has the picture's name and size, and what comes out of it looks like it.
    /// </summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="input">Where the picture comes from.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="decompressor">Has the codecs that the file may need.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static bool IsOf(string path, string input, RgbImage picture, ImageDecompressor decompressor, CancellationToken cancellationToken)
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
            return icd.Width == picture.Width && icd.Height == picture.Height && LooksLike(picture, decompressor.Decompress(file, cancellationToken: cancellationToken));
        }
        catch (InvalidFileException)
        {
            return false;
        }
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
        double power = 0;
        long[] totals = new long[3];
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
                    power += one[3 * x + channel] * one[3 * x + channel];
                    totals[channel] += one[3 * x + channel];
                }
            }
        }

        double pixels = (double)picture.Width * picture.Height;
        double variance = power - totals.Sum(total => (double)total * total) / pixels;
        if (squares > MaxLoss * variance + Slight * 3 * pixels)
        {
            return false;
        }

        double error = Math.Sqrt(squares / (3 * pixels));
        long[] shifts = new long[3];
        for (int i = 0; i < sums.Length; i++)
        {
            shifts[i % 3] += sums[i];
            if (Math.Abs(sums[i]) > (MaxDifference + error) * counts[i / 3])
            {
                return false;
            }
        }

        return shifts.All(shift => Math.Abs(shift) <= (MaxShift + error / 2) * pixels);
    }
}
