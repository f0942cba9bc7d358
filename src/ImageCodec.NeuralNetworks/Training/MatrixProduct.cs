using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.NeuralNetworks.Training;

/// <summary>Products of small matrices, by the same kernel as convolutions. Muon uses them.</summary>
internal static unsafe class MatrixProduct
{
    private static readonly float[] Zeros = GC.AllocateArray<float>(64, pinned: true);

    /// <summary>C = A · B.</summary>
    /// <param name="backend">Whose vectors.</param>
    /// <param name="a">Rows × inner.</param>
    /// <param name="b">Inner × columns.</param>
    /// <param name="c">Rows × columns; overlaps neither factor.</param>
    /// <param name="inner">Terms of a sum.</param>
    public static void Run(Backend backend, MatrixView a, MatrixView b, MatrixView c, int inner)
    {
        if (b.ColumnStep != 1 || c.ColumnStep != 1 || c.Columns % backend.Lanes != 0)
        {
            throw new ArgumentException($"Columns must lie side by side in whole vectors of {backend.Lanes}, but there are {c.Columns}.", nameof(c));
        }

        fixed (float* zeros = Zeros)
        {
            TileArguments tile = new()
            {
                RowStep = a.RowStep,
                InnerStep = a.ColumnStep,
                OuterCount = 1,
                GroupCount = 1,
                InnerCount = inner,
                BStep = b.RowStep,
                Start = zeros,
                CPitch = c.RowStep,
            };
            int vectors;
            for (int column = 0; column < c.Columns; column += vectors * backend.Lanes)
            {
                vectors = Math.Min(2, (c.Columns - column) / backend.Lanes);
                tile.B = b.Data + column;
                int rows;
                for (int row = 0; row < c.Rows; row += rows)
                {
                    rows = Math.Min(backend.MaxTileRows, c.Rows - row);
                    tile.A = a.Data + row * a.RowStep;
                    tile.C = c.Data + row * c.RowStep + column;
                    backend.RunTile(rows, vectors, in tile);
                }
            }
        }
    }
}
