using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ImageCodec.Benchmarks.Networks;

// «layers» and «models» print tables of the networks; all else is BenchmarkDotNet's.
if (!NetworkReports.TryRun(args))
{
    BenchmarkSwitcher.FromAssembly(typeof(NetworkReports).Assembly).Run(
        args, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
}
