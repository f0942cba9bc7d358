namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>
/// How a parameter's values, which weights files keep in PyTorch's order, lie for the kernels: the file's values seen as an array
/// of shape <see cref="View"/> are stored with its axes in the order <see cref="Axes"/>.
/// </summary>
internal sealed class ParameterLayout
{
    private ParameterLayout(int[] fileShape, int[] view, int[] axes)
    {
        FileShape = fileShape;
        View = view;
        Axes = axes;
    }

    /// <summary>The shape in weights files.</summary>
    public int[] FileShape { get; }

    public int[] View { get; }

    public int[] Axes { get; }

    public int Length => FileShape.Aggregate(1, (product, side) => checked(product * side));

    /// <summary>One value a channel.</summary>
    public static ParameterLayout Vector(int length) => new([length], [length], [0]);

    /// <summary>A table of values, row by row.</summary>
    public static ParameterLayout Matrix(int rows, int columns) => new([rows, columns], [rows, columns], [0, 1]);

    /// <summary>
    /// Convolutions, kept in files as [output, input, row, column], and transposed ones, kept as [input, output, row, column]:
    /// the latter are those of the convolution they transpose.
    /// </summary>
    public static ParameterLayout Convolution(int outputs, int inputs, int kernel)
    {
        int[] shape = [outputs, inputs, kernel, kernel];
        return new(shape, shape, [2, 3, 1, 0]);
    }

    /// <summary>A linear layer over a flattened map [channel, row, column], which is a convolution whose kernel is the whole map.</summary>
    public static ParameterLayout LinearFromMap(int outputs, int channels, int side) =>
        new([outputs, channels * side * side], [outputs, channels, side, side], [2, 3, 1, 0]);

    /// <summary>A linear layer whose outputs are unflattened to a map [channel, row, column]: a 1×1 convolution to (row, column, channel).</summary>
    public static ParameterLayout LinearToMap(int inputs, int channels, int side) =>
        new([channels * side * side, inputs], [channels, side * side, inputs], [2, 1, 0]);

    /// <summary>The biases of <see cref="LinearToMap"/>.</summary>
    public static ParameterLayout LinearToMapBias(int channels, int side) =>
        new([channels * side * side], [channels, side * side], [1, 0]);

    /// <summary>From file order to kernel order.</summary>
    public void ToKernel(ReadOnlySpan<float> file, Span<float> kernel)
    {
        int next = 0;
        ToKernel(file, kernel, 0, 0, ref next);
    }

    /// <summary>From kernel order to file order.</summary>
    public void ToFile(ReadOnlySpan<float> kernel, Span<float> file)
    {
        int next = 0;
        ToFile(kernel, file, 0, 0, ref next);
    }

    private void ToKernel(ReadOnlySpan<float> file, Span<float> kernel, int depth, int offset, ref int next)
    {
        int step = Step(Axes[depth]);
        int side = View[Axes[depth]];
        if (depth == Axes.Length - 1)
        {
            foreach (ref float value in kernel.Slice(next, side))
            {
                value = file[offset];
                offset += step;
            }

            next += side;
            return;
        }

        for (int i = 0; i < side; i++)
        {
            ToKernel(file, kernel, depth + 1, offset + i * step, ref next);
        }
    }

    private void ToFile(ReadOnlySpan<float> kernel, Span<float> file, int depth, int offset, ref int next)
    {
        int step = Step(Axes[depth]);
        int side = View[Axes[depth]];
        if (depth == Axes.Length - 1)
        {
            foreach (float value in kernel.Slice(next, side))
            {
                file[offset] = value;
                offset += step;
            }

            next += side;
            return;
        }

        for (int i = 0; i < side; i++)
        {
            ToFile(kernel, file, depth + 1, offset + i * step, ref next);
        }
    }

    private int Step(int axis)
    {
        int step = 1;
        for (int i = axis + 1; i < View.Length; i++)
        {
            step *= View[i];
        }

        return step;
    }
}
