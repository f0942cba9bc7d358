using ImageCodec.Models;
using ImageCodec.Training;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>Computes the steps of a run with TorchSharp.</summary>
internal sealed class TorchEngine : ITrainingEngine
{
    private readonly TrainingOptions _options;
    private readonly TorchOptimizer _optimizer;

    /// <param name="state">The run's state.</param>
    /// <param name="options">What the run does.</param>
    /// <param name="device">Where steps are computed.</param>
    public TorchEngine(TrainingState state, TrainingOptions options, Device device)
    {
        _options = options;
        Module = new TorchAutoencoder(state.Model, device);
        _optimizer = new TorchOptimizer(Module, state);
    }

    public TorchAutoencoder Module { get; }

    public StepResult Step(TrainingBatch batch, double learningRate, double rateWeight)
    {
        using IDisposable scope = NewDisposeScope();
        StepResult result = LeaveGradients(batch, rateWeight);
        if (double.IsFinite(result.Loss))
        {
            _optimizer.Step(learningRate, _options.MaxGradientNorm);
        }

        return result;
    }

    /// <summary>Runs a step up to the gradients, in the caller's dispose scope.</summary>
    public StepResult LeaveGradients(TrainingBatch batch, double rateWeight)
    {
        _optimizer.ClearGradients();
        Tensor pictures = TorchTensors.FromPlaces(
            batch.Pictures(0, batch.Count), batch.Count, new TensorShape(batch.Side, batch.Side, 3), Module.Device);
        return Module.Family.RunLoss(Module, pictures, batch, _options.Loss(rateWeight, batch.Count));
    }

    public void Store() => _optimizer.Store();

    public void Load() => _optimizer.Load();

    public void Dispose()
    {
        _optimizer.Dispose();
        Module.Dispose();
    }
}
