namespace ImageCodec.Models.Fitted.Integers;

/// <summary>The channels of all grids but the finest, at half the size of the picture that is made.</summary>
internal static class CoarsePlanes
{
    /// <summary>Makes them.</summary>
    /// <param name="backend">The kernels to use.</param>
    /// <param name="weights">The filters.</param>
    /// <param name="grids">The latent.</param>
    /// <param name="firstGrid">The grid whose size the picture has.</param>
    /// <param name="options">Threads and cancellation.</param>
    /// <returns>For each grid its plane; null for one that is zero.</returns>
    public static ShortPlane?[] Make(IntegerBackend backend, SynthesisWeights weights, IntegerGrids grids, int firstGrid, ParallelOptions options)
    {
        ShortPlane?[] planes = new ShortPlane?[FittedLayout.MaxGrids];
        Parallel.For(firstGrid + 1, Math.Max(firstGrid + 1, grids.Count), options, grid =>
        {
            if (!grids.IsZero(grid))
            {
                planes[grid] = Make(backend, weights, grids, grid, firstGrid + 1);
            }
        });
        return planes;
    }

    private static unsafe ShortPlane Make(IntegerBackend backend, SynthesisWeights weights, IntegerGrids grids, int grid, int lastGrid)
    {
        ShortPlane plane = new(grids.Width(grid), grids.Height(grid));
        fixed (short* values = grids.Values(grid))
        {
            backend.Scale(values, plane.Row(0), plane.Width * plane.Height);
        }

        ShortRows row = new(RowDoubler.MaxColumns, 1);
        for (int level = grid; level > lastGrid; level--)
        {
            ShortPlane doubled = new(grids.Width(level - 1), grids.Height(level - 1));
            RowDoubler doubler = new(backend, plane, weights.Taps(level));
            for (int x = 0; x < doubled.Width; x += RowDoubler.MaxColumns)
            {
                int count = Math.Min(RowDoubler.MaxColumns, doubled.Width - x);
                doubler.MoveTo(x, count);
                for (int y = 0; y < doubled.Height; y++)
                {
                    doubler.Get(y, row.Row(0));
                    new Span<short>(row.Row(0), count).CopyTo(new Span<short>(doubled.Row(y) + x, count));
                }
            }

            plane = doubled;
        }

        return plane;
    }
}
