namespace ImageCodec.Models.Fitted.Integers;

/// <summary>
/// The features of a grid, wave by wave. A wave of the grid sees two waves of the grid above: rows 2Y lie in wave ⌊t / 2⌋, rows 2Y + 1 in
/// wave ⌊(t − 3) / 2⌋.
/// </summary>
internal sealed unsafe class FeatureWaves
{
    private const int Kept = 4;
    private const int Margin = 64;

    // How far the 3×3 neighbours reach, in waves.
    private const int Reach = WaveOrder.Slope + 1;

    private readonly IntegerBackend _backend;
    private readonly EntropyWeights _weights;
    private readonly IntegerGrids _grids;
    private readonly int _grid;
    private readonly WaveOrder _order;
    private readonly int _count;
    private readonly bool _isConstant;
    private readonly WaveRing _parent;
    private readonly int _pitch;
    private readonly PinnedArray<short> _memory;
    private readonly short* _features;
    private readonly short* _coarse;
    private readonly short* _scratch;
    private int _next = -1;

    public FeatureWaves(IntegerBackend backend, EntropyWeights weights, IntegerGrids grids, int grid)
    {
        (_backend, _weights, _grids, _grid) = (backend, weights, grids, grid);
        _count = FittedLayout.Features;
        (int width, int height) = (FittedLayout.GridSide(grids.PictureWidth, grid + 1), FittedLayout.GridSide(grids.PictureHeight, grid + 1));
        _order = new WaveOrder(width, height);
        _parent = new WaveRing(width, height);
        _isConstant = grids.IsZero(grid + 1) && grids.IsZero(grid + 2) && grids.IsZero(grid + 3);
        _pitch = Margin + (_order.MaxRows + Margin - 1) / Margin * Margin + 2 * Margin;
        int scratch = FittedLayout.CoarseValues + 1;
        _memory = new PinnedArray<short>((long)(Kept * _count + 2) * _pitch + scratch * backend.Lanes);
        _features = _memory.First;
        _coarse = _features + (nint)Kept * _count * _pitch;
        _scratch = _coarse + 2 * (nint)_pitch;
    }

    /// <summary>Gives the features of a wave of the grid; waves must come one after the other, but may begin anywhere.</summary>
    /// <param name="wave">The wave.</param>
    /// <param name="firstPair">Half of the first row that is wanted.</param>
    /// <param name="endPair">Half of the row after the last one, rounded up.</param>
    /// <param name="features">Receives the features, each in a row of its own.</param>
    public void Get(int wave, int firstPair, int endPair, short** features)
    {
        int even = wave >> 1;
        int odd = (wave - WaveOrder.Slope) >> 1;
        if (_next < 0)
        {
            _next = Math.Max(0, odd);
            if (!_isConstant)
            {
                for (int before = _next - Reach; before < _next + Reach; before++)
                {
                    Gather(before);
                }
            }
        }

        for (; _next <= even; _next++)
        {
            Compute(_next);
        }

        for (int feature = 0; feature < _count; feature++)
        {
            _backend.Interleave(Row(even, feature), Row(odd, feature), features[feature], firstPair, endPair);
        }
    }

    /// <summary>A feature of a wave of the parent; row y is at place y.</summary>
    private short* Row(int wave, int feature) => _features + (nint)((wave & (Kept - 1)) * _count + feature) * _pitch + Margin - _order.First(wave);

    private void Gather(int wave)
    {
        if (_grid + 1 < _grids.Count)
        {
            _parent.Gather(_grids.Values(_grid + 1), _grids.Width(_grid + 1), wave, 0);
        }
    }

    private void Compute(int wave)
    {
        if (wave >= _order.Count)
        {
            return;
        }

        int first = _order.First(wave);
        int end = _order.End(wave);
        short* coarse1 = _coarse - first;
        short* coarse2 = coarse1 + _pitch;
        if (!_isConstant)
        {
            Gather(wave + Reach);
            GatherCoarse(wave, 1, coarse1);
            GatherCoarse(wave, 2, coarse2);
        }

        short** inputs = stackalloc short*[FittedLayout.CoarseValues + 1];
        for (int i = 0; i < 9; i++)
        {
            (int dx, int dy) = (i % 3 - 1, i / 3 - 1);
            inputs[i] = _parent.Wave(wave + dx + WaveOrder.Slope * dy) + dy;
        }

        // The twelfth only makes a pair of the eleventh; its weights are zero.
        inputs[9] = coarse1;
        inputs[10] = coarse2;
        inputs[11] = coarse1;
        short** features = stackalloc short*[_count];
        for (int feature = 0; feature < _count; feature++)
        {
            features[feature] = Row(wave, feature);
        }

        PredictionArguments arguments = new() { Inputs = inputs, First = first, End = end, Scratch = _scratch };
        _backend.Features(in arguments, _weights.Features(_grid), features, _count);
    }

    /// <summary>Values of a grid above the parent, at the parent's positions of a wave.</summary>
    private void GatherCoarse(int wave, int levels, short* to)
    {
        int grid = _grid + 1 + levels;
        if (grid >= _grids.Count)
        {
            return;
        }

        short[] values = _grids.Values(grid);
        int width = _grids.Width(grid);
        int end = _order.End(wave);
        for (int y = _order.First(wave); y < end; y++)
        {
            to[y] = values[(y >> levels) * width + ((wave - WaveOrder.Slope * y) >> levels)];
        }
    }
}
