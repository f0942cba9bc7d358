namespace ImageCodec.NeuralNetworks.Training;

/// <summary>A matrix somewhere in memory.</summary>
/// <param name="Address">Where its first value is.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Columns">How many columns it has.</param>
/// <param name="RowStep">Floats from a row to the next.</param>
/// <param name="ColumnStep">Floats from a column to the next.</param>
internal readonly unsafe record struct MatrixView(nint Address, int Rows, int Columns, nint RowStep, nint ColumnStep)
{
    /// <summary>A matrix whose columns lie side by side.</summary>
    public MatrixView(float* data, int rows, int columns, nint rowStep)
        : this((nint)data, rows, columns, rowStep, 1)
    {
    }

    public float* Data => (float*)Address;

    /// <summary>The same values with rows for columns.</summary>
    public MatrixView Transposed => new(Address, Columns, Rows, ColumnStep, RowStep);
}
