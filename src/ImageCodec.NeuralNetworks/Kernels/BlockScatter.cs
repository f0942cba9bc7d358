namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Puts blocks of s × s output pixels that were computed as the channels of one place where they belong, leaving out what lies
/// outside the picture.
/// </summary>
internal sealed unsafe class BlockScatter
{
    public required float* Output { get; init; }

    /// <summary>Pictures' output shape.</summary>
    public required TensorShape Shape { get; init; }

    /// <summary>The side s of a block.</summary>
    public required int BlockSide { get; init; }

    /// <summary>The output row of the first block's first row; may be negative.</summary>
    public required int FirstRow { get; init; }

    /// <summary>The output column of the first block's first column; may be negative.</summary>
    public required int FirstColumn { get; init; }

    /// <summary>Puts <paramref name="values"/> values, from <paramref name="firstValue"/> on, of <paramref name="count"/> blocks that lie side by side.</summary>
    public void Put(float* blocks, int blockPitch, int firstValue, int values, int picture, int blockRow, int blockColumn, int count)
    {
        int channels = Shape.Channels;
        for (int value = 0; value < values; value++)
        {
            int place = (firstValue + value) / channels;
            int row = FirstRow + blockRow * BlockSide + place / BlockSide;
            if ((uint)row >= (uint)Shape.Height)
            {
                continue;
            }

            float* to = Output + ((nint)picture * Shape.Height + row) * Shape.Width * channels + (firstValue + value) % channels;
            int column = FirstColumn + blockColumn * BlockSide + place % BlockSide;
            for (int i = 0; i < count; i++, column += BlockSide)
            {
                if ((uint)column < (uint)Shape.Width)
                {
                    to[(nint)column * channels] = blocks[i * blockPitch + value];
                }
            }
        }
    }
}
