namespace ImageCodec.Models.Fitted.Integers;

/// <summary>Makes bands of rows of a picture. Used by one thread at a time.</summary>
internal sealed unsafe class BandSynthesis
{
    /// <summary>Rows beyond a band, and columns beyond a tile, that its pixels depend on.</summary>
    public const int Reach = 2;

    /// <summary>Columns that are made together, so that their rows stay near to the processor.</summary>
    private const int TileColumns = RowDoubler.MaxColumns - 2 * Reach;

    private const int Kept = 4;
    private const int Colors = FittedLayout.Colors;

    private readonly IntegerBackend _backend;
    private readonly SynthesisWeights _weights;
    private readonly IntegerGrids _grids;
    private readonly int _grid;
    private readonly int _width;
    private readonly int _height;
    private readonly RowDoubler?[] _doublers = new RowDoubler?[FittedLayout.MaxGrids];
    private readonly ShortRows _channels;
    private readonly ShortRows _mixed;
    private readonly ShortRows _filtered;
    private readonly ShortRows _levels;
    private readonly PinnedArray<int> _linear;

    // Of the tile, with the columns around it.
    private int _firstColumn;
    private int _columns;

    /// <summary>Makes what bands need besides the pixels.</summary>
    /// <param name="backend">The kernels to use.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="grids">The latent.</param>
    /// <param name="planes">Its coarser channels.</param>
    /// <param name="firstGrid">The grid whose size the picture has.</param>
    public BandSynthesis(IntegerBackend backend, SynthesisWeights weights, IntegerGrids grids, ShortPlane?[] planes, int firstGrid)
    {
        (_backend, _weights, _grids, _grid) = (backend, weights, grids, firstGrid);
        (_width, _height) = (grids.Width(firstGrid), grids.Height(firstGrid));
        for (int grid = 0; grid < planes.Length; grid++)
        {
            if (planes[grid] is { } plane)
            {
                _doublers[grid] = new RowDoubler(backend, plane, weights.Taps(firstGrid + 1));
            }
        }

        int most = Math.Min(_width, RowDoubler.MaxColumns);
        _channels = new ShortRows(most, FittedLayout.MaxGrids);
        _mixed = new ShortRows(most, Kept * Colors);
        _filtered = new ShortRows(most, Kept * Colors);
        _levels = new ShortRows(most, Colors);
        _linear = new PinnedArray<int>((long)Kept * Colors * _channels.Pitch);
    }

    /// <summary>Makes rows of the picture.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last one.</param>
    /// <param name="pixels">Receives the bytes; the picture's first.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Run(int first, int end, byte* pixels, CancellationToken cancellationToken)
    {
        for (int x = 0; x < _width; x += TileColumns)
        {
            int endColumn = Math.Min(x + TileColumns, _width);
            _firstColumn = Math.Max(0, x - Reach);
            _columns = Math.Min(endColumn + Reach, _width) - _firstColumn;
            foreach (RowDoubler? doubler in _doublers)
            {
                doubler?.MoveTo(_firstColumn, _columns);
            }

            RunTile(first, end, pixels, x - _firstColumn, endColumn - x, cancellationToken);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Makes the rows of a tile.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last one.</param>
    /// <param name="pixels">The picture's first byte.</param>
    /// <param name="skipped">Columns before the tile that are made too.</param>
    /// <param name="count">Columns of the tile.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    private void RunTile(int first, int end, byte* pixels, int skipped, int count, CancellationToken cancellationToken)
    {
        int nextMixed = Math.Max(0, first - 2);
        int nextFiltered = Math.Max(0, first - 1);
        short** inputs = stackalloc short*[SynthesisWeights.FilterInputs];
        short** rows = stackalloc short*[Colors];
        int** linear = stackalloc int*[Colors];
        for (int y = first; y < end; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (; nextFiltered < Math.Min(y + 2, _height); nextFiltered++)
            {
                for (; nextMixed < Math.Min(nextFiltered + 2, _height); nextMixed++)
                {
                    Mix(nextMixed);
                }

                SetInputs(_mixed, nextFiltered, inputs);
                SetRows(_filtered, nextFiltered, rows);
                _backend.Filter(_weights.FirstFilter, inputs, rows, _columns);
                Extend(rows);
            }

            SetInputs(_filtered, y, inputs);
            SetLinear(y, linear);
            SetRows(_levels, 0, rows);
            _backend.Finish(_weights.SecondFilter, inputs, linear, rows, _columns);
            byte* to = pixels + ((nint)y * _width + _firstColumn + skipped) * Colors;
            PixelRows.Interleave(rows[0] + skipped, rows[1] + skipped, rows[2] + skipped, to, count);
        }
    }

    private void Mix(int y)
    {
        short** channels = stackalloc short*[FittedLayout.MaxGrids];
        for (int grid = 0; grid < FittedLayout.MaxGrids; grid++)
        {
            // Rows that nobody writes stay zero.
            channels[grid] = _channels.Row(grid);
            _doublers[grid]?.Get(y, channels[grid]);
        }

        if (_grid < _grids.Count)
        {
            fixed (short* values = _grids.Row(_grid, y))
            {
                _backend.Scale(values + _firstColumn, channels[_grid], _columns);
            }
        }

        short** rows = stackalloc short*[Colors];
        int** linear = stackalloc int*[Colors];
        SetRows(_mixed, y, rows);
        SetLinear(y, linear);
        _backend.Mix(_weights, channels, rows, linear, _columns);
        Extend(rows);
    }

    /// <summary>
    /// Repeats the ends of rows. At the sides of a tile that are none of the picture's, this is not what lies there; so a filter's outermost column is wrong
    /// there, and after two filters as many columns as were made too much.
    /// </summary>
    private void Extend(short** rows)
    {
        for (int color = 0; color < Colors; color++)
        {
            rows[color][-1] = rows[color][0];
            rows[color][_columns] = rows[color][_columns - 1];
        }
    }

    private static void SetRows(ShortRows from, int y, short** rows)
    {
        for (int color = 0; color < Colors; color++)
        {
            rows[color] = from.Row((y & (Kept - 1)) * Colors + color);
        }
    }

    private void SetLinear(int y, int** rows)
    {
        for (int color = 0; color < Colors; color++)
        {
            rows[color] = _linear.First + (nint)((y & (Kept - 1)) * Colors + color) * _channels.Pitch;
        }
    }

    /// <summary>Finds the three rows by three columns that a filter sees of each colour.</summary>
    private void SetInputs(ShortRows from, int y, short** inputs)
    {
        for (int i = 0; i < SynthesisWeights.FilterInputs; i++)
        {
            int row = Math.Clamp(y + i / 3 % 3 - 1, 0, _height - 1);
            inputs[i] = from.Row((row & (Kept - 1)) * Colors + i / 9) + i % 3 - 1;
        }
    }
}
