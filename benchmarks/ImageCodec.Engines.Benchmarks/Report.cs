using System.Globalization;
using System.Runtime.InteropServices;
using ImageCodec.Benchmarks.Networks;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>The table, with what it was measured on above it and what was noticed below.</summary>
internal static class Report
{
    private static readonly Engine[] Others = [Engine.OnnxRuntime, Engine.LibTorch];

    /// <summary>Prints the report.</summary>
    /// <returns>The exit code: 1 if outputs differ.</returns>
    public static int Print(TextWriter output, IReadOnlyList<string> models, Turns turns)
    {
        NativeEngines engines = NativeEngines.Load(turns.Threads);
        output.WriteLine($"{ProcessorName()}, {Environment.ProcessorCount} cores; {RuntimeInformation.FrameworkDescription}");
        engines.Descriptions.ToList().ForEach(output.WriteLine);
        double ceiling = Ceiling.Measure(turns.Threads) / turns.Threads;
        output.WriteLine(Invariant($"Fused multiply-adds: at most {ceiling:F0}·10⁹ floating-point operations a second and core"));
        output.WriteLine(turns.Threads == 1 ? "1 thread; milliseconds of processor time\n" : $"{turns.Threads} threads; milliseconds\n");
        output.WriteLine("| model | what | batch | ImageCodec | ONNX Runtime | libtorch | × ONNX Runtime | × libtorch |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");

        RowSource source = new(turns.Threads, engines);
        (double Distance, string Where) furthest = (0, "no row");
        List<string> differing = [];
        bool agrees = true;
        foreach (Row row in source.RowsOf([.. models.Distinct()]))
        {
            RowResult result = RowResult.Of(row, turns);
            output.WriteLine($"| {row.Model} | {row.What} | {row.Batch} | {string.Join(" | ", Cells(result))} |");
            output.Flush();
            agrees &= result.Agrees;
            string where = $"{row.Model} {row.What} {row.Batch}";
            furthest = result.Distance > furthest.Distance ? (result.Distance, where) : furthest;
            differing.AddRange(result.Differing.Select(way => $"{where}: {way}"));
        }

        output.WriteLine(Invariant($"\nOutputs that were timed differ by at most {furthest.Distance:0.0e+0} of their mean magnitude ({furthest.Where})."));
        output.WriteLine(differing.Count == 0
            ? "No output was wrong, so libtorch's convolutions are plain ones; in training steps they have channels of zeros where ImageCodec.TorchSharp adds them."
            : "These outputs were wrong and were not timed; by how many mean magnitudes:");
        differing.ForEach(output.WriteLine);
        return agrees ? 0 : 1;
    }

    private static IEnumerable<string> Cells(RowResult result)
    {
        return
        [
            Time(Engine.ImageCodec),
            .. Others.Select(Time),
            .. Others.Select(engine => result.Seconds(engine) / result.Seconds(Engine.ImageCodec) is { } ratio ? Invariant($"{ratio:F2}") : "–"),
        ];

        string Time(Engine engine) =>
            result.Seconds(engine) is { } seconds ? Invariant($"{seconds * 1000:F2} {result.Note(engine)}").TrimEnd() : result.Note(engine);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        string? line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? $"A processor of kind {RuntimeInformation.ProcessArchitecture}";
    }
}
