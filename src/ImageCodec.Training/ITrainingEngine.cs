using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>What computes the steps of a run: losses, gradients, the optimiser and the running average.</summary>
internal interface ITrainingEngine : IDisposable
{
    /// <summary>Runs a step.</summary>
    /// <param name="batch">The pictures.</param>
    /// <param name="learningRate">The size of the step.</param>
    /// <param name="rateWeight">The share of the rate's gradient that counts, 0 … 1, where a recipe lets it come in slowly.</param>
    StepResult Step(TrainingBatch batch, double learningRate, double rateWeight);

    /// <summary>Brings parameters, moments and averages of the run's state up to the last step.</summary>
    void Store();

    /// <summary>Goes on from the parameters, moments and averages of the run's state.</summary>
    void Load();
}
