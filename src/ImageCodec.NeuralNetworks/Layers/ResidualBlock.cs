using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>x + conv(ReLU(conv(x))), both convolutions 3×3 that keep the shape (after He et al., 2016).</summary>
internal sealed class ResidualBlock(int channels) : Layer
{
    private readonly ConvolutionLayer _first = ConvolutionLayer.Convolve(channels, channels, 3, 1, 1, Activation.Relu);
    private readonly ConvolutionLayer _second = ConvolutionLayer.Convolve(channels, channels, 3, 1, 1, Activation.None);

    /// <summary>The two convolutions, in order.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions => [_first, _second];

    /// <summary>Clears the second convolution, without which the block adds nothing.</summary>
    public void BecomeIdentity()
    {
        foreach ((_, Parameter parameter) in _second.Parameters)
        {
            parameter.Values.Clear();
            parameter.Changed();
        }
    }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters =>
    [
        .. _first.Parameters.Select(p => ($"conv1.{p.Name}", p.Parameter)),
        .. _second.Parameters.Select(p => ($"conv2.{p.Name}", p.Parameter)),
    ];

    public override double Scale => 1;

    public override double Reach => _first.Reach + _second.Reach;

    public override TensorShape OutputShape(TensorShape input) => _first.OutputShape(input);

    public override long CountOperations(TensorShape input) => _first.CountOperations(input) + _second.CountOperations(input);

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor inner = _first.Forward(scope, input);
        Tensor output = _second.Forward(scope, inner);
        scope.ReleaseUnlessRecording(inner);
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
