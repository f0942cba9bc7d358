using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using ImageCodec.TorchSharp.Benchmarks;

// In this process: libtorch's native files are found beside it.
ManualConfig config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(7))
    .AddColumn(StatisticColumn.Median)
    .HideColumns(Column.Error, Column.StdDev);
BenchmarkSwitcher.FromTypes([typeof(TrainingStepBenchmarks)]).Run(args, config);
