namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// How a convolution's output is cut into blocks of s × s pixels that are computed together. Output row o is row
/// (o + <see cref="Before"/>) mod s of block (o + Before) / s; block m is computed from the <see cref="Window"/> input rows from
/// m · <see cref="InputStep"/> + <see cref="FirstInput"/> on. Columns likewise.
/// </summary>
/// <param name="IsTransposed">Whether it is a transposed convolution, of stride s, or a forward one, of stride 1.</param>
/// <param name="Side">The side s of a block.</param>
/// <param name="Before">Rows of the first block that lie before the output, below s.</param>
/// <param name="FirstInput">The first input row of block 0; may be negative.</param>
/// <param name="Window">Input rows that some row of a block needs.</param>
internal readonly record struct BlockLayout(bool IsTransposed, int Side, int Before, int FirstInput, int Window)
{
    /// <summary>Input rows from one block's window to the next one's.</summary>
    public int InputStep => IsTransposed ? 1 : Side;

    /// <summary>For a convolution of stride 1: a block sees what its pixels see together.</summary>
    public static BlockLayout ForForward(in ConvolutionGeometry geometry, int side) =>
        new(false, side, 0, -geometry.Padding, geometry.Kernel + side - 1);

    /// <summary>
    /// For a transposed convolution, with blocks as wide as its stride: the layout with the smallest window; of equal ones that
    /// with the fewest rows before the output.
    /// </summary>
    public static BlockLayout ForTransposed(in ConvolutionGeometry geometry)
    {
        BlockLayout best = Create(geometry, 0);
        for (int before = 1; before < geometry.Stride; before++)
        {
            BlockLayout other = Create(geometry, before);
            if (other.Window < best.Window)
            {
                best = other;
            }
        }

        return best;
    }

    /// <summary>The kernel row that leads from a row of a block's window to a row of the block, or −1 where none does.</summary>
    public int KernelRow(in ConvolutionGeometry geometry, int windowRow, int blockRow)
    {
        // Transposed, output row o gets from input row i what kernel row o + padding − i · s says; here for block 0.
        int row = IsTransposed ? blockRow - Before + geometry.Padding - (FirstInput + windowRow) * Side : windowRow - blockRow;
        return row >= 0 && row < geometry.Kernel ? row : -1;
    }

    /// <summary>Blocks that it takes for so many output rows.</summary>
    public int BlockCount(int outputRows) => (outputRows - 1 + Before) / Side + 1;

    private static BlockLayout Create(in ConvolutionGeometry geometry, int before)
    {
        // The input rows from which a kernel row leads to the first and to the last row of block 0.
        int stride = geometry.Stride;
        int first = FloorDivide(-before + geometry.Padding - geometry.Kernel, stride) + 1;
        int last = FloorDivide(stride - 1 - before + geometry.Padding, stride);
        return new BlockLayout(true, stride, before, first, last - first + 1);
    }

    private static int FloorDivide(int a, int b) => (int)Math.Floor(a / (double)b);
}
