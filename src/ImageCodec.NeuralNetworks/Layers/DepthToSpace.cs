using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>Unfolds each place's channels (row, column, channel) into a block of <paramref name="side"/> × <paramref name="side"/> places.</summary>
internal sealed unsafe class DepthToSpace(int side) : Layer
{
    /// <summary>Places of a block, each way.</summary>
    public int Side => side;

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [];

    public override double Scale => side;

    public override double Reach => 0;

    public override TensorShape OutputShape(TensorShape input) => input.Channels % (side * side) == 0
        ? new TensorShape(checked(input.Height * side), checked(input.Width * side), input.Channels / (side * side))
        : throw new ArgumentException($"Depth to space {side} expects channels in multiples of {side * side}, but was given {input}.", nameof(input));

    public override long CountOperations(TensorShape input) => 0;

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor output = scope.Create(input.Count, OutputShape(input.Shape));
        output.NeedsGradient = input.NeedsGradient;
        Copy(scope, side, input, output, toSpace: true);
        if (input.NeedsGradient)
        {
            scope.Record(() =>
            {
                if (output.Gradient is { } gradient)
                {
                    Tensor back = scope.Create(input.Count, input.Shape);
                    Copy(scope, side, back, gradient, toSpace: false);
                    Gradients.Accumulate(scope, input, back);
                }
            });
        }

        return output;
    }

    /// <summary>Moves values between the two forms, one way or the other.</summary>
    internal static void Copy(ComputeScope scope, int side, Tensor depth, Tensor space, bool toSpace)
    {
        nint run = (nint)side * space.Channels;
        scope.For(depth.Count * depth.Height, index =>
        {
            (int picture, int row) = Math.DivRem(index, depth.Height);
            float* inDepth = depth.Data + picture * depth.PictureLength + (nint)row * depth.Width * depth.Channels;
            for (int column = 0; column < depth.Width; column++)
            {
                for (int blockRow = 0; blockRow < side; blockRow++, inDepth += run)
                {
                    float* inSpace = space.Data + picture * space.PictureLength +
                        ((nint)(row * side + blockRow) * space.Width + column * side) * space.Channels;
                    Buffer.MemoryCopy(toSpace ? inDepth : inSpace, toSpace ? inSpace : inDepth, run * sizeof(float), run * sizeof(float));
                }
            }
        });
    }
}
