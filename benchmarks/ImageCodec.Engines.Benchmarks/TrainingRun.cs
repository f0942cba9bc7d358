using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.TorchSharp;
using ImageCodec.Training;
using TorchSharp;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>Whole training steps, of the library's own engine or of the one by TorchSharp. What is compared is the first step's loss.</summary>
internal sealed class TrainingRun : IContender
{
    public const int Count = 16;
    public const int Side = 128;

    private readonly Autoencoder _model;
    private readonly ITrainingEngine _engine;
    private readonly float[] _crops = new float[Count * Side * Side * 3];
    private double _loss;

    private TrainingRun(string architecture, int threads, Func<TrainingState, TrainingOptions, ITrainingEngine> createEngine)
    {
        TrainingOptions options = new()
        {
            Folder = "none",
            OutputPath = "none",
            Architecture = architecture,
            BatchSize = Count,
            MaxThreads = threads,
        };
        _model = ModelFactory.Create(architecture, seed: 1);
        _engine = createEngine(new TrainingState(_model, threads), options);
        for (int i = 0; i < _crops.Length; i++)
        {
            _crops[i] = 0.5f + 0.4f * MathF.Sin(i * 0.01f);
        }
    }

    public string Note => "";

    public static TrainingRun Managed(string architecture, int threads) => new(architecture, threads, (state, options) => new ManagedEngine(state, options));

    public static TrainingRun Torch(string architecture) => new(architecture, threads: 0, (state, options) => new TorchEngine(state, options, torch.CPU));

    public void Run()
    {
        RandomSource[] random = [.. Enumerable.Range(0, Count).Select(i => new RandomSource(1, i))];
        _loss = _engine.Step(new TrainingBatch(_crops, Side, random), 1e-6, 1).Loss;
    }

    public float[] Output() => [(float)_loss];

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
    }
}
