using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;

namespace ImageCodec.PriorTraining;

/// <summary>How far fits go from the means: what becomes the scales of a prior.</summary>
internal static class PriorScales
{
    private const int Fits = 20;
    private const int Iterations = 300;
    private const int CropSide = 256;

    /// <summary>A parameter that hardly moved in a few fits may do so in others; below this part of its group's mean no scale goes.</summary>
    private const double LeastPart = 1 / 16.0;

    /// <summary>Fits crops, and takes for each parameter the geometric mean of its own and its group's mean distance.</summary>
    /// <returns>Logarithms to base 2 of scales in integer units, in eighths.</returns>
    public static sbyte[] Measure(FittedLayout layout, CropSource source)
    {
        double[] distances = new double[layout.Count];
        Random random = new(2);
        for (int i = 0; i < Fits; i++)
        {
            int rate = i * 11 % (FittedPriors.Rates - 2) + 1;
            FittedPrior prior = FittedPriors.Of(layout, rate);
            PictureFit fit = new(prior, source.Next(CropSide, random), FittedPriors.Lambda(rate), maxThreads: 0);
            LatentStart.Fill(fit, default);
            for (int step = 0; step < Iterations; step++)
            {
                fit.Iterate(FitSchedule.At((float)step / Iterations, fit.Lambda), default);
            }

            for (int p = 0; p < distances.Length; p++)
            {
                distances[p] += Math.Abs((double)fit.Parameters[p] * (1 << layout.FractionalBits(p)) - prior.Means[p]) / Fits;
            }

            Console.WriteLine($"{i + 1} of {Fits} crops fitted");
        }

        sbyte[] scales = new sbyte[layout.Count];
        for (int group = 0; group < FittedLayout.GroupCount; group++)
        {
            (int first, int length) = layout.Group(group).GetOffsetAndLength(layout.Count);
            double mean = Math.Max(distances.AsSpan(first, length).ToArray().Average(), 1);
            for (int p = first; p < first + length; p++)
            {
                double scale = Math.Sqrt(Math.Max(distances[p], LeastPart * mean) * mean);
                scales[p] = (sbyte)Math.Clamp(Math.Round(LaplaceTables.ScalesPerOctave * Math.Log2(Math.Max(scale, 1))), 0, sbyte.MaxValue);
            }
        }

        return scales;
    }
}
