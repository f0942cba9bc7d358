using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>
/// Folds each block of <paramref name="side"/> × <paramref name="side"/> places into the channels (row, column, channel) of one: the
/// inverse of <see cref="DepthToSpace"/>.
/// </summary>
internal sealed class SpaceToDepth(int side) : Layer
{
    /// <summary>Places of a block, each way.</summary>
    public int Side => side;

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [];

    public override double Scale => 1.0 / side;

    public override double Reach => 0;

    public override TensorShape OutputShape(TensorShape input) => input.Height % side == 0 && input.Width % side == 0
        ? new TensorShape(input.Height / side, input.Width / side, checked(input.Channels * side * side))
        : throw new ArgumentException($"Space to depth {side} expects sides in multiples of {side}, but was given {input}.", nameof(input));

    public override long CountOperations(TensorShape input) => 0;

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor output = scope.Create(input.Count, OutputShape(input.Shape));
        output.NeedsGradient = input.NeedsGradient;
        DepthToSpace.Copy(scope, side, output, input, toSpace: false);
        if (input.NeedsGradient)
        {
            scope.Record(() =>
            {
                if (output.Gradient is { } gradient)
                {
                    Tensor back = scope.Create(input.Count, input.Shape);
                    DepthToSpace.Copy(scope, side, gradient, back, toSpace: true);
                    Gradients.Accumulate(scope, input, back);
                }
            });
        }

        return output;
    }
}
