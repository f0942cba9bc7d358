using BenchmarkDotNet.Running;
using ImageCodec.Benchmarks;
using ImageCodec.Benchmarks.Networks;

// «layers» and «models» print tables of the networks; all else is BenchmarkDotNet's.
if (!NetworkReports.TryRun(args))
{
    BenchmarkSwitcher.FromAssembly(typeof(BenchmarkConfig).Assembly).Run(args, new BenchmarkConfig());
}
