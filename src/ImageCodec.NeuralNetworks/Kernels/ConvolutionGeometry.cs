namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>A square convolution from <see cref="Inputs"/> to <see cref="Outputs"/> channels, and the transposed one that leads back.</summary>
/// <param name="Inputs">Channels that the convolution reads, and its transpose writes.</param>
/// <param name="Outputs">Channels that the convolution writes, and its transpose reads.</param>
/// <param name="Kernel">Kernel side.</param>
/// <param name="Stride">Stride, both ways.</param>
/// <param name="Padding">Zeros around the input, on each side.</param>
internal readonly record struct ConvolutionGeometry(int Inputs, int Outputs, int Kernel, int Stride, int Padding)
{
    /// <summary>Weights altogether.</summary>
    public int WeightCount => checked(Kernel * Kernel * Inputs * Outputs);

    /// <summary>How many input places, on any side, an output place o sees beyond o · Stride … o · Stride + Stride − 1.</summary>
    public int Reach => Math.Max(Padding, Kernel - Padding - Stride);

    /// <summary>How many places of what the transpose reads, on any side, a place o that it writes sees beyond ⌊o / Stride⌋.</summary>
    public int TransposedReach => Math.Max((Stride - 1 + Padding) / Stride, (Kernel - 1 - Padding) / Stride);

    /// <summary>Where among the weights those of a kernel place begin.</summary>
    public int Tap(int row, int column) => (row * Kernel + column) * Inputs * Outputs;

    /// <summary>The shape that the convolution gives; sides below 1 where the picture is smaller than the kernel.</summary>
    public TensorShape Convolve(TensorShape input) => new(Convolve(input.Height), Convolve(input.Width), Outputs);

    /// <summary>The shape that the transposed convolution gives.</summary>
    /// <param name="input">The shape it reads.</param>
    /// <param name="outputPadding">Rows and columns more at the bottom and right, below the stride.</param>
    public TensorShape Transpose(TensorShape input, int outputPadding) =>
        new(Transpose(input.Height, outputPadding), Transpose(input.Width, outputPadding), Inputs);

    private int Convolve(int side) => side + 2 * Padding < Kernel ? 0 : (side + 2 * Padding - Kernel) / Stride + 1;

    private int Transpose(int side, int outputPadding) => checked((side - 1) * Stride - 2 * Padding + Kernel + outputPadding);
}
