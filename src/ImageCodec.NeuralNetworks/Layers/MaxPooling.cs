using System.Numerics;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

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
        scope.ForRanges(input.Count * output.Height, output.Width * channels / 4.0, (first, last) =>
        {
            for (int index = first; index < last; index++)
            {
                (int picture, int row) = Math.DivRem(index, output.Height);
                float* top = input.Data + picture * input.PictureLength + 2 * row * pitch;
                float* to = output.Data + picture * output.PictureLength + (nint)row * output.Width * channels;
                for (int column = 0; column < output.Width; column++, top += 2 * channels, to += channels)
                {
                    Backend.Current.LargestOfFour(top, top + channels, top + pitch, top + pitch + channels, to, channels);
                }
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

        bool isOdd = input.Height % 2 + input.Width % 2 > 0;
        Tensor back = isOdd ? scope.CreateZero(input.Count, input.Shape) : scope.Create(input.Count, input.Shape);
        nint pitch = (nint)input.Width * input.Channels;
        int channels = input.Channels;
        scope.ForRanges(input.Count * output.Height, output.Width * channels / 2.0, (first, last) =>
        {
            for (int index = first; index < last; index++)
            {
                (int picture, int row) = Math.DivRem(index, output.Height);
                nint to = picture * input.PictureLength + 2 * row * pitch;
                nint from = picture * output.PictureLength + (nint)row * output.Width * channels;
                for (int column = 0; column < output.Width; column++, to += 2 * channels, from += channels)
                {
                    SendBack(input.Data + to, output.Data + from, gradient.Data + from, back.Data + to, pitch, channels);
                }
            }
        });
        Gradients.Accumulate(scope, input, back);
        scope.Release(gradient);
        output.Gradient = null;
    }

    /// <summary>The gradient goes to the largest of four places; as in PyTorch to the first of equal ones.</summary>
    private static void SendBack(float* input, float* output, float* gradient, float* back, nint pitch, int channels)
    {
        int channel = 0;
        for (; channel <= channels - Vector<float>.Count; channel += Vector<float>.Count)
        {
            Vector<float> largest = Vector.Load(output + channel);
            Vector<float> left = Vector.Load(gradient + channel);
            Send(channel, ref left, largest);
            Send(channel + channels, ref left, largest);
            Send(channel + pitch, ref left, largest);
            Send(channel + pitch + channels, ref left, largest);
        }

        for (; channel < channels; channel++)
        {
            float left = gradient[channel];
            foreach (nint place in (ReadOnlySpan<nint>)[channel, channel + channels, channel + pitch, channel + pitch + channels])
            {
                bool isLargest = input[place] == output[channel];
                back[place] = isLargest ? left : 0;
                left = isLargest ? 0 : left;
            }
        }

        void Send(nint place, ref Vector<float> left, Vector<float> largest)
        {
            Vector<int> isLargest = Vector.Equals(Vector.Load(input + place), largest);
            Vector.ConditionalSelect(isLargest, left, Vector<float>.Zero).Store(back + place);
            left = Vector.ConditionalSelect(isLargest, Vector<float>.Zero, left);
        }
    }
}
