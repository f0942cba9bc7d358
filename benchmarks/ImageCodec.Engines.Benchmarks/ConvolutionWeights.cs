using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>The library's convolutions as the other engines want them.</summary>
internal static class ConvolutionWeights
{
    /// <summary>
    /// The weights as [output, input, row, column] of the convolution, or of the one that is transposed, which is what a transposed convolution wants. From the
    /// kernels' order, as that is one of a convolution even where weights files have a linear layer.
    /// </summary>
    public static float[] InPlanes(ConvolutionLayer layer)
    {
        ConvolutionGeometry geometry = layer.Geometry;
        ReadOnlySpan<float> values = layer.Weight.Values;
        float[] planes = new float[values.Length];
        int taps = geometry.Kernel * geometry.Kernel;
        int next = 0;
        for (int tap = 0; tap < taps; tap++)
        {
            for (int input = 0; input < geometry.Inputs; input++)
            {
                for (int output = 0; output < geometry.Outputs; output++)
                {
                    planes[(output * geometry.Inputs + input) * taps + tap] = values[next++];
                }
            }
        }

        return planes;
    }

    /// <summary>Whether a convolution covers its input once, so that it is a linear layer: all engines have a faster way for that.</summary>
    public static bool IsLinear(ConvolutionLayer layer, TensorShape input) =>
        !layer.IsTransposed && layer.Geometry.Padding == 0 && (input.Height, input.Width) == (layer.Geometry.Kernel, layer.Geometry.Kernel);
}
