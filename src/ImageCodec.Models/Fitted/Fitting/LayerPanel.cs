namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The weights of a layer in the order in which <see cref="LayerTile"/> reads them: the rows (outputs) cut into tiles, in each the weights of one input
/// side by side.
/// </summary>
internal sealed unsafe class LayerPanel
{
    private readonly PinnedFloats _memory;
    private readonly int[] _firstRows;

    /// <param name="rows">Outputs.</param>
    /// <param name="inputs">Inputs.</param>
    public LayerPanel(int rows, int inputs)
    {
        Rows = rows;
        Inputs = inputs;
        _memory = new PinnedFloats((inputs + 2) * rows);
        _firstRows = LayerTile.Cut(rows);
        for (int row = 0; row < rows; row++)
        {
            Floors[row] = float.NegativeInfinity;
        }
    }

    public int Rows { get; }

    public int Inputs { get; }

    public int TileCount => _firstRows.Length - 1;

    /// <summary>What the sum of each row starts from.</summary>
    public float* Starts => _memory.Data + Inputs * Rows;

    /// <summary>What lies below the floor of its row becomes the floor: zero where a layer ends in ReLU.</summary>
    public float* Floors => Starts + Rows;

    /// <summary>The first row of a tile; of the one behind the last tile, the number of rows.</summary>
    public int FirstRow(int tile) => _firstRows[tile];

    /// <summary>The weights of a tile.</summary>
    public float* Weights(int tile) => _memory.Data + FirstRow(tile) * Inputs;

    /// <summary>Sets the weight by which a row takes an input.</summary>
    public void Set(int row, int input, float value)
    {
        int tile = 0;
        while (FirstRow(tile + 1) <= row)
        {
            tile++;
        }

        int first = FirstRow(tile);
        Weights(tile)[input * (FirstRow(tile + 1) - first) + row - first] = value;
    }
}
