using ImageCodec.Models;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Training;

/// <summary>
/// Copies of a model that share the pictures of a step: the feature maps of a few pictures stay in the caches from layer to layer, and layers as small as those
/// of crops leave little for threads to share, where whole passes do. Pictures are dealt out by their number alone, so that the outcome does not depend on the threads.
/// </summary>
internal sealed class Replicas : IDisposable
{
    private readonly Autoencoder[] _models;
    private readonly Parameter[][] _parameters;
    private readonly ParallelOptions _threads;

    /// <summary>Prepares for steps of a batch size.</summary>
    /// <param name="model">What is trained; the first replica is the model itself, which stays the caller's.</param>
    /// <param name="batchSize">Pictures in a step.</param>
    /// <param name="sharesSteps">Whether there may be several.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    public Replicas(Autoencoder model, int batchSize, bool sharesSteps, int maxThreads)
    {
        int threads = maxThreads == 0 ? Environment.ProcessorCount : maxThreads;
        _threads = new ParallelOptions { MaxDegreeOfParallelism = threads };

        // Every replica copies all parameters, and has gradients of its own to be summed: few pictures each pay where there are few of those.
        int picturesEach = (sharesSteps, model.ParameterCount) switch
        {
            (true, <= 1_000_000) => 2,
            (true, <= 5_000_000) => 4,
            _ => batchSize,
        };
        int count = (batchSize + picturesEach - 1) / picturesEach;
        ThreadsEach = Math.Max(1, threads / count);
        _models = [model, .. Enumerable.Range(1, count - 1).Select(_ => ModelFactory.CreateBlank(model.Architecture, ThreadsEach))];
        _parameters = [.. _models.Select(replica => replica.Network.Parameters.Select(p => p.Parameter).ToArray())];
    }

    /// <summary>Threads that each replica may use.</summary>
    public int ThreadsEach { get; }

    /// <summary>Runs the passes of a step, and leaves the sum of the gradients in the model.</summary>
    /// <param name="count">Pictures in the step.</param>
    /// <param name="run">Is given a replica and the first and the number of its pictures; returns its share of the step's figures.</param>
    public StepResult Run(int count, Func<Autoencoder, int, int, StepResult> run)
    {
        Parameter[][] parameters = _parameters;
        int replicas = Math.Min(_models.Length, count);
        StepResult[] results = new StepResult[replicas];
        Parallel.For(0, replicas, _threads, i =>
        {
            for (int p = 0; p < parameters[i].Length; p++)
            {
                Parameter parameter = parameters[i][p];
                parameter.Gradient.Clear();
                if (i > 0)
                {
                    parameters[0][p].Values.CopyTo(parameter.Values);
                    parameter.Changed();
                }
            }

            int first = count * i / replicas;
            results[i] = run(_models[i], first, count * (i + 1) / replicas - first);
        });
        Parallel.For(0, parameters[0].Length, _threads, p =>
        {
            for (int i = 1; i < replicas; i++)
            {
                ElementwiseSum.AddTo(parameters[0][p].Gradient, parameters[i][p].Gradient);
            }
        });
        return new StepResult(results.Sum(r => r.MeanSquaredError), results.Sum(r => r.BitsPerPixel), results.Sum(r => r.Loss));
    }

    public void Dispose()
    {
        foreach (Autoencoder replica in _models.Skip(1))
        {
            replica.Dispose();
        }
    }
}
