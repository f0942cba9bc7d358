using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ImageCodec.Benchmarks;

/// <summary>
/// A column computed from a benchmark's best iteration and its parameter «Symbols»: on a machine that others use as well, the best one is
/// the one that was disturbed least.
/// </summary>
internal abstract class BestColumn : IColumn
{
    public string Id => GetType().Name;

    public abstract string ColumnName { get; }

    public abstract string Legend { get; }

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        => Compute(summary, benchmarkCase) is { } value ? value.ToString("0.0#", CultureInfo.InvariantCulture) : "-";

    protected abstract double? Compute(Summary summary, BenchmarkCase benchmark);

    protected static double? GetBest(Summary summary, BenchmarkCase benchmark) => summary[benchmark]?.ResultStatistics?.Min;
}

/// <summary>Million symbols a second.</summary>
internal sealed class RateColumn : BestColumn
{
    public override string ColumnName => "Msymbol/s";

    public override string Legend => "Million symbols a second, from the best iteration";

    protected override double? Compute(Summary summary, BenchmarkCase benchmark)
        => benchmark.Parameters["Symbols"] is int symbols ? 1000.0 * symbols / GetBest(summary, benchmark) : null;
}

/// <summary>How many times the speed of the group's baseline, the plain native coder.</summary>
internal sealed class TimesBaselineColumn : BestColumn
{
    public override string ColumnName => "× baseline";

    public override string Legend => "Speed over that of the plain native coder on the same data, from the best iterations";

    protected override double? Compute(Summary summary, BenchmarkCase benchmark)
    {
        BenchmarkCase? baseline = summary.BenchmarksCases.FirstOrDefault(other =>
            other.Descriptor.Baseline && other.Descriptor.Type == benchmark.Descriptor.Type
            && other.Parameters.DisplayInfo == benchmark.Parameters.DisplayInfo);
        return baseline is null ? null : GetBest(summary, baseline) / GetBest(summary, benchmark);
    }
}
