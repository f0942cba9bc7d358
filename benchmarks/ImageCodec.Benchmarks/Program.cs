using BenchmarkDotNet.Running;
using ImageCodec.Benchmarks;
using ImageCodec.Benchmarks.Networks;

// «layers», «models», «transforms», «fitting», «synthesis» and «codec» print tables of their own; all else is BenchmarkDotNet's.
switch (args)
{
    case []:
        Help.Print(Console.Out);
        break;
    case ["codec", .. var picture]:
        CodecReport.Print(Console.Out, picture.FirstOrDefault());
        break;
    default:
        if (!NetworkReports.TryRun(args))
        {
            BenchmarkSwitcher.FromAssembly(typeof(BenchmarkConfig).Assembly).Run(args, new BenchmarkConfig());
        }

        break;
}
