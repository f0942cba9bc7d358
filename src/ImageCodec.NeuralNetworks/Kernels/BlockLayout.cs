namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// How a transposed convolution's output is cut into blocks of s × s pixels that are computed together. Output row o is row
/// (o + <see cref="Before"/>) mod s of block (o + Before) / s; block m is computed from the <see cref="Window"/> input rows from
/// m + <see cref="FirstInput"/> on. Columns likewise.
/// </summary>
/// <param name="Before">Rows of the first block that lie before the output, below s.</param>
/// <param name="FirstInput">The first input row of block 0; may be negative.</param>
/// <param name="Window">Input rows that some row of a block needs.</param>
internal readonly record struct BlockLayout(int Before, int FirstInput, int Window)
{
    /// <summary>The layout with the smallest window; of equal ones that with the fewest rows before the output.</summary>
    public static BlockLayout Best(in ConvolutionGeometry geometry)
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
        // Output row o gets from input row i what kernel row o + padding − i · s says; here for block 0.
        int row = blockRow - Before + geometry.Padding - (FirstInput + windowRow) * geometry.Stride;
        return row >= 0 && row < geometry.Kernel ? row : -1;
    }

    /// <summary>Blocks that it takes for so many output rows.</summary>
    public int BlockCount(in ConvolutionGeometry geometry, int outputRows) => (outputRows - 1 + Before) / geometry.Stride + 1;

    private static BlockLayout Create(in ConvolutionGeometry geometry, int before)
    {
        // The input rows from which a kernel row leads to the first and to the last row of block 0.
        int stride = geometry.Stride;
        int first = FloorDivide(-before + geometry.Padding - geometry.Kernel, stride) + 1;
        int last = FloorDivide(stride - 1 - before + geometry.Padding, stride);
        return new BlockLayout(before, first, last - first + 1);
    }

    private static int FloorDivide(int a, int b) => (int)Math.Floor(a / (double)b);
}
