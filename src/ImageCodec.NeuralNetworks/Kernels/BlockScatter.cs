using System.Runtime.Intrinsics;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Puts blocks of s × s output pixels that were computed as the channels of one place where they belong, leaving out what lies
/// outside the picture.
/// </summary>
internal sealed unsafe class BlockScatter
{
    /// <summary>Blocks may be read this many floats past their end.</summary>
    public const int Slack = Run;

    /// <summary>Values that are copied at once.</summary>
    private const int Run = 8;

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
        int run = BlockSide * Shape.Channels;
        int firstOutputColumn = FirstColumn + blockColumn * BlockSide;
        bool inside = firstOutputColumn >= 0 && firstOutputColumn + count * BlockSide <= Shape.Width;
        if (firstValue == 0 && values == BlockSide * run && run <= Run && inside)
        {
            PutRows(blocks, blockPitch, run, picture, blockRow, firstOutputColumn, count);
        }
        else
        {
            PutValues(blocks, blockPitch, firstValue, values, picture, blockRow, blockColumn, count);
        }
    }

    /// <summary>
    /// A block's row of pixels lies without gaps both here and in the output, and the next block's follows it there: whole vectors
    /// are copied, whose superfluous end the next block's overwrites.
    /// </summary>
    private void PutRows(float* blocks, int blockPitch, int run, int picture, int blockRow, int column, int count)
    {
        for (int rowInBlock = 0; rowInBlock < BlockSide; rowInBlock++, blocks += run)
        {
            int row = FirstRow + blockRow * BlockSide + rowInBlock;
            if ((uint)row >= (uint)Shape.Height)
            {
                continue;
            }

            float* to = Output + (((nint)picture * Shape.Height + row) * Shape.Width + column) * Shape.Channels;
            float* from = blocks;
            for (int i = 1; i < count; i++, from += blockPitch, to += run)
            {
                Vector256.Load(from).Store(to);
            }

            new ReadOnlySpan<float>(from, run).CopyTo(new Span<float>(to, run));
        }
    }

    private void PutValues(float* blocks, int blockPitch, int firstValue, int values, int picture, int blockRow, int blockColumn, int count)
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
