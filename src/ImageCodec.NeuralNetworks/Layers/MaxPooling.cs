using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>The largest of each 2×2 places; an odd last row or column is left out.</summary>
internal sealed unsafe class MaxPooling : Layer
{
    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [];

    public override double Scale => 0.5;

    public override double Reach => 0;

    public override TensorShape OutputShape(TensorShape input) => input.Height >= 2 && input.Width >= 2
        ? new TensorShape(input.Height / 2, input.Width / 2, input.Channels)
        : throw new ArgumentException($"Max pooling expects at least 2×2 places, but was given {input}.", nameof(input));

    public override long CountOperations(TensorShape input) => 0;

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor output = scope.Create(input.Count, OutputShape(input.Shape));
        output.NeedsGradient = input.NeedsGradient;
        nint pitch = (nint)input.Width * input.Channels;
        int channels = input.Channels;
        scope.For(input.Count * output.Height, index =>
        {
            (int picture, int row) = Math.DivRem(index, output.Height);
            float* top = input.Data + picture * input.PictureLength + 2 * row * pitch;
            float* to = output.Data + picture * output.PictureLength + (nint)row * output.Width * channels;
            for (int column = 0; column < output.Width; column++, top += 2 * channels, to += channels)
            {
                Backend.Current.LargestOfFour(top, top + channels, top + pitch, top + pitch + channels, to, channels);
            }
        });
        if (input.NeedsGradient)
        {
            scope.Record(() => Backward(scope, input, output));
        }

        return output;
    }

    private static void Backward(ComputeScope scope, Tensor input, Tensor output)
    {
        if (output.Gradient is not { } gradient)
        {
            return;
        }

        Tensor back = scope.CreateZero(input.Count, input.Shape);
        nint pitch = (nint)input.Width * input.Channels;
        int channels = input.Channels;
        scope.For(input.Count * output.Height, index =>
        {
            (int picture, int row) = Math.DivRem(index, output.Height);
            nint to = picture * input.PictureLength + 2 * row * pitch;
            nint from = picture * output.PictureLength + (nint)row * output.Width * channels;
            for (int column = 0; column < output.Width; column++, to += 2 * channels, from += channels)
            {
                ReadOnlySpan<nint> places = [to, to + channels, to + pitch, to + pitch + channels];
                for (int channel = 0; channel < channels; channel++)
                {
                    // As in PyTorch, the first of equal ones gets the gradient.
                    foreach (nint place in places)
                    {
                        if (input.Data[place + channel] == output.Data[from + channel])
                        {
                            back.Data[place + channel] = gradient.Data[from + channel];
                            break;
                        }
                    }
                }
            }
        });
        Gradients.Accumulate(scope, input, back);
        scope.Release(gradient);
        output.Gradient = null;
    }
}
