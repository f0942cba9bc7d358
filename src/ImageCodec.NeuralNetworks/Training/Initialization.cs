using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.NeuralNetworks.Training;

/// <summary>What parameters start from.</summary>
internal static class Initialization
{
    /// <summary>Uniform in ±1/√(fan in), weights and biases: PyTorch's default for convolutions and linear layers.</summary>
    public static void FanIn(ConvolutionLayer layer, RandomSource random)
    {
        float bound = 1 / MathF.Sqrt(layer.FanIn);
        Fill(layer.Weight, bound, random);
        Fill(layer.Bias, bound, random);
    }

    /// <summary>Weights uniform in ±√(6 / (fan in + fan out)), biases zero (Glorot and Bengio, 2010).</summary>
    public static void Xavier(ConvolutionLayer layer, RandomSource random)
    {
        Fill(layer.Weight, MathF.Sqrt(6f / (layer.FanIn + layer.FanOut)), random);
        Fill(layer.Bias, 0, random);
    }

    /// <summary>
    /// Weights uniform in ±√(6 / terms), biases zero: values keep their size through layers with ReLU, however many (He et al., 2015).
    /// </summary>
    public static void KeepSize(ConvolutionLayer layer, RandomSource random)
    {
        Fill(layer.Weight, (float)Math.Sqrt(6 / layer.Terms), random);
        Fill(layer.Bias, 0, random);
    }

    private static void Fill(Parameter parameter, float bound, RandomSource random)
    {
        foreach (ref float value in parameter.Values)
        {
            value = random.NextSingle(-bound, bound);
        }

        parameter.Changed();
    }
}
