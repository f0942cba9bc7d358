using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Training;

/// <summary>The optimiser Adam (Kingma and Ba, 2015) with β = (0.9, 0.999), ε = 1e-8, and gradients clipped by their common norm.</summary>
internal sealed unsafe class Adam(IReadOnlyList<Parameter> parameters)
{
    private const double Decay1 = 0.9;
    private const double Decay2 = 0.999;

    /// <summary>Steps done so far.</summary>
    public int StepCount { get; set; }

    public void ClearGradients()
    {
        foreach (Parameter parameter in parameters)
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
        double norm = maxNorm > 0 ? Norm() : 0;
        AdamStep step = new(
            (float)(learningRate / (1 - Math.Pow(Decay1, StepCount))),
            (float)Decay1,
            (float)Decay2,
            (float)(1 / Math.Sqrt(1 - Math.Pow(Decay2, StepCount))),
            1e-8f,
            norm > maxNorm ? (float)(maxNorm / norm) : 1);
        foreach (Parameter parameter in parameters)
        {
            fixed (float* values = parameter.Values, gradient = parameter.Gradient)
            fixed (float* first = parameter.FirstMoment, second = parameter.SecondMoment)
            {
                Backend.Current.Adam(values, gradient, first, second, parameter.Length, in step);
            }

            parameter.Changed();
        }
    }

    private double Norm()
    {
        double sum = 0;
        foreach (Parameter parameter in parameters)
        {
            foreach (float value in parameter.Gradient)
            {
                sum += (double)value * value;
            }
        }

        return Math.Sqrt(sum);
    }
}
