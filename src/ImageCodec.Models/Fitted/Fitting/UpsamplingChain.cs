using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Upsampling of the grids 1 … K − 1 up to the size of grid 1, and gradients back; the last doubling to the size of the picture is left to the bands. The
/// channels don't depend on each other, so each is a piece of work for one thread.
/// </summary>
internal sealed unsafe class UpsamplingChain
{
    private const int SumsPerFilter = FittedLayout.FilterTaps * RowLayout.Block;

    private readonly int _height;
    private readonly int _grids;
    private readonly int _bandRows;
    private readonly ChannelPlanes _halfGradients;
    private readonly ChannelPlanes _otherRows;
    private readonly Channel[] _channels;

    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="bandRows">Rows of a band.</param>
    public UpsamplingChain(int width, int height, int bandRows)
    {
        (_height, _bandRows) = (height, bandRows);
        _grids = FittedLayout.GridCount(width, height);
        (int halfWidth, int halfHeight) = (FittedLayout.GridSide(width, 1), FittedLayout.GridSide(height, 1));
        Halves = new ChannelPlanes(halfWidth, halfHeight, _grids - 1);
        _halfGradients = new ChannelPlanes(halfWidth, halfHeight, _grids - 1);
        _otherRows = new ChannelPlanes(halfWidth, (height + bandRows - 1) / bandRows * HalfRows.OtherRows, _grids - 1);
        _channels = new Channel[_grids];
        for (int grid = 1; grid < _grids; grid++)
        {
            _channels[grid] = new Channel(width, height, grid);
        }
    }

    /// <summary>The channels at the size of grid 1, that of grid 1 first.</summary>
    public ChannelPlanes Halves { get; }

    /// <summary>Where a band puts the gradients by <see cref="Halves"/>.</summary>
    public HalfRows Target(int band)
    {
        (int first, int end) = HalfBand(band);
        return new HalfRows(_halfGradients, _otherRows, first, end, band);
    }

    /// <summary>Makes a channel's half-size plane.</summary>
    public void Up<TVector, TSimd>(int grid, GridPlane values, SynthesisWeights weights)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        Channel channel = _channels[grid];
        (ChannelPlanes to, int place) = grid == 1 ? (Halves, 0) : (channel.Values[grid], 0);
        for (int y = 0; y < values.Height; y++)
        {
            values.Values(y).CopyTo(new Span<float>(to.Row(y, place), values.Width));
            to.Replicate(y, place);
        }

        for (int level = grid - 1; level > 0; level--)
        {
            (to, place) = level == 1 ? (Halves, grid - 1) : (channel.Values[level], 0);
            RowDoubling doubling = channel.Doublings[level];
            doubling.Begin(channel.Values[level + 1], weights.Taps(level + 1));
            for (int y = 0; y < to.Height; y++)
            {
                doubling.Double<TVector, TSimd>(y, channel.Row.Data, 1);
                RowKernels.PutTogether<TVector, TSimd>(
                    channel.Row.Data, to.Row(y, place), new RowLayout(to.Width).Blocks, 2 * RowLayout.Block, RowLayout.Block);
                to.Replicate(y, place);
            }
        }
    }

    /// <summary>Leads a channel's gradient from its half-size plane to its grid.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="gradient">Added to.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    public void Down<TVector, TSimd>(int grid, GridPlane gradient, SynthesisWeights weights, float scale)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        AddOtherRows<TVector, TSimd>(grid - 1);
        Channel channel = _channels[grid];
        channel.Sums.Span.Clear();
        (ChannelPlanes from, int place) = (_halfGradients, grid - 1);
        for (int level = 1; level < grid; level++)
        {
            ChannelPlanes to = channel.Gradients[level + 1];
            RowDoubling doubling = channel.Doublings[level];
            doubling.Begin(channel.Values[level + 1], weights.Taps(level + 1));
            doubling.BeginBack(0, from.Height, new HalfRows(to, null, 0, to.Height, 0), channel.FilterSums(level + 1));
            for (int y = 0; y < from.Height; y++)
            {
                doubling.Narrow<TVector, TSimd>(y);
                RowKernels.TakeApart<TVector, TSimd>(
                    from.Row(y, place), doubling.Gradient, new RowLayout(from.Width).Blocks, RowLayout.Block, doubling.Segment);
                doubling.Back<TVector, TSimd>(y);
            }

            (from, place) = (to, 0);
        }

        for (int y = 0; y < gradient.Height; y++)
        {
            RowKernels.Add<TVector, TSimd>(from.Row(y, place), gradient.Row(y), gradient.Width, scale);
        }
    }

    /// <summary>The gradient by a tap of one of the filters 2 … 6, from all channels.</summary>
    public double TapGradient(int filter, int tap)
    {
        double sum = 0;
        for (int grid = filter; grid < _grids; grid++)
        {
            sum += RowSums.Sum(_channels[grid].FilterSums(filter), tap);
        }

        return sum;
    }

    private (int First, int End) HalfBand(int band) => (band * _bandRows / 2, (Math.Min((band + 1) * _bandRows, _height) + 1) / 2);

    /// <summary>Adds what bands have for rows of other bands.</summary>
    private void AddOtherRows<TVector, TSimd>(int place)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        int bands = (_height + _bandRows - 1) / _bandRows;
        for (int band = 0; band < bands; band++)
        {
            (int first, int end) = HalfBand(band);
            for (int i = 0; i < HalfRows.OtherRows; i++)
            {
                int y = i < HalfRows.OtherRows / 2 ? first + i - HalfRows.OtherRows / 2 : end + i - HalfRows.OtherRows / 2;
                if (y >= 0 && y < _halfGradients.Height)
                {
                    float* from = _otherRows.Row(band * HalfRows.OtherRows + i, place);
                    RowKernels.Add<TVector, TSimd>(from, _halfGradients.Row(y, place), _halfGradients.Width, 1);
                }
            }
        }
    }

    /// <summary>What a channel needs on its way from its grid to half size; planes lie at the place of their grid's number.</summary>
    private sealed class Channel
    {
        public Channel(int width, int height, int grid)
        {
            Values = new ChannelPlanes[grid + 1];
            Gradients = new ChannelPlanes[grid + 1];
            Doublings = new RowDoubling[grid];
            for (int level = 1; level <= grid; level++)
            {
                (int levelWidth, int levelHeight) = (FittedLayout.GridSide(width, level), FittedLayout.GridSide(height, level));
                if (level > 1)
                {
                    Values[level] = new ChannelPlanes(levelWidth, levelHeight, 1);
                    Gradients[level] = new ChannelPlanes(levelWidth, levelHeight, 1);
                }

                if (level < grid)
                {
                    Doublings[level] = new RowDoubling(levelWidth, levelHeight, 1);
                }
            }

            Row = new PinnedFloats(new RowLayout(FittedLayout.GridSide(width, 1)).BlockRow(channels: 1));
            Sums = new PinnedFloats((FittedLayout.MaxGrids - 1) * SumsPerFilter);
        }

        public ChannelPlanes[] Values { get; }

        public ChannelPlanes[] Gradients { get; }

        public RowDoubling[] Doublings { get; }

        /// <summary>A doubled row.</summary>
        public PinnedFloats Row { get; }

        public PinnedFloats Sums { get; }

        public float* FilterSums(int filter) => Sums.Data + (filter - 1) * SumsPerFilter;
    }
}
