using System.Runtime.CompilerServices;

namespace ImageCodec;

/// <summary>How far two pictures are apart, how many bits a picture took, and how two codecs compare.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public static partial class Metrics
{
    /// <summary>The mean squared error over all three channels, in squared 8-bit levels: 0 (equal) … 65025.</summary>
    /// <exception cref="ArgumentException">The pictures have different sizes.</exception>
    public static double Mse(RgbImage first, RgbImage second)
    {
        CheckSizes(first, second);
        ReadOnlySpan<byte> a = first.Pixels;
        ReadOnlySpan<byte> b = second.Pixels;
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            int difference = a[i] - b[i];
            sum += difference * difference;
        }

        return (double)sum / a.Length;
    }

    /// <summary>The peak signal-to-noise ratio in dB, 10 · log10(255² / MSE) over all three channels; positive infinity for equal pictures.</summary>
    /// <exception cref="ArgumentException">The pictures have different sizes.</exception>
    public static double Psnr(RgbImage first, RgbImage second) => 10 * Math.Log10(255.0 * 255.0 / Mse(first, second));

    /// <summary>Bits per pixel of a whole file.</summary>
    /// <param name="fileLength">The length of the file in bytes.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative length or a side below 1.</exception>
    public static double BitsPerPixel(long fileLength, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fileLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return 8.0 * fileLength / ((double)width * height);
    }

    private static void CheckSizes(
        RgbImage first,
        RgbImage second,
        [CallerArgumentExpression(nameof(first))] string? firstName = null,
        [CallerArgumentExpression(nameof(second))] string? secondName = null)
    {
        ArgumentNullException.ThrowIfNull(first, firstName);
        ArgumentNullException.ThrowIfNull(second, secondName);
        if (first.Width != second.Width || first.Height != second.Height)
        {
            throw new ArgumentException(
                $"The pictures must have one size, but are {first.Width}×{first.Height} and {second.Width}×{second.Height}.", secondName);
        }
    }
}
