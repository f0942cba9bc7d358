using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>Zeros around pictures.</summary>
internal static unsafe class Padding
{
    /// <summary>About what is copied in the time of one vector operation.</summary>
    private const int FloatsPerOperation = 8;

    /// <summary>A copy of <paramref name="input"/> with zeros around it; the input itself where there are none to add.</summary>
    public static Tensor Add(ComputeScope scope, Tensor input, int top, int left, int bottom, int right)
    {
        if (top == 0 && left == 0 && bottom == 0 && right == 0)
        {
            return input;
        }

        TensorShape shape = new(input.Height + top + bottom, input.Width + left + right, input.Channels);
        Tensor padded = scope.Create(input.Count, shape);
        nint rowLength = (nint)input.Width * input.Channels;
        nint paddedRowLength = (nint)shape.Width * input.Channels;
        nint before = (nint)left * input.Channels;
        scope.ForRanges(input.Count * shape.Height, paddedRowLength / (double)FloatsPerOperation, (first, last) =>
        {
            for (int index = first; index < last; index++)
            {
                (int picture, int row) = Math.DivRem(index, shape.Height);
                float* to = padded.Data + index * paddedRowLength;
                row -= top;
                if (row < 0 || row >= input.Height)
                {
                    Clear(to, paddedRowLength);
                    continue;
                }

                float* from = input.Data + picture * input.PictureLength + row * rowLength;
                Clear(to, before);
                Buffer.MemoryCopy(from, to + before, rowLength * sizeof(float), rowLength * sizeof(float));
                Clear(to + before + rowLength, paddedRowLength - before - rowLength);
            }
        });
        return padded;
    }

    private static void Clear(float* values, nint length) => new Span<float>(values, checked((int)length)).Clear();
}
