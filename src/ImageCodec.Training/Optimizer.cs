using System.Numerics;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Training;

/// <summary>
/// Changes parameters against their gradients, which are clipped by their common norm: by Adam (Kingma and Ba, 2015) with β = (0.9, 0.999)
/// and ε = 1e-8, but matrices of weights by <see cref="Muon"/> where that is asked for.
/// </summary>
internal sealed unsafe class Optimizer
{
    public const double Decay1 = 0.9;
    public const double Decay2 = 0.999;

    /// <summary>Muon's steps are relative to the weights', so its rate is another: this many times Adam's.</summary>
    public const double MuonRate = 10;

    /// <summary>ε, added to roots of second moments.</summary>
    public const float Epsilon = 1e-8f;

    private readonly Parameter[] _byAdam;
    private readonly Muon[] _byMuon;
    private readonly ParallelOptions _threads;

    /// <param name="parameters">What is changed.</param>
    /// <param name="forMuon">Those of them whose matrices Muon changes.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    public Optimizer(IReadOnlyList<Parameter> parameters, IEnumerable<Parameter> forMuon, int maxThreads = 0)
    {
        Matrices = forMuon.Where(Muon.Takes).ToHashSet();
        ILookup<bool, Parameter> kinds = parameters.ToLookup(Matrices.Contains);
        _byAdam = [.. kinds[false]];
        _byMuon = [.. kinds[true].SelectMany(Muon.Blocks)];
        _threads = new ParallelOptions { MaxDegreeOfParallelism = maxThreads == 0 ? Environment.ProcessorCount : maxThreads };
        Parameters = parameters;
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Those that Muon changes.</summary>
    public IReadOnlySet<Parameter> Matrices { get; }

    /// <summary>Steps done so far.</summary>
    public int StepCount { get; set; }

    public void ClearGradients()
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.Gradient.Clear();
        }
    }

    /// <summary>Changes all parameters against their gradients.</summary>
    /// <param name="learningRate">The size of the step.</param>
    /// <param name="maxNorm">Gradients of a larger common norm are scaled down to it; 0 for no limit.</param>
    public void Step(double learningRate, double maxNorm)
    {
        StepCount++;
        double norm = maxNorm > 0 ? Math.Sqrt(Parameters.Sum(parameter => SquaredNorm(parameter.Gradient))) : 0;
        float gradientScale = norm > maxNorm ? (float)(maxNorm / norm) : 1;
        AdamStep step = new(
            (float)(learningRate / (1 - Math.Pow(Decay1, StepCount))),
            (float)Decay1,
            (float)Decay2,
            (float)(1 / Math.Sqrt(1 - Math.Pow(Decay2, StepCount))),
            Epsilon,
            gradientScale);
        Parallel.For(0, _byMuon.Length, _threads, i => _byMuon[i].Step((float)(MuonRate * learningRate), gradientScale));
        Parallel.ForEach(_byAdam, _threads, parameter =>
        {
            fixed (float* values = parameter.Values, gradient = parameter.Gradient)
            fixed (float* first = parameter.FirstMoment, second = parameter.SecondMoment)
            {
                Backend.Current.Run(new AdamUpdate(values, gradient, first, second, parameter.Length, step));
            }
        });
        foreach (Parameter parameter in Parameters)
        {
            parameter.Changed();
        }
    }

    private static double SquaredNorm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        int width = Vector<float>.Count;
        int i = 0;
        Vector<double> sums = Vector<double>.Zero;
        for (; i <= values.Length - width; i += width)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> low, out Vector<double> high);
            sums += low * low + high * high;
        }

        for (; i < values.Length; i++)
        {
            sum += (double)values[i] * values[i];
        }

        return sum + Vector.Sum(sums);
    }
}
