using ImageCodec.Models;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Training;

/// <summary>The library's own kernels, which work on the run's state itself.</summary>
internal sealed class ManagedEngine : ITrainingEngine
{
    private readonly TrainingState _state;
    private readonly TrainingOptions _options;
    private readonly Replicas? _replicas;

    /// <param name="state">The state of the run.</param>
    /// <param name="options">What the run does.</param>
    public ManagedEngine(TrainingState state, TrainingOptions options)
    {
        (_state, _options) = (state, options);
        _replicas = state.Model.Network.Hyperprior is null ? null : new Replicas(state.Model, options.BatchSize, options.MaxThreads);
    }

    public StepResult Step(TrainingBatch batch, double learningRate, double rateWeight)
    {
        StepResult result = LeaveGradients(batch, rateWeight);
        if (double.IsFinite(result.Loss))
        {
            _state.Optimizer.Step(learningRate, _options.MaxGradientNorm);
            _state.Average.Update(_state.Optimizer.StepCount);
        }

        return result;
    }

    /// <summary>Runs a step up to the gradients, which are left in the parameters.</summary>
    public StepResult LeaveGradients(TrainingBatch batch, double rateWeight)
    {
        if (_replicas is not null)
        {
            return _replicas.Run(batch.Count, (replica, first, count) =>
            {
                using ComputeScope part = new(replica.Workspace, _replicas.ThreadsEach, recording: true);
                return HyperpriorLoss.Run(part, replica, Pictures(part, batch, first, count), batch.Random[first..(first + count)], batch.Count);
            });
        }

        Autoencoder model = _state.Model;
        using ComputeScope scope = new(model.Workspace, _options.MaxThreads, recording: true);
        Tensor input = Pictures(scope, batch, 0, batch.Count);
        _state.Optimizer.ClearGradients();
        if (model.HasSignedLatent)
        {
            return RateDistortionLoss.Variational(scope, model, input, _options.Lambda, rateWeight, batch.Random);
        }

        return _options.Recipe == TrainingRecipe.Seed
            ? RateDistortionLoss.Noisy(scope, model, input, _options.Bits, batch.Random)
            : RateDistortionLoss.Quantized(scope, model, input, _options.Bits, _options.Lambda, rateWeight, batch.Random);
    }

    public void Store()
    {
    }

    public void Load()
    {
    }

    public void Dispose() => _replicas?.Dispose();

    private static Tensor Pictures(ComputeScope scope, TrainingBatch batch, int first, int count)
    {
        Tensor pictures = scope.Create(count, new TensorShape(batch.Side, batch.Side, 3));
        batch.Pictures(first, count).CopyTo(pictures.Span);
        return pictures;
    }
}
