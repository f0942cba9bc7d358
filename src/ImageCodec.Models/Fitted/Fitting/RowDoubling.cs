using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Doubles planes row by row, and leads gradients back. A row is made in half width from four rows of the planes and then stretched, so that what has to be
/// kept of the last few rows is of half width. Used by one thread at a time.
/// </summary>
internal sealed unsafe class RowDoubling
{
    /// <summary>A row's gradient comes at most this many rows after the row.</summary>
    private const int Lag = 4;

    /// <summary>A gradient by a row of a plane comes from eight doubled rows, 2r − 3 … 2r + 4.</summary>
    private const int GatheredRows = 8;

    private const int Taps = FittedLayout.FilterTaps;
    private const int Block = RowLayout.Block;

    private readonly RowLayout _layout;
    private readonly int _height;
    private readonly int _channels;
    private readonly int _length;
    private readonly RowRing _narrow;
    private readonly RowRing _narrowGradients;
    private readonly PinnedFloats _gradient;
    private ChannelPlanes _source = null!;
    private float* _taps;
    private int _first;
    private int _end;
    private int _nextGathered;
    private float* _sums;
    private HalfRows _target;

    /// <param name="width">Columns of the doubled planes.</param>
    /// <param name="height">Rows of the doubled planes.</param>
    /// <param name="channels">How many planes there are.</param>
    public RowDoubling(int width, int height, int channels)
    {
        _layout = new RowLayout(width);
        _height = height;
        _channels = channels;
        _length = channels * _layout.Segment;
        _narrow = new RowRing(Lag + 1, _length);
        _narrowGradients = new RowRing(GatheredRows, _length);
        _gradient = new PinnedFloats(channels * _layout.Channel);
    }

    /// <summary>
    /// Where the gradient by a doubled row is to be put, with zeros where columns only fill a block: the even columns of the first channel, and a segment
    /// further on the odd ones; then those of the next channel.
    /// </summary>
    public float* Gradient => RowLayout.First(_gradient.Data);

    /// <summary>From even to odd columns.</summary>
    public int Segment => _layout.Segment;

    /// <summary>Begins a run of rows.</summary>
    /// <param name="source">The planes that are doubled, with their outermost columns repeated twice.</param>
    /// <param name="taps">The filter.</param>
    public void Begin(ChannelPlanes source, float* taps)
    {
        _source = source;
        _taps = taps;
    }

    /// <summary>Begins the way back for a band of rows.</summary>
    /// <param name="first">The first row whose gradient will come.</param>
    /// <param name="end">The row behind the last.</param>
    /// <param name="target">Where the gradients by the planes' rows go.</param>
    /// <param name="sums">Added to: four sums of lanes, for the taps.</param>
    public void BeginBack(int first, int end, HalfRows target, float* sums)
    {
        _first = first;
        _end = end;
        _target = target;
        _sums = sums;
        _nextGathered = Math.Max(0, (first >> 1) - 2);
    }

    /// <summary>Makes a doubled row's half-width form, which the way back needs too.</summary>
    public void Narrow<TVector, TSimd>(int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector> => DoublingKernels.Vertical<TVector, TSimd>(
            _source.Row(TapRow(y, 0)), _source.Row(TapRow(y, 1)), _source.Row(TapRow(y, 2)), _source.Row(TapRow(y, 3)), _narrow.Row(y), _length, _taps);

    /// <summary>Makes a doubled row.</summary>
    /// <param name="y">Which one.</param>
    /// <param name="to">Where the first channel goes in a row in blocks.</param>
    /// <param name="group">Channels of that row.</param>
    public void Double<TVector, TSimd>(int y, float* to, int group)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        Narrow<TVector, TSimd>(y);
        for (int channel = 0; channel < _channels; channel++)
        {
            DoublingKernels.Horizontal<TVector, TSimd>(
                Channel(_narrow, y, channel), to + channel * Block, _layout.Blocks, 2 * Block * group, group * Block, _taps);
        }
    }

    /// <summary>Leads the gradient by a doubled row back, which was put at <see cref="Gradient"/>; <see cref="Narrow"/> was called for the row.</summary>
    public void Back<TVector, TSimd>(int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            float* even = Gradient + channel * _layout.Channel;
            float* to = Channel(_narrowGradients, y, channel);
            DoublingKernels.HorizontalBack<TVector, TSimd>(
                even, even + _layout.Segment, Channel(_narrow, y, channel), to, _layout.Padded, _taps, _sums);
            Fold(even, even + _layout.Segment, to);
        }

        DoublingKernels.AddVerticalTaps<TVector, TSimd>(
            _source.Row(TapRow(y, 0)), _source.Row(TapRow(y, 1)), _source.Row(TapRow(y, 2)), _source.Row(TapRow(y, 3)), _narrowGradients.Row(y), _length, _sums);
        int last = y == _end - 1 ? Math.Min((y >> 1) + 2, (_height + 1) / 2 - 1) : (y - GatheredRows / 2) >> 1;
        for (; _nextGathered <= last; _nextGathered++)
        {
            Gather<TVector, TSimd>(_nextGathered);
        }
    }

    /// <summary>The row of a plane that a tap of a doubled row reads.</summary>
    private int TapRow(int y, int tap)
    {
        // The nearest row, the one on the side where the doubled row lies, the one on the other side, the second on the first side.
        int side = (y & 1) == 0 ? -1 : 1;
        int distance = tap switch { 0 => 0, 1 => side, 2 => -side, _ => 2 * side };
        return Math.Clamp((y >> 1) + distance, 0, (_height + 1) / 2 - 1);
    }

    private float* Channel(RowRing ring, int y, int channel) => RowLayout.First(ring.Row(y) + channel * _layout.Segment);

    private void Gather<TVector, TSimd>(int row)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float** rows = stackalloc float*[GatheredRows];
        float* factors = stackalloc float[GatheredRows];
        int first = 2 * row - GatheredRows / 2 + 1;
        bool isInside = row > 0 && row < (_height + 1) / 2 - 1 && first >= _first && first + GatheredRows <= _end;
        for (int i = 0; i < GatheredRows; i++)
        {
            int y = first + i;
            rows[i] = _narrowGradients.Row(Math.Clamp(y, _first, _end - 1));
            factors[i] = isInside ? _taps[i < Taps ? Taps - 1 - i : i - Taps] : 0;
            for (int tap = 0; !isInside && tap < Taps && y >= _first && y < _end; tap++)
            {
                factors[i] += TapRow(y, tap) == row ? _taps[tap] : 0;
            }
        }

        DoublingKernels.Gather<TVector, TSimd>(rows, factors, _length, _target.Row(row));
    }

    /// <summary>Adds what went to repeated columns to the outermost ones, and clears what fills the last block.</summary>
    private void Fold(float* even, float* odd, float* to)
    {
        int end = _layout.Evens;
        new Span<float>(to + end, _layout.Padded - end).Clear();
        to[0] += (_taps[1] + _taps[3]) * even[0] + _taps[3] * even[1] + _taps[2] * odd[0];
        to[end - 1] += (_taps[1] + _taps[3]) * odd[end - 1] + _taps[3] * odd[end - 2] + _taps[2] * even[end - 1];
    }
}
