using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// A transposed convolution to so few channels that they fill no vector: blocks of s × s output pixels, with places side by side
/// in the vectors' lanes and the values of a block as the rows of a tile. For that each row of the input is turned, so that
/// a channel's values lie side by side. The chain of a sum stays that of <see cref="Convolution"/>.
/// </summary>
internal sealed unsafe class NarrowTranspose
{
    /// <summary>Rows with fewer blocks than this, and inputs with fewer channels, are not worth turning.</summary>
    public const int MinColumns = 24;

    /// <inheritdoc cref="MinColumns"/>
    public const int MinChannels = 64;

    /// <summary>Weights for blocks, in the order of a block's values.</summary>
    public required WeightPanels Panels { get; init; }

    /// <summary>The side of the window of input places that a block is computed from.</summary>
    public required int Window { get; init; }

    /// <summary>The input row and column of the first block's window; negative where it begins with zeros.</summary>
    public required int FirstInput { get; init; }

    /// <summary>Rows of blocks, and blocks in a row.</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required BlockScatter Blocks { get; init; }

    public required bool Relu { get; init; }

    private int GroupWidth => 2 * Panels.Backend.Lanes;

    public void Run(ComputeScope scope, Tensor input)
    {
        int groups = (Columns + GroupWidth - 1) / GroupWidth;
        Tensor turned = scope.Create(1, new TensorShape(Rows + Window - 1, input.Channels, groups * GroupWidth + Window - 1));
        double operations = (double)Columns * Window * Window * input.Channels * Panels.Columns / Panels.Backend.Lanes;

        // Picture by picture, so that what has been turned is still in the cache when it is read.
        for (int picture = 0; picture < input.Count; picture++)
        {
            int current = picture;
            Turn(scope, input, current, turned);
            scope.ForRanges(Rows, operations, (first, last) =>
            {
                for (int row = first; row < last; row++)
                {
                    RunRow(turned, current, row);
                }
            });
        }

        // The kernels know the panels by address only.
        GC.KeepAlive(Panels);
        scope.Release(turned);
    }

    /// <summary>The rows and columns that windows reach, zeros where there is no input, as (row, channel, column).</summary>
    private void Turn(ComputeScope scope, Tensor input, int picture, Tensor turned)
    {
        int width = turned.Channels;
        int channels = input.Channels;
        int before = Math.Max(0, -FirstInput);
        int skipped = Math.Max(0, FirstInput);
        int present = Math.Clamp(input.Width - skipped, 0, width - before);
        scope.ForRanges(turned.Height, (double)channels * width / 4, (first, last) =>
        {
            for (int row = first; row < last; row++)
            {
                float* rowStart = turned.Data + (nint)row * channels * width;
                Span<float> to = new(rowStart, channels * width);
                int inputRow = FirstInput + row;
                if (inputRow < 0 || inputRow >= input.Height)
                {
                    to.Clear();
                    continue;
                }

                float* from = input.Data + picture * input.PictureLength + ((nint)inputRow * input.Width + skipped) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    Span<float> line = to.Slice(channel * width, width);
                    line[..before].Clear();
                    line[(before + present)..].Clear();
                }

                Transposition.Run(from, channels, rowStart + before, width, present, channels);
            }
        });
    }

    [SkipLocalsInit]
    private void RunRow(Tensor turned, int picture, int row)
    {
        Backend backend = Panels.Backend;
        int width = GroupWidth;
        int channels = turned.Width;
        int pitch = turned.Channels;
        float* sums = stackalloc float[Panels.Columns * width];
        float* input = turned.Data + (nint)row * channels * pitch;
        TileArguments tile = new()
        {
            RowStep = 1,
            OuterCount = 1,
            GroupCount = 1,
            InnerCount = channels,
            BStep = pitch,
            StartPitch = width,
            CPitch = width,
        };
        for (int column = 0; column < Columns; column += width)
        {
            for (int panel = 0; panel < Panels.PanelCount; panel++)
            {
                int values = Panels.ColumnsIn(panel);
                int panelWidth = Panels.Vectors(panel) * backend.Lanes;
                float* panelSums = sums + Panels.FirstColumn(panel) * width;
                tile.InnerStep = panelWidth;
                for (int value = 0; value < values; value++)
                {
                    new Span<float>(panelSums + value * width, width).Fill(Panels.Bias(panel)[value]);
                }

                for (int tap = 0; tap < Window * Window; tap++)
                {
                    (int tapRow, int tapColumn) = Math.DivRem(tap, Window);
                    tile.B = input + (nint)tapRow * channels * pitch + column + tapColumn;
                    tile.Relu = Relu && tap == Window * Window - 1;
                    for (int value = 0; value < values; value += backend.MaxTileRows)
                    {
                        tile.A = Panels.Weights(panel) + (nint)tap * channels * panelWidth + value;
                        tile.Start = tile.C = panelSums + value * width;
                        backend.RunTile(Math.Min(backend.MaxTileRows, values - value), 2, in tile);
                    }
                }
            }

            Blocks.PutTurned(sums, width, Panels.Columns, picture, row, column, Math.Min(width, Columns - column));
        }
    }
}
