using ImageCodec.Training;
using static TorchSharp.torch;
using ManagedParameter = ImageCodec.NeuralNetworks.Layers.Parameter;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>The trainer's optimisers, Adam and Muon, and its running average, on a module's device.</summary>
internal sealed class TorchOptimizer : IDisposable
{
    private readonly TrainingState _state;
    private readonly Entry[] _entries;

    /// <param name="module">What is trained.</param>
    /// <param name="state">The run's state.</param>
    public TorchOptimizer(TorchAutoencoder module, TrainingState state)
    {
        _state = state;
        _entries = [.. module.Pairs(state.Model).Select((pair, index) => new Entry(index, pair.Managed, pair.Own))];
    }

    /// <summary>Changes all parameters against their gradients, and the average after them.</summary>
    /// <param name="learningRate">The size of the step.</param>
    /// <param name="maxNorm">Gradients of a larger common norm are scaled down to it; 0 for no limit.</param>
    public void Step(double learningRate, double maxNorm)
    {
        int step = ++_state.Optimizer.StepCount;
        using IDisposable still = no_grad();
        Tensor squares = stack([.. _entries.Select(entry => entry.Gradient.square().sum())]).sum();
        Tensor scale = maxNorm > 0 ? (maxNorm / squares.sqrt()).clamp_max(1) : ones_like(squares);
        float weight = AveragedWeights.Weight(step);
        foreach (Entry entry in _entries)
        {
            Tensor gradient = entry.Gradient * scale;
            if (_state.Optimizer.Matrices.Contains(entry.Managed))
            {
                TorchMuon.Step(entry.Managed, entry.Own, gradient, entry.FirstMoment, (float)(Optimizer.MuonRate * learningRate));
            }
            else
            {
                Adam(entry, gradient, learningRate, step);
            }

            entry.Average.lerp_(entry.Own, weight);
        }
    }

    public void ClearGradients()
    {
        foreach (Entry entry in _entries)
        {
            entry.Own.grad?.zero_();
        }
    }

    /// <summary>Copies parameters, moments and averages to the run's state.</summary>
    public void Store()
    {
        foreach (Entry entry in _entries)
        {
            ManagedParameter managed = entry.Managed;
            ToKernel(entry.Own, managed.Values);
            managed.Changed();
            ToKernel(entry.FirstMoment, managed.FirstMoment);
            ToKernel(entry.SecondMoment, managed.SecondMoment);
            ToKernel(entry.Average, _state.Average.Values[entry.Index]);

            void ToKernel(Tensor tensor, Span<float> values) => managed.Layout.ToKernel(TorchTensors.ToArray(tensor), values);
        }
    }

    /// <summary>Copies parameters, moments and averages from the run's state.</summary>
    public void Load()
    {
        using IDisposable still = no_grad();
        foreach (Entry entry in _entries)
        {
            ManagedParameter managed = entry.Managed;
            FromKernel(managed.Values, entry.Own);
            FromKernel(managed.FirstMoment, entry.FirstMoment);
            FromKernel(managed.SecondMoment, entry.SecondMoment);
            FromKernel(_state.Average.Values[entry.Index], entry.Average);

            void FromKernel(ReadOnlySpan<float> values, Tensor target)
            {
                float[] inFile = new float[values.Length];
                managed.Layout.ToFile(values, inFile);
                using Tensor source = tensor(inFile, target.shape);
                target.copy_(source);
            }
        }
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries)
        {
            entry.FirstMoment.Dispose();
            entry.SecondMoment.Dispose();
            entry.Average.Dispose();
        }
    }

    private static void Adam(Entry entry, Tensor gradient, double learningRate, int step)
    {
        entry.FirstMoment.lerp_(gradient, (float)(1 - Optimizer.Decay1));
        entry.SecondMoment.lerp_(gradient.square(), (float)(1 - Optimizer.Decay2));
        Tensor root = (entry.SecondMoment / (1 - Math.Pow(Optimizer.Decay2, step))).sqrt_().add_(Optimizer.Epsilon);
        entry.Own.sub_(entry.FirstMoment / root * (learningRate / (1 - Math.Pow(Optimizer.Decay1, step))));
    }

    /// <summary>A parameter with what belongs to it, all in the shape of weights files.</summary>
    private sealed record Entry(int Index, ManagedParameter Managed, TorchParameter Own)
    {
        public Tensor FirstMoment { get; } = zeros_like(Own, requires_grad: false).DetachFromDisposeScope();

        public Tensor SecondMoment { get; } = zeros_like(Own, requires_grad: false).DetachFromDisposeScope();

        public Tensor Average { get; } = Own.detach().clone().DetachFromDisposeScope();

        public Tensor Gradient => Own.grad ?? zeros_like(Own);
    }
}
