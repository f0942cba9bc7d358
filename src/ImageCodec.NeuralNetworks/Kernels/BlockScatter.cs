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

    /// <summary>The output row of the first block's first pixel; may be negative.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Its column, likewise.</summary>
    public required int FirstColumn { get; init; }

    /// <summary>The same with another block as the first.</summary>
    public BlockScatter From(int blockRow, int blockColumn) => new()
    {
        Output = Output,
        Shape = Shape,
        BlockSide = BlockSide,
        FirstRow = FirstRow + blockRow * BlockSide,
        FirstColumn = FirstColumn + blockColumn * BlockSide,
    };

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
            PutValues(blocks, blockPitch, 1, firstValue, values, picture, blockRow, blockColumn, count);
        }
    }

    /// <summary>Puts <paramref name="count"/> whole blocks whose first values lie side by side, then all second ones, and so on.</summary>
    public void PutTurned(float* values, int valuePitch, int valueCount, int picture, int blockRow, int blockColumn, int count) =>
        PutValues(values, 1, valuePitch, 0, valueCount, picture, blockRow, blockColumn, count);

    /// <summary>
    /// A block's row of pixels lies without gaps both here and in the output, and the next block's follows it there: whole vectors
    /// are copied as long as they end within these blocks; their superfluous end the next block overwrites.
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
            int left = count;
            for (; left * run >= Run; left--, from += blockPitch, to += run)
            {
                Vector256.Load(from).Store(to);
            }

            for (; left > 0; left--, from += blockPitch, to += run)
            {
                new ReadOnlySpan<float>(from, run).CopyTo(new Span<float>(to, run));
            }
        }
    }

    private void PutValues(float* blocks, int blockPitch, int valuePitch, int firstValue, int values, int picture, int blockRow, int blockColumn, int count)
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
                    to[(nint)column * channels] = blocks[i * blockPitch + value * valuePitch];
                }
            }
        }
    }
}
