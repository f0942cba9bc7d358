using System.Numerics;

namespace ImageCodec;

/// <summary>SSIM on one scale and on several; <see cref="Metrics.MsSsim"/> says how it is defined.</summary>
internal static class StructuralSimilarity
{
    private const int WindowSide = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 255 * (0.01 * 255);
    private const double C2 = 0.03 * 255 * (0.03 * 255);

    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    public static double MultiScale(Plane first, Plane second)
    {
        int scales = CountScales(first.ShorterSide);
        double weightSum = Weights.AsSpan(0, scales).ToArray().Sum();
        double product = 1;
        for (int scale = 0; ; scale++)
        {
            (double similarity, double contrast) = SingleScale(first, second);
            bool isLast = scale == scales - 1;
            product *= Math.Pow(Math.Max(0, isLast ? similarity : contrast), Weights[scale] / weightSum);
            if (isLast)
            {
                return product;
            }

            (first, second) = (first.Halve(), second.Halve());
        }
    }

    public static int CountScales(int shorterSide)
    {
        int scales = 1;
        for (int side = (shorterSide + 1) / 2; side >= WindowSide && scales < Weights.Length; side = (side + 1) / 2)
        {
            scales++;
        }

        return scales;
    }

    /// <summary>The means over the picture of luminance · contrast · structure, and of contrast · structure alone.</summary>
    private static (double Similarity, double Contrast) SingleScale(Plane first, Plane second)
    {
        double[] window = Window(Math.Min(WindowSide, first.ShorterSide));
        int width = first.Width;
        int columns = width - window.Length + 1;
        int rows = first.Height - window.Length + 1;

        // Moments: a, b, a², b², ab, summed over the window's rows, then over its columns.
        double[][] vertical = [.. Enumerable.Range(0, 5).Select(_ => new double[width])];
        double[][] moments = [.. Enumerable.Range(0, 5).Select(_ => new double[columns])];
        double similaritySum = 0;
        double contrastSum = 0;
        for (int y = 0; y < rows; y++)
        {
            Array.ForEach(vertical, Array.Clear);
            Array.ForEach(moments, Array.Clear);
            for (int k = 0; k < window.Length; k++)
            {
                AddMoments(vertical, first.Row(y + k), second.Row(y + k), window[k]);
            }

            for (int moment = 0; moment < moments.Length; moment++)
            {
                for (int k = 0; k < window.Length; k++)
                {
                    AddScaled(moments[moment], vertical[moment].AsSpan(k, columns), window[k]);
                }
            }

            for (int x = 0; x < columns; x++)
            {
                double meanA = moments[0][x];
                double meanB = moments[1][x];
                double varianceSum = moments[2][x] - meanA * meanA + (moments[3][x] - meanB * meanB);
                double covariance = moments[4][x] - meanA * meanB;
                double contrast = (2 * covariance + C2) / (varianceSum + C2);
                contrastSum += contrast;
                similaritySum += contrast * (2 * meanA * meanB + C1) / (meanA * meanA + meanB * meanB + C1);
            }
        }

        double count = (double)rows * columns;
        return (similaritySum / count, contrastSum / count);
    }

    private static double[] Window(int side)
    {
        double middle = (side - 1) / 2.0;
        double[] window = [.. Enumerable.Range(0, side).Select(i => Math.Exp(-(i - middle) * (i - middle) / (2 * Sigma * Sigma)))];
        double sum = window.Sum();
        return [.. window.Select(value => value / sum)];
    }

    private static void AddMoments(double[][] sums, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double weight)
    {
        Span<double> sumA = sums[0];
        Span<double> sumB = sums[1];
        Span<double> sumAa = sums[2];
        Span<double> sumBb = sums[3];
        Span<double> sumAb = sums[4];
        int i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> va = new(a[i..]);
            Vector<double> vb = new(b[i..]);
            Vector<double> weightedA = va * weight;
            Vector<double> weightedB = vb * weight;
            (new Vector<double>(sumA[i..]) + weightedA).CopyTo(sumA[i..]);
            (new Vector<double>(sumB[i..]) + weightedB).CopyTo(sumB[i..]);
            (new Vector<double>(sumAa[i..]) + weightedA * va).CopyTo(sumAa[i..]);
            (new Vector<double>(sumBb[i..]) + weightedB * vb).CopyTo(sumBb[i..]);
            (new Vector<double>(sumAb[i..]) + weightedA * vb).CopyTo(sumAb[i..]);
        }

        for (; i < a.Length; i++)
        {
            sumA[i] += weight * a[i];
            sumB[i] += weight * b[i];
            sumAa[i] += weight * a[i] * a[i];
            sumBb[i] += weight * b[i] * b[i];
            sumAb[i] += weight * a[i] * b[i];
        }
    }

    private static void AddScaled(Span<double> sum, ReadOnlySpan<double> values, double weight)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(sum[i..]) + new Vector<double>(values[i..]) * weight).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }
}
