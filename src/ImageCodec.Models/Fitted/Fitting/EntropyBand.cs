using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>The planes that a grid's entropy depends on, from its own to the one three coarser; null where there is none. The same for gradients.</summary>
internal readonly record struct EntropyPlanes(GridPlane Own, GridPlane? Next, GridPlane? Second, GridPlane? Third);

/// <summary>
/// A band of rows of a grid: its bits and their gradients, block by block. A block is a piece of two rows that share their features.
/// </summary>
internal readonly unsafe struct EntropyBand(
    EntropyGrid grid, int band, EntropyPanels panels, EntropySums sums, EntropyScratch scratch, EntropyPlanes values, EntropyPlanes? gradients) : IKernel
{
    public void Run<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        new Span<float>(scratch.Sums, sums.Count * TSimd.Lanes).Clear();
        if (gradients is not null)
        {
            grid.ClearBorders(band);
        }

        int last = Math.Min(grid.Height, (band + 1) * grid.BandRows);
        for (int row = band * grid.BandRows; row < last; row += 2)
        {
            for (int x = 0; x < grid.Width; x += EntropyScratch.Block)
            {
                int step = LayerTile.Step<TVector, TSimd>();
                int width = Math.Min(EntropyScratch.Block, (grid.Width - x + step - 1) / step * step);
                int coarseWidth = (width / 2 + step - 1) / step * step;
                EntropyFeatures features = new(grid, band, panels, sums, scratch, values, gradients, row / 2, x / 2, coarseWidth);
                features.Forward<TVector, TSimd>();
                RunRow<TVector, TSimd>(row, x, width);
                if (gradients is not null)
                {
                    features.Collect<TVector, TSimd>(width, isFirst: true);
                }

                if (row + 1 < last)
                {
                    RunRow<TVector, TSimd>(row + 1, x, width);
                    if (gradients is not null)
                    {
                        features.Collect<TVector, TSimd>(width, isFirst: false);
                    }
                }

                if (gradients is not null)
                {
                    features.Backward<TVector, TSimd>();
                }
            }
        }

        LaneSums.Reduce<TVector, TSimd>(scratch.Sums, sums.Count, grid.BandSums(band));
    }

    private void RunRow<TVector, TSimd>(int row, int x, int width)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        const int Block = EntropyScratch.Block, Wide = EntropyScratch.WidePitch;
        int n = FittedLayout.Inputs;
        int lanes = TSimd.Lanes;
        for (int i = 0; i < FittedLayout.Contexts; i++)
        {
            (int dx, int dy) = FittedLayout.ContextOffsets[i];
            scratch.InputRows[i] = values.Own.Row(row + dy) + x + dx;
        }

        for (int i = FittedLayout.Contexts; i < n; i++)
        {
            scratch.InputRows[i] = scratch.Inputs + (i - FittedLayout.Contexts) * Block;
        }

        float* output = scratch.First + n * Block;
        float* ownGradients = scratch.Second + n * Wide;
        float* s = scratch.Sums;
        LayerTile.RunAll<TVector, TSimd, Constant1>(panels.First, scratch.InputRows, scratch.First, Block, width);
        LayerTile.RunAll<TVector, TSimd, Constant1>(panels.Second, scratch.FirstRows, scratch.Second, Wide, width);
        LayerTile.RunAll<TVector, TSimd, Constant3>(panels.Output, scratch.SecondRows, output, Block, width);
        LaplaceRate.Run<TVector, TSimd>(
            values.Own.Row(row) + x, output, output + Block, gradients is null ? null : ownGradients, scratch.Ramp, grid.Width - x, width,
            s + sums.Bits * lanes);
        if (gradients is null)
        {
            return;
        }

        // Each layer's gradients take the place of its activations once nothing needs these any more.
        ProductTile.RunAll<TVector, TSimd>(output, Block, 2, scratch.SecondRows, sums.Columns, s + sums.Output * lanes, width);
        LayerTile.RunAll<TVector, TSimd, Constant2>(
            panels.OutputBack, scratch.OutputRows, scratch.Second, Wide, width, s + sums.Biases2 * lanes);
        ProductTile.RunAll<TVector, TSimd>(scratch.Second, Wide, n, scratch.FirstRows, sums.Columns, s + sums.Second * lanes, width);
        LayerTile.RunAll<TVector, TSimd, Constant2>(
            panels.SecondBack, scratch.SecondRows, scratch.First, Block, width, s + sums.Biases1 * lanes);
        ProductTile.RunAll<TVector, TSimd>(scratch.First, Block, n + 2, scratch.InputRows, sums.Columns, s + sums.First * lanes, width);
        LayerTile.RunAll<TVector, TSimd, Constant1>(panels.FirstBack, scratch.FirstRows, scratch.Second, Wide, width);
        AddGradients<TVector, TSimd>(gradients.Value.Own, row, x, width);
    }

    /// <summary>Adds the gradients of the coded values and of their contexts, row by row of the grid.</summary>
    private void AddGradients<TVector, TSimd>(GridPlane target, int row, int x, int width)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        const int Wide = EntropyScratch.WidePitch;
        int rows = FittedLayout.Inputs + 1;
        ShiftedSum.ClearBehind(scratch.Second, Wide, rows, width, EntropyScratch.Block);
        int end = Math.Min(width, (grid.Width - x + 15) & ~15) + EntropyScratch.Margin;
        float** sources = stackalloc float*[FittedLayout.Contexts + 1];
        for (int dy = 0; dy <= EntropyGrid.RowsAbove; dy++)
        {
            int count = 0;
            if (dy == 0)
            {
                sources[count++] = scratch.Second + FittedLayout.Inputs * Wide;
            }

            for (int i = 0; i < FittedLayout.Contexts; i++)
            {
                (int shift, int rowShift) = FittedLayout.ContextOffsets[i];
                if (rowShift == -dy)
                {
                    sources[count++] = scratch.Second + i * Wide - shift;
                }
            }

            ShiftedSum.Add<TVector, TSimd>(sources, count, grid.GradientRow(target, band, row - dy) + x, -EntropyScratch.Margin, end);
        }
    }
}
