namespace ImageCodec.Models.Fitted.Integers;

/// <summary>Gives the distributions of a grid's values, wave by wave.</summary>
internal sealed unsafe class WavePredictor
{
    private const int Margin = 64;

    // How far contexts reach back, in waves.
    private const int Reach = 9;

    private readonly IntegerBackend _backend;
    private readonly EntropyWeights _weights;
    private readonly IntegerGrids _grids;
    private readonly int _grid;
    private readonly WaveRing _values;
    private readonly FeatureWaves _features;
    private readonly int _pitch;
    private readonly PinnedArray<short> _memory;
    private readonly short* _scratch;
    private int _next;

    /// <summary>Makes a predictor for a grid; of coarser grids it reads the values at once, of this one as it is asked to.</summary>
    public WavePredictor(IntegerBackend backend, EntropyWeights weights, IntegerGrids grids, int grid)
    {
        (_backend, _weights, _grids, _grid) = (backend, weights, grids, grid);
        (int width, int height) = (grids.Width(grid), grids.Height(grid));
        Order = new WaveOrder(width, height);
        _values = new WaveRing(width, height);
        _features = new FeatureWaves(backend, weights, grids, grid);
        _pitch = (Order.MaxRows + Margin - 1) / Margin * Margin + 3 * Margin;
        int rows = 2 + FittedLayout.Features;
        _memory = new PinnedArray<short>((long)rows * _pitch + 3 * 2 * weights.Pairs * backend.Lanes);
        _scratch = _memory.First + (nint)rows * _pitch;
    }

    /// <summary>The order of the grid's values.</summary>
    public WaveOrder Order { get; }

    /// <summary>The means' whole parts of the wave that was predicted last, at the places of its rows.</summary>
    public short* Means { get; private set; }

    /// <summary>Where fractions and scales stand in the tables, likewise.</summary>
    public short* Rows { get; private set; }

    /// <summary>Begins with a wave that is not the first one; the values before it must be known.</summary>
    public void StartAt(int wave)
    {
        for (int before = wave - Reach; before < wave; before++)
        {
            Gather(before);
        }

        _next = wave;
    }

    /// <summary>Predicts the next wave.</summary>
    /// <returns>Where the wave's values go, shifted by <see cref="EntropyWeights.InputBits"/>, before the next call.</returns>
    public short* Predict()
    {
        int wave = _next++;
        int first = Order.First(wave) & ~1;
        int end = Order.End(wave);
        Means = _memory.First - first;
        Rows = Means + _pitch;
        ReadOnlySpan<(int X, int Y)> offsets = FittedLayout.ContextOffsets;
        short** inputs = stackalloc short*[FittedLayout.Inputs + 1];
        for (int i = 0; i < offsets.Length; i++)
        {
            inputs[i] = _values.Wave(wave + offsets[i].X + WaveOrder.Slope * offsets[i].Y) + offsets[i].Y;
        }

        for (int feature = 0; feature < FittedLayout.Features; feature++)
        {
            inputs[offsets.Length + feature] = Means + (nint)(2 + feature) * _pitch;
        }

        inputs[FittedLayout.Inputs] = inputs[0];
        _features.Get(wave, first / 2, (end + 1) / 2, inputs + offsets.Length);
        PredictionArguments arguments = new()
        {
            Weights = _weights,
            Inputs = inputs,
            First = first,
            End = end,
            Scratch = _scratch,
            Means = Means,
            Rows = Rows,
        };
        _backend.Predict(in arguments);
        return _values.Clear(wave);
    }

    /// <summary>Takes the known values of the wave that was predicted last.</summary>
    public void Accept() => Gather(_next - 1);

    private void Gather(int wave) => _values.Gather(_grids.Values(_grid), _grids.Width(_grid), wave, EntropyWeights.InputBits);
}
