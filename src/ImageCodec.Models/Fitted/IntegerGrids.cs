namespace ImageCodec.Models.Fitted;

/// <summary>The latent of a fitted file as it is coded: grids of integers, each value within ±<see cref="LaplaceTables.MaxValue"/>.</summary>
internal sealed class IntegerGrids
{
    private readonly short[][] _values;

    /// <summary>Makes grids of zeros.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="firstGrid">The finest grid that is kept; finer ones have no values.</param>
    public IntegerGrids(int width, int height, int firstGrid = 0)
    {
        (PictureWidth, PictureHeight) = (width, height);
        _values = new short[FittedLayout.GridCount(width, height)][];
        for (int grid = 0; grid < _values.Length; grid++)
        {
            _values[grid] = grid < firstGrid ? [] : new short[checked(Width(grid) * Height(grid))];
        }
    }

    /// <summary>Width of the picture.</summary>
    public int PictureWidth { get; }

    /// <summary>Height of the picture.</summary>
    public int PictureHeight { get; }

    /// <summary>How many there are.</summary>
    public int Count => _values.Length;

    /// <summary>Width of a grid.</summary>
    public int Width(int grid) => FittedLayout.GridSide(PictureWidth, grid);

    /// <summary>Height of a grid.</summary>
    public int Height(int grid) => FittedLayout.GridSide(PictureHeight, grid);

    /// <summary>The values of a grid, row by row without gaps.</summary>
    public short[] Values(int grid) => _values[grid];

    /// <summary>A row of a grid.</summary>
    public Span<short> Row(int grid, int y) => _values[grid].AsSpan(y * Width(grid), Width(grid));

    /// <summary>Whether all values of a grid are zero; so it is for those that do not exist.</summary>
    public bool IsZero(int grid) => grid >= Count || !_values[grid].AsSpan().ContainsAnyExcept((short)0);
}
