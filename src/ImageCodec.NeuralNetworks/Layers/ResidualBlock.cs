using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>x + layers(x), where the layers keep the shape and the last one has no activation (after He et al., 2016).</summary>
internal sealed class ResidualBlock : Layer
{
    private readonly Sequential _layers;

    /// <summary>The usual two layers: x + conv(ReLU(conv(x))), both convolutions 3×3.</summary>
    public ResidualBlock(int channels)
        : this(
            ("conv1", ConvolutionLayer.Convolve(channels, channels, 3, 1, 1, Activation.Relu)),
            ("conv2", ConvolutionLayer.Convolve(channels, channels, 3, 1, 1, Activation.None)))
    {
    }

    public ResidualBlock(params (string Name, Layer Layer)[] layers) => _layers = new Sequential(layers);

    /// <summary>What is added to the input.</summary>
    public Sequential Inner => _layers;

    /// <summary>Clears the last layer, without which the block adds nothing.</summary>
    public void BecomeIdentity()
    {
        foreach ((_, Parameter parameter) in _layers.Layers.Last().Parameters)
        {
            parameter.Values.Clear();
            parameter.Changed();
        }
    }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => _layers.Parameters;

    public override double Scale => 1;

    public override double Reach => _layers.Reach;

    public override TensorShape OutputShape(TensorShape input) => _layers.OutputShape(input);

    public override long CountOperations(TensorShape input) => _layers.CountOperations(input);

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor output = _layers.Forward(scope, input);
        Gradients.Add(scope, output, input);
        scope.Record(() =>
        {
            if (output.Gradient is { } gradient && input.NeedsGradient)
            {
                Gradients.Add(scope, scope.GradientOf(input), gradient);
            }
        });
        return output;
    }
}
