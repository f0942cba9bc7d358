using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>
/// x + layers(x), where the layers keep rows and columns and the last one has no activation (after He et al., 2016). If they end with fewer channels than
/// they began with, they add to the first ones, and the others end here.
/// </summary>
internal sealed class ResidualBlock : Layer
{
    /// <summary>The usual two layers: x + conv(ReLU(conv(x))), both convolutions 3×3.</summary>
    public ResidualBlock(int channels)
        : this(
            ("conv1", ConvolutionLayer.Convolve(channels, channels, 3, 1, 1, Activation.Relu)),
            ("conv2", ConvolutionLayer.Convolve(channels, channels, 3, 1, 1, Activation.None)))
    {
    }

    public ResidualBlock(params (string Name, Layer Layer)[] layers) => Inner = new Sequential(layers);

    /// <summary>What is added to the input.</summary>
    public Sequential Inner { get; }

    /// <summary>Clears the last layer, without which the block adds nothing.</summary>
    public void BecomeIdentity()
    {
        foreach ((_, Parameter parameter) in Inner.Layers[^1].Parameters)
        {
            parameter.Values.Clear();
            parameter.Changed();
        }
    }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => Inner.Parameters;

    public override double Scale => 1;

    public override double Reach => Inner.Reach;

    public override TensorShape OutputShape(TensorShape input) => Inner.OutputShape(input);

    public override long CountOperations(TensorShape input) => Inner.CountOperations(input);

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor output = Inner.Forward(scope, input);
        int channels = output.Channels;
        ElementwiseSum.AddChannels(scope, output, 0, input, 0, channels);
        scope.Record(() =>
        {
            if (output.Gradient is { } gradient && input.NeedsGradient)
            {
                ElementwiseSum.AddChannels(scope, scope.GradientOf(input), 0, gradient, 0, channels);
            }
        });
        return output;
    }
}
