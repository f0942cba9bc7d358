using System.Globalization;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>
/// An iteration of fitting a decoder to a picture of 768×512, part by part, beside the ceiling measured in the same run: milliseconds, GFLOP/s and
/// percent of the ceiling. An iteration counts three times the products of the way forward.
/// </summary>
internal static class FittingReport
{
    private const int Width = 768;
    private const int Height = 512;

    /// <summary>Prints the report.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="filter">Part of the lines' beginning: «part | networks | threads».</param>
    /// <param name="seconds">For how long each is repeated.</param>
    public static void Print(TextWriter output, string filter, double seconds)
    {
        int cores = Environment.ProcessorCount;
        output.WriteLine("| part | networks | threads | ms | GFLOP/s | of the ceiling |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (FittedLayout layout in FittedLayout.All)
        {
            foreach (int threads in new[] { 1, cores }.Distinct())
            {
                foreach (FittingPart part in Parts(layout, threads))
                {
                    string name = $"{part.Name} | {layout.Size} | {threads}";
                    if (name.Contains(filter, StringComparison.Ordinal))
                    {
                        Line(output, name, part, threads, seconds);
                    }
                }
            }
        }
    }

    private static IEnumerable<FittingPart> Parts(FittedLayout layout, int threads)
    {
        double entropy = EntropyProducts(layout);
        yield return new FittingPart("entropy, bits and gradients", 3 * entropy, () => Entropy(layout, threads, hasGradients: true));
        yield return new FittingPart("entropy, bits", entropy, () => Entropy(layout, threads, hasGradients: false));
    }

    private static void Line(TextWriter output, string name, FittingPart part, int threads, double seconds)
    {
        // The ceiling moves with the machine's load, so it is taken anew for each line.
        double ceiling = Ceiling.Measure(threads);
        Action run = part.Prepare();
        double time = Stopwatches.Best(() => Stopwatches.Time(run, threads), seconds);
        double speed = 2e-9 * part.Products / time;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {1000 * time:F2} | {speed:F0} | {100 * speed / ceiling:F0} % of {ceiling:F0} |"));
        output.Flush();
    }

    /// <summary>Products of the entropy model for all values; each four share their features.</summary>
    private static double EntropyProducts(FittedLayout layout)
    {
        double products = 0;
        int n = FittedLayout.Inputs;
        for (int grid = 0; grid < FittedLayout.GridCount(Width, Height); grid++)
        {
            double positions = (double)FittedLayout.GridSide(Width, grid) * FittedLayout.GridSide(Height, grid);
            products += positions * (2 * n * n + 4 * n + FittedLayout.Features * FittedLayout.CoarseValues / 4.0);
        }

        return products;
    }

    private static Action Entropy(FittedLayout layout, int threads, bool hasGradients)
    {
        EntropyPass pass = new(layout, Width, Height, threads);
        RandomSource random = new(1);
        GridPlane[] values = Planes(), gradients = Planes();
        foreach (GridPlane plane in values)
        {
            for (int row = 0; row < plane.Height; row++)
            {
                Fill(random, plane.Values(row), 2);
            }
        }

        float[] parameters = new float[layout.Count], parameterGradients = new float[layout.Count];
        Fill(random, parameters, 0.05f);
        return () => pass.Run(values, parameters, hasGradients ? gradients : null, parameterGradients);
    }

    private static GridPlane[] Planes() =>
    [
        .. Enumerable.Range(0, FittedLayout.GridCount(Width, Height))
            .Select(grid => new GridPlane(FittedLayout.GridSide(Width, grid), FittedLayout.GridSide(Height, grid))),
    ];

    private static void Fill(RandomSource random, Span<float> values, float size)
    {
        foreach (ref float value in values)
        {
            value = size * random.NextNormal();
        }
    }

    /// <summary>A part of an iteration: its products, and what makes ready and returns what is timed.</summary>
    private sealed record FittingPart(string Name, double Products, Func<Action> Prepare);
}
