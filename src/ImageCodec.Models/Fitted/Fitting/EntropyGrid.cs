namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// A grid as the entropy pass works on it: in bands of whole rows, whose cut depends on the grid's size only. What a band adds to gradients of rows
/// that a neighbour owns goes to rows of its own first.
/// </summary>
internal sealed unsafe class EntropyGrid
{
    /// <summary>Rows above a band that its positions see.</summary>
    public const int RowsAbove = GridPlane.RowMargin;

    /// <summary>Positions of a band at least: so many that it is worth its sums' adding up, so few that threads share a grid well.</summary>
    private const int MinBandPositions = 6144;

    /// <summary>Rows that make up one row three grids further on, so that no two bands add to the same row there.</summary>
    private const int RowUnit = 8;

    private readonly EntropySums _sums;
    private readonly PinnedFloats? _borders;
    private readonly int _stride;
    private readonly int _coarseStride;
    private readonly PinnedFloats _bandSums;

    public EntropyGrid(EntropySums sums, int width, int height, int index)
    {
        _sums = sums;
        Index = index;
        Width = FittedLayout.GridSide(width, index);
        Height = FittedLayout.GridSide(height, index);
        int rows = (MinBandPositions + Width - 1) / Width;
        BandRows = (rows + RowUnit - 1) / RowUnit * RowUnit;
        BandCount = (Height + BandRows - 1) / BandRows;
        GridPlane row = new(Width, 1), coarseRow = new(FittedLayout.GridSide(width, index + 1), 1);
        (_stride, _coarseStride) = (row.Stride, coarseRow.Stride);
        _borders = BandCount == 1 ? null : new PinnedFloats(BandCount * BorderLength);
        _bandSums = new PinnedFloats(BandCount * sums.Count);
    }

    /// <summary>0 for full size.</summary>
    public int Index { get; }

    public int Width { get; }

    public int Height { get; }

    public int BandRows { get; }

    public int BandCount { get; }

    private int BorderLength => RowsAbove * _stride + 2 * _coarseStride;

    /// <summary>The sums of a band.</summary>
    public float* BandSums(int band) => _bandSums.Data + band * _sums.Count;

    /// <summary>Sets the rows to zero in which a band keeps what belongs to others.</summary>
    public void ClearBorders(int band) => _borders?.Span.Slice(band * BorderLength, BorderLength).Clear();

    /// <summary>Where a band adds to gradients of this grid.</summary>
    public float* GradientRow(GridPlane gradients, int band, int row)
    {
        int above = band * BandRows - row;
        return band == 0 || above <= 0 ? gradients.Row(row) : Border(band) + (RowsAbove - above) * _stride + GridPlane.SideMargin;
    }

    /// <summary>Where a band adds to gradients of the next coarser grid.</summary>
    public float* CoarseGradientRow(GridPlane gradients, int band, int row)
    {
        bool isAbove = band > 0 && row < band * BandRows / 2;
        bool isBelow = band < BandCount - 1 && row >= (band + 1) * BandRows / 2;
        return isAbove ? CoarseBorder(band, 0) : isBelow ? CoarseBorder(band, 1) : gradients.Row(row);
    }

    /// <summary>Brings home what bands have kept for others.</summary>
    public void AddBorders(GridPlane gradients, GridPlane? coarseGradients)
    {
        for (int band = 0; _borders is not null && band < BandCount; band++)
        {
            int first = band * BandRows;
            for (int row = Math.Max(0, first - RowsAbove); row < first; row++)
            {
                Add(GradientRow(gradients, band, row), gradients.Values(row));
            }

            if (coarseGradients is null)
            {
                continue;
            }

            if (band > 0)
            {
                Add(CoarseBorder(band, 0), coarseGradients.Values(first / 2 - 1));
            }

            if (band < BandCount - 1)
            {
                Add(CoarseBorder(band, 1), coarseGradients.Values((first + BandRows) / 2));
            }
        }
    }

    private static void Add(float* source, Span<float> target)
    {
        int x = 0;
        for (; x <= target.Length - System.Numerics.Vector<float>.Count; x += System.Numerics.Vector<float>.Count)
        {
            Span<float> piece = target[x..];
            (new System.Numerics.Vector<float>(piece) + new System.Numerics.Vector<float>(new ReadOnlySpan<float>(source + x, piece.Length))).CopyTo(piece);
        }

        for (; x < target.Length; x++)
        {
            target[x] += source[x];
        }
    }

    private float* Border(int band) => _borders!.Data + band * BorderLength;

    private float* CoarseBorder(int band, int side) => Border(band) + RowsAbove * _stride + side * _coarseStride + GridPlane.SideMargin;
}
