using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>Zeros around pictures.</summary>
internal static unsafe class Padding
{
    /// <summary>A copy of <paramref name="input"/> with zeros around it; the input itself where there are none to add.</summary>
    public static Tensor Add(ComputeScope scope, Tensor input, int top, int left, int bottom, int right)
    {
        if (top == 0 && left == 0 && bottom == 0 && right == 0)
        {
            return input;
        }

        TensorShape shape = new(input.Height + top + bottom, input.Width + left + right, input.Channels);
        Tensor padded = scope.Create(input.Count, shape);
        int channels = input.Channels;
        scope.For(input.Count, picture =>
        {
            float* from = input.Data + picture * input.PictureLength;
            float* to = padded.Data + picture * padded.PictureLength;
            nint rowLength = (nint)input.Width * channels;
            nint paddedRowLength = (nint)shape.Width * channels;
            Clear(to, top * paddedRowLength);
            to += top * paddedRowLength;
            for (int row = 0; row < input.Height; row++, from += rowLength, to += paddedRowLength)
            {
                Clear(to, (nint)left * channels);
                Buffer.MemoryCopy(from, to + left * channels, rowLength * sizeof(float), rowLength * sizeof(float));
                Clear(to + left * channels + rowLength, (nint)right * channels);
            }

            Clear(to, bottom * paddedRowLength);
        });
        return padded;
    }

    private static void Clear(float* values, nint length) => new Span<float>(values, checked((int)length)).Clear();
}
