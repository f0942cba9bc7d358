using ImageCodec.Engines.Benchmarks;

return CommandLine.Create().Parse(args).Invoke();
