using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ImageCodec.NativeComparison;
using Perfolizer.Horology;

namespace ImageCodec.Benchmarks;

/// <summary>
/// Short runs in this process: no project to generate and restore, and managed and native side by side on one state of the machine.
/// </summary>
internal sealed class BenchmarkConfig : ManualConfig
{
    public BenchmarkConfig()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(15)
            .WithMinIterationTime(TimeInterval.FromMilliseconds(50)));
        AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Statistics, DefaultColumnProviders.Metrics);
        AddColumn(new RateColumn(), new TimesBaselineColumn());
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        HideColumns("Error", "StdDev", "Median", "Ratio", "RatioSD");

        // The rows of a coder that could not be built are left out; the line says why.
        AddFilter(new SimpleFilter(benchmark =>
            !benchmark.Descriptor.WorkloadMethod.Name.StartsWith("Native", StringComparison.Ordinal) || IsNativeAvailable()));
        WithOptions(ConfigOptions.DisableOptimizationsValidator);
    }

    private static bool s_isTold;

    private static bool IsNativeAvailable()
    {
        if (!NativeAdaptiveCoder.IsAvailable && !s_isTold)
        {
            s_isTold = true;
            Console.WriteLine(NativeAdaptiveCoder.Problem);
        }

        return NativeAdaptiveCoder.IsAvailable;
    }
}
