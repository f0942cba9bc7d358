namespace ImageCodec.Models.Fitted.Integers;

/// <summary>Gives pieces of the rows of a plane that is doubled, one after the other, without making the plane.</summary>
internal sealed unsafe class RowDoubler
{
    /// <summary>Columns of the doubled plane at most.</summary>
    public const int MaxColumns = 1024 + 2 * BandSynthesis.Reach;

    private const int Kept = 8;

    private readonly IntegerBackend _backend;
    private readonly ShortPlane _from;
    private readonly ShortRows _narrow;
    private readonly ShortRows _wide;
    private readonly int[] _rows = new int[Kept];
    private readonly int _near;
    private readonly int _far;
    private int _first;
    private int _count;

    /// <summary>Makes a doubler.</summary>
    /// <param name="backend">The kernels to use.</param>
    /// <param name="from">The plane.</param>
    /// <param name="taps">The filter.</param>
    public RowDoubler(IntegerBackend backend, ShortPlane from, (int Near, int Far) taps)
    {
        (_backend, _from) = (backend, from);
        (_near, _far) = taps;
        int most = Math.Min(from.Width, MaxColumns / 2);
        _narrow = new ShortRows(most, 1);
        _wide = new ShortRows(2 * most, Kept);
    }

    /// <summary>Chooses the columns of the doubled plane.</summary>
    /// <param name="first">The first one, an even number.</param>
    /// <param name="count">How many, up to <see cref="MaxColumns"/>.</param>
    public void MoveTo(int first, int count)
    {
        (_first, _count) = (first / 2, count);
        _rows.AsSpan().Fill(-1);
    }

    /// <summary>Makes the columns of a row of the doubled plane, and up to a vector beyond them.</summary>
    public void Get(int y, short* to)
    {
        int center = y >> 1;
        int toNext = (y & 1) == 0 ? -1 : 1;
        _backend.CombineRows(Wide(center), Wide(center + toNext), Wide(center - toNext), Wide(center + 2 * toNext), to, _count, _near, _far);
    }

    private short* Wide(int y)
    {
        y = Math.Clamp(y, 0, _from.Height - 1);
        int place = y & (Kept - 1);
        short* wide = _wide.Row(place);
        if (_rows[place] != y)
        {
            _rows[place] = y;
            int count = (_count + 1) / 2;
            short* from = _from.Row(y);
            short* narrow = _narrow.Row(0);
            int last = _from.Width - 1;
            new Span<short>(from + _first, count).CopyTo(new Span<short>(narrow, count));
            narrow[-2] = from[Math.Max(0, _first - 2)];
            narrow[-1] = from[Math.Max(0, _first - 1)];
            narrow[count] = from[Math.Min(last, _first + count)];
            narrow[count + 1] = from[Math.Min(last, _first + count + 1)];
            _backend.DoubleRow(narrow, wide, count, _near, _far);
        }

        return wide;
    }
}
