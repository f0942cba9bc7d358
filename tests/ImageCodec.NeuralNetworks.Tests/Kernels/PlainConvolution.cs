using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Kernels;

/// <summary>Convolutions written down as their definitions say, in double precision; with each sum the sum of magnitudes, which bounds its rounding errors.</summary>
internal static class PlainConvolution
{
    public static ExactTensor Forward(ConvolutionGeometry g, Tensor input, float[] weights, float[] bias)
    {
        ExactTensor output = new(input.Count, g.Convolve(input.Shape));
        output.Add(bias);
        EachTerm(g, input, output.Shape, (read, written, weight) => output.Add(written, input.Span[read], weights[weight]));
        return output;
    }

    /// <summary>The chains of fused multiply-adds that the kernels promise to the bit.</summary>
    public static float[] ForwardChains(ConvolutionGeometry g, Tensor input, float[] weights, float[] bias)
    {
        TensorShape shape = g.Convolve(input.Shape);
        float[] output = new float[input.Count * shape.Length];
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = bias[i % bias.Length];
        }

        EachTerm(g, input, shape, (read, written, weight) =>
            output[written] = MathF.FusedMultiplyAdd(input.Span[read], weights[weight], output[written]));
        return output;
    }

    public static ExactTensor Transpose(ConvolutionGeometry g, Tensor input, TensorShape outputShape, float[] weights, float[] bias)
    {
        ExactTensor output = new(input.Count, outputShape);
        output.Add(bias);
        EachTerm(g, input.Count, outputShape, input.Shape, (read, written, weight) => output.Add(read, input.Span[written], weights[weight]));
        return output;
    }

    public static ExactTensor WeightGradient(ConvolutionGeometry g, Tensor input, Tensor outputGradient, float[] start)
    {
        ExactTensor gradient = new(1, new TensorShape(1, 1, g.WeightCount));
        gradient.Add(start);
        EachTerm(g, input, outputGradient.Shape, (read, written, weight) => gradient.Add(weight, input.Span[read], outputGradient.Span[written]));
        return gradient;
    }

    private static void EachTerm(ConvolutionGeometry g, Tensor input, TensorShape output, Action<int, int, int> term) =>
        EachTerm(g, input.Count, input.Shape, output, term);

    /// <summary>Calls back with the indices of what is read, written and multiplied by, for every term of the convolution.</summary>
    private static void EachTerm(ConvolutionGeometry g, int count, TensorShape input, TensorShape output, Action<int, int, int> term)
    {
        for (int picture = 0; picture < count; picture++)
        {
            for (int y = 0; y < output.Height; y++)
            {
                for (int x = 0; x < output.Width; x++)
                {
                    for (int row = 0; row < g.Kernel; row++)
                    {
                        for (int column = 0; column < g.Kernel; column++)
                        {
                            int inputRow = y * g.Stride + row - g.Padding;
                            int inputColumn = x * g.Stride + column - g.Padding;
                            if (inputRow < 0 || inputRow >= input.Height || inputColumn < 0 || inputColumn >= input.Width)
                            {
                                continue;
                            }

                            int read = ((picture * input.Height + inputRow) * input.Width + inputColumn) * g.Inputs;
                            int written = ((picture * output.Height + y) * output.Width + x) * g.Outputs;
                            int weight = (row * g.Kernel + column) * g.Inputs * g.Outputs;
                            for (int i = 0; i < g.Inputs; i++)
                            {
                                for (int o = 0; o < g.Outputs; o++)
                                {
                                    term(read + i, written + o, weight + i * g.Outputs + o);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
