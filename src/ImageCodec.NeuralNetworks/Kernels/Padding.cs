using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>Zeros around pictures.</summary>
internal static unsafe class Padding
{
    /// <summary>About what is copied in the time of one vector operation.</summary>
    private const int FloatsPerOperation = 8;

    /// <summary>
    /// A copy of <paramref name="input"/> with so many rows and columns of zeros around it, or, where negative, without so many of its
    /// own; the input itself where there are none to add.
    /// </summary>
    public static Tensor Add(ComputeScope scope, Tensor input, int top, int left, int bottom, int right)
    {
        if (top == 0 && left == 0 && bottom == 0 && right == 0)
        {
            return input;
        }

        TensorShape shape = new(input.Height + top + bottom, input.Width + left + right, input.Channels);
        Tensor padded = scope.Create(input.Count, shape);
        nint inputRowLength = (nint)input.Width * input.Channels;
        nint rowLength = (nint)shape.Width * input.Channels;
        int skipped = Math.Max(0, -left);
        int zeros = Math.Clamp(left, 0, shape.Width);
        nint before = (nint)zeros * input.Channels;
        nint copied = (nint)Math.Clamp(input.Width + Math.Min(0, right) - skipped, 0, shape.Width - zeros) * input.Channels;
        scope.ForRanges(input.Count * shape.Height, rowLength / (double)FloatsPerOperation, (first, last) =>
        {
            for (int index = first; index < last; index++)
            {
                (int picture, int row) = Math.DivRem(index, shape.Height);
                float* to = padded.Data + index * rowLength;
                row -= top;
                if (row < 0 || row >= input.Height)
                {
                    Clear(to, rowLength);
                    continue;
                }

                float* from = input.Data + picture * input.PictureLength + row * inputRowLength + (nint)skipped * input.Channels;
                Clear(to, before);
                Buffer.MemoryCopy(from, to + before, copied * sizeof(float), copied * sizeof(float));
                Clear(to + before + copied, rowLength - before - copied);
            }
        });
        return padded;
    }

    private static void Clear(float* values, nint length) => new Span<float>(values, checked((int)length)).Clear();
}
