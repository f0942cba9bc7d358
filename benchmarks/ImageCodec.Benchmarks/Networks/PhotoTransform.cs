using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>A part of the default model.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Input">What it reads for a picture of 768×512.</param>
/// <param name="Layer">Its layers.</param>
/// <param name="IsForHalf">Whether the codec computes it at one field of a checkerboard only.</param>
internal sealed record PhotoTransform(string Name, TensorShape Input, Layer Layer, bool IsForHalf = false)
{
    /// <summary>Runs it as the codec does.</summary>
    public Tensor Run(ComputeScope scope, Tensor input) =>
        IsForHalf ? ((ConvolutionLayer)Layer).ForwardHalf(scope, input, half: 1) : Layer.Forward(scope, input);
}
