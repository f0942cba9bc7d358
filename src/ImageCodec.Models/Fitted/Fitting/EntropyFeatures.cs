using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The features of a block, which come from coarser grids, and their way back. They stand at half the resolution: a row for two rows of the block.
/// </summary>
internal readonly unsafe struct EntropyFeatures(
    EntropyGrid grid, int band, EntropyPanels panels, EntropySums sums, EntropyScratch scratch, EntropyPlanes values, EntropyPlanes? gradients,
    int row, int x, int width)
{
    private const int Around = 9;
    private const int Pitch = EntropyScratch.CoarseBlock;

    private int Set => Math.Min(grid.Index, FittedLayout.FeatureSets - 1);

    /// <summary>Computes the features and doubles them into the block's inputs.</summary>
    public void Forward<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int i = 0; i < Around; i++)
        {
            scratch.CoarseRows[i] = values.Next is null ? scratch.Zeros : values.Next.Row(row + i / 3 - 1) + x + i % 3 - 1;
        }

        scratch.CoarseRows[Around] = scratch.Zeros;
        scratch.CoarseRows[Around + 1] = scratch.Zeros;
        if (values.Second is not null)
        {
            LaneSums.Double<TVector, TSimd>(values.Second.Row(row / 2) + x / 2, scratch.SecondCoarse, width);
            scratch.CoarseRows[Around] = scratch.SecondCoarse;
        }

        if (values.Third is not null)
        {
            LaneSums.Double<TVector, TSimd>(values.Third.Row(row / 4) + x / 4, scratch.Temporary, width / 2);
            LaneSums.Double<TVector, TSimd>(scratch.Temporary, scratch.ThirdCoarse, width);
            scratch.CoarseRows[Around + 1] = scratch.ThirdCoarse;
        }

        LayerTile.RunAll<TVector, TSimd, Constant1>(panels.Features[Set], scratch.CoarseRows, scratch.Features, Pitch, width);
        for (int feature = 0; feature < FittedLayout.Features; feature++)
        {
            LaneSums.Double<TVector, TSimd>(
                scratch.Features + feature * Pitch, scratch.Inputs + feature * EntropyScratch.Block, Math.Min(2 * width, EntropyScratch.Block));
        }
    }

    /// <summary>Sums the gradients of a row of the block to those of the features.</summary>
    public void Collect<TVector, TSimd>(int blockWidth, bool isFirst)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int feature = 0; feature < FittedLayout.Features; feature++)
        {
            float* from = scratch.Second + (FittedLayout.Contexts + feature) * EntropyScratch.WidePitch;
            float* to = scratch.FeatureGradients + feature * Pitch;
            if (isFirst)
            {
                new Span<float>(to, width).Clear();
            }

            LaneSums.AddHalved<TVector, TSimd>(from, to, blockWidth);
        }
    }

    /// <summary>Adds the gradients of the features' weights to the sums, and those of coarser values to their planes.</summary>
    public void Backward<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        const int Wide = EntropyScratch.WideCoarsePitch;
        ProductTile.RunAll<TVector, TSimd>(
            scratch.FeatureGradients, Pitch, FittedLayout.Features, scratch.CoarseRows, sums.FeatureColumns,
            scratch.Sums + sums.Features * TSimd.Lanes, width);
        if (gradients?.Next is not { } next)
        {
            return;
        }

        LayerTile.RunAll<TVector, TSimd, Constant1>(
            panels.FeaturesBack[Set], scratch.FeatureGradientRows, scratch.CoarseGradients, Wide, width);
        ShiftedSum.ClearBehind(scratch.CoarseGradients, Wide, Around, width, Pitch);
        int inside = Math.Min(width, (next.Width - x + 15) & ~15);
        float** sources = stackalloc float*[3];
        for (int dy = -1; dy <= 1; dy++)
        {
            for (int dx = -1; dx <= 1; dx++)
            {
                sources[dx + 1] = scratch.CoarseGradients + (3 * (dy + 1) + dx + 1) * Wide - dx;
            }

            ShiftedSum.Add<TVector, TSimd>(
                sources, 3, grid.CoarseGradientRow(next, band, row + dy) + x, -EntropyScratch.Margin, inside + EntropyScratch.Margin);
        }

        float* rest = scratch.CoarseGradients + Around * Wide;
        if (gradients.Value.Second is { } second)
        {
            LaneSums.AddHalved<TVector, TSimd>(rest, second.Row(row / 2) + x / 2, inside);
        }

        if (gradients.Value.Third is { } third)
        {
            new Span<float>(scratch.Temporary, width).Clear();
            LaneSums.AddHalved<TVector, TSimd>(rest + Wide, scratch.Temporary, inside);
            LaneSums.AddHalved<TVector, TSimd>(scratch.Temporary, third.Row(row / 4) + x / 4, inside / 2);
        }
    }
}
