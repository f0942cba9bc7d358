using System.Globalization;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>
/// One iteration of fitting the synthesis to a picture of 768×512, error and all gradients: milliseconds, GFLOP/s and percent of the ceiling measured in
/// the same run. Operations are three times those of the way forward; what is computed twice to save memory does not count.
/// </summary>
internal static class SynthesisPassReport
{
    private const int Width = 768;
    private const int Height = 512;

    /// <summary>Prints the report.</summary>
    public static void Print(TextWriter output)
    {
        output.WriteLine("| size | threads | error alone, ms | with gradients, ms | GFLOP/s | of the ceiling |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (FittedLayout layout in FittedLayout.All)
        {
            foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            {
                double ceiling = Ceiling.Measure(threads);
                (double forward, double all) = Measure(layout, threads);
                ceiling = Math.Max(ceiling, Ceiling.Measure(threads));
                double rate = 3 * 2e-9 * CountOperations(layout) / all;
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {layout.Size} | {threads} | {forward * 1000:F2} | {all * 1000:F2} | {rate:F0} | {100 * rate / ceiling:F0} % of {ceiling:F0} |"));
            }
        }
    }

    private static (double Forward, double All) Measure(FittedLayout layout, int threads)
    {
        RandomSource random = new(1);
        RgbImage image = new(Width, Height);
        foreach (ref byte value in image.Pixels)
        {
            value = (byte)random.Next(256);
        }

        GridPlane[] values = CreatePlanes(), gradients = CreatePlanes();
        foreach (GridPlane plane in values)
        {
            for (int y = 0; y < plane.Height; y++)
            {
                foreach (ref float value in plane.Values(y))
                {
                    value = random.NextSingle(-2, 2);
                }
            }
        }

        float[] parameters = new float[layout.Count], parameterGradients = new float[layout.Count];
        foreach (ref float value in parameters.AsSpan())
        {
            value = random.NextSingle(-0.1f, 0.1f);
        }

        SynthesisPass pass = new(layout, image, threads);
        double forward = Stopwatches.Best(
            () => Stopwatches.Time(() => pass.Run(values, parameters, null, [], 1, CancellationToken.None), threads), seconds: 1);
        double all = Stopwatches.Best(
            () => Stopwatches.Time(() => pass.Run(values, parameters, gradients, parameterGradients, 1, CancellationToken.None), threads), seconds: 2);
        return (forward, all);
    }

    private static GridPlane[] CreatePlanes() =>
    [
        .. Enumerable.Range(0, FittedLayout.GridCount(Width, Height))
            .Select(grid => new GridPlane(FittedLayout.GridSide(Width, grid), FittedLayout.GridSide(Height, grid))),
    ];

    /// <summary>Multiply-adds of the way forward: a doubled value takes four, and half a stretched one with four more.</summary>
    private static double CountOperations(FittedLayout layout)
    {
        double pixels = (double)Width * Height;
        int colors = FittedLayout.Colors;
        double synthesis = pixels * (FittedLayout.MaxGrids * (layout.Hidden + colors) + layout.Hidden * colors + 2 * FittedLayout.ColorFilter);
        double upsampling = 0;
        for (int grid = 1; grid < FittedLayout.MaxGrids; grid++)
        {
            upsampling += (FittedLayout.MaxGrids - grid) * pixels / Math.Pow(4, grid - 1) * 1.5 * FittedLayout.FilterTaps;
        }

        return synthesis + upsampling;
    }
}
