using ImageCodec.Models;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Training;

/// <summary>The library's own kernels, which work on the run's state itself.</summary>
internal sealed class ManagedEngine : ITrainingEngine
{
    /// <summary>A step keeps all feature maps of its batch, and the next one wants the same.</summary>
    private const long KeptBytes = 512L << 20;

    private readonly TrainingState _state;
    private readonly TrainingOptions _options;
    private readonly Replicas _replicas;

    /// <param name="state">The state of the run.</param>
    /// <param name="options">What the run does.</param>
    public ManagedEngine(TrainingState state, TrainingOptions options)
    {
        (_state, _options) = (state, options);
        NativePool.Shared.MaxKeptBytes = Math.Max(NativePool.Shared.MaxKeptBytes, KeptBytes);
        _replicas = new Replicas(state.Model, options.BatchSize, sharesSteps: options.Recipe != TrainingRecipe.NoisyDistortion, options.MaxThreads);
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
        LossOptions loss = _options.Loss(rateWeight, batch.Count);
        return _replicas.Run(batch.Count, (replica, first, count) =>
        {
            using ComputeScope scope = new(replica.Workspace, _replicas.ThreadsEach, recording: true);
            Tensor pictures = scope.Create(count, new TensorShape(batch.Side, batch.Side, 3));
            batch.Pictures(first, count).CopyTo(pictures.Span);
            return replica.Network.RunLoss(scope, pictures, batch.Random[first..(first + count)], loss with { FirstPicture = first });
        });
    }

    public void Store()
    {
    }

    public void Load()
    {
    }

    public void Dispose() => _replicas.Dispose();
}
