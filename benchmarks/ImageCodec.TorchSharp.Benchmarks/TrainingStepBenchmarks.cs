using BenchmarkDotNet.Attributes;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.Training;
using TorchSharp;

namespace ImageCodec.TorchSharp.Benchmarks;

/// <summary>A training step of eight squares of 128×128, computed by the library and by TorchSharp on the same cores.</summary>
public class TrainingStepBenchmarks
{
    private const int Count = 8;
    private const int Side = 128;

    private Autoencoder? _model;
    private ManagedEngine? _managed;
    private TorchEngine? _torch;

    [Params("strided", "residual", "vae", "vae-spatial", "hyperprior")]
    public string Architecture { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        torch.set_num_threads(Environment.ProcessorCount);
        TrainingOptions options = new() { Folder = "none", OutputPath = "none", Architecture = Architecture, BatchSize = Count };
        _model = ModelFactory.Create(Architecture);
        TrainingState state = new(_model);
        _managed = new ManagedEngine(state, options);
        _torch = new TorchEngine(state, options, torch.CPU);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _torch?.Dispose();
        _managed?.Dispose();
        _model?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public double Managed() => Step(_managed!);

    [Benchmark]
    public double TorchSharp() => Step(_torch!);

    private static double Step(ITrainingEngine engine)
    {
        RandomSource[] random = [.. Enumerable.Range(0, Count).Select(i => new RandomSource(1, i))];
        float[] crops = new float[Count * Side * Side * 3];
        for (int i = 0; i < crops.Length; i++)
        {
            crops[i] = 0.5f + 0.4f * MathF.Sin(i * 0.01f);
        }

        return engine.Step(new TrainingBatch(crops, Side, random), 1e-6, 1).Loss;
    }
}
