namespace ImageCodec.Models.Fitted.Integers;

/// <summary>
/// The last waves of a plane, each with the values at their rows' places; zero outside of the plane. So what lies at some distance from the positions of a
/// wave is a run of another wave. Of a wave only those rows are kept that it has, and some around them.
/// </summary>
internal sealed unsafe class WaveRing
{
    /// <summary>Waves that are kept.</summary>
    public const int Length = 16;

    /// <summary>Places before the first one; behind the last one are twice as many, so that a vector may begin there.</summary>
    private const int Margin = 64;

    private readonly WaveOrder _order;
    private readonly int _pitch;
    private readonly PinnedArray<short> _memory;
    private readonly short* _first;

    public WaveRing(int width, int height)
    {
        _order = new WaveOrder(width, height);
        _pitch = Margin + (_order.MaxRows + Margin - 1) / Margin * Margin + 2 * Margin;
        _memory = new PinnedArray<short>((long)Length * _pitch);
        _first = _memory.First + Margin;
    }

    /// <summary>A wave; row y is at place y.</summary>
    public short* Wave(int wave) => _first + (nint)(wave & (Length - 1)) * _pitch - _order.First(wave);

    /// <summary>Makes a wave zero that takes the place of the one <see cref="Length"/> before it.</summary>
    public short* Clear(int wave)
    {
        int before = wave - Length;
        if (before >= 0 && before < _order.Count)
        {
            int first = _order.First(before);
            new Span<short>(Wave(before) + first, Math.Max(0, _order.End(before) - first)).Clear();
        }

        return Wave(wave);
    }

    /// <summary>Takes a wave over from a plane; nothing for a wave there is not.</summary>
    /// <param name="values">The plane, row by row without gaps.</param>
    /// <param name="width">Its width.</param>
    /// <param name="wave">Which wave.</param>
    /// <param name="shift">By how many bits values are shifted.</param>
    public void Gather(short[] values, int width, int wave, int shift)
    {
        short* row = Clear(wave);
        if (wave < 0 || wave >= _order.Count)
        {
            return;
        }

        int first = _order.First(wave);
        int end = _order.End(wave);
        int step = width - WaveOrder.Slope;
        for (int y = first, at = first * width + wave - WaveOrder.Slope * first; y < end; y++, at += step)
        {
            row[y] = (short)(values[at] << shift);
        }
    }
}
