using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Goes through a band of rows: each row's channels are doubled, become colours and are filtered twice; the gradients of the error follow some rows behind,
/// so that all that lies between is in the cache. Of every kind of row only the last few are kept. Rows beyond the band that its own depend on are computed
/// in both bands. Used by one thread at a time.
/// </summary>
internal sealed unsafe class SynthesisBand
{
    /// <summary>Rows beyond a band that its errors depend on, and those that its gradients do.</summary>
    private const int ErrorReach = 2;
    private const int GradientReach = 4;

    private const int Colors = FittedLayout.Colors;
    private const int Inputs = FittedLayout.MaxGrids;
    private const int Block = RowLayout.Block;

    private readonly SynthesisPicture _picture;
    private readonly RowLayout _layout;
    private readonly int _height;
    private readonly RowDoubling _doubling;
    private readonly RowRing _inputs;
    private readonly RowRing _colors;
    private readonly RowRing _past;
    private readonly RowRing _filtered;
    private readonly RowRing _errors;
    private readonly RowRing _filteredGradients;
    private readonly PinnedFloats _inputGradient;
    private readonly PinnedFloats _colorGradient;
    private readonly PinnedFloats _zeros;
    private readonly BandSums _sums;

    public SynthesisBand(SynthesisPicture picture)
    {
        _picture = picture;
        _layout = picture.Rows;
        _height = picture.Height;
        _doubling = new RowDoubling(_layout.Width, _height, picture.Chain.Halves.Channels);

        // As many rows of each kind as are used in one step of Run.
        _inputs = new RowRing(5, _layout.BlockRow(Inputs));
        _colors = new RowRing(6, _layout.PlanarRow);
        _past = new RowRing(3, _layout.BlockRow(Colors));
        _filtered = new RowRing(5, _layout.PlanarRow);
        _errors = new RowRing(3, _layout.PlanarRow);
        _filteredGradients = new RowRing(3, _layout.PlanarRow);
        _inputGradient = new PinnedFloats(_layout.BlockRow(Inputs));
        _colorGradient = new PinnedFloats(_layout.BlockRow(Colors));
        _zeros = new PinnedFloats(_layout.PlanarRow);
        _sums = new BandSums(picture.Layout);
    }

    /// <summary>Goes through a band.</summary>
    /// <param name="run">What is computed.</param>
    /// <param name="band">The band's number.</param>
    public void Run<TVector, TSimd>(SynthesisRun run, int band)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        int first = band * _picture.BandRows;
        int end = Math.Min(_height, first + _picture.BandRows);
        bool isTraining = run.GridGradient is not null;
        int reach = isTraining ? GradientReach : ErrorReach;
        int start = Math.Max(0, first - reach);
        _sums.Clear();
        _doubling.Begin(_picture.Chain.Halves, run.Weights.Taps(1));
        if (isTraining)
        {
            _doubling.BeginBack(first, end, _picture.Chain.Target(band), _sums.FilterTaps);
        }

        double squares = 0;
        for (int y = start; y < end + reach && !run.CancellationToken.IsCancellationRequested; y++)
        {
            if (y < _height)
            {
                MakeColors<TVector, TSimd>(run, y);
            }

            PrefetchNext(run, y);
            if (IsWithin(y - 1, first, end, reach - 1))
            {
                FilterFirst<TVector, TSimd>(run.Weights, y - 1);
            }

            if (IsWithin(y - 2, first, end, reach - 2))
            {
                FilterSecond<TVector, TSimd>(run, y - 2);
                if (y - 2 >= first && y - 2 < end)
                {
                    RowKernels.AddPlanar<TVector, TSimd>(Row(_errors, y - 2), _layout, _sums.Outputs);
                    squares += _sums.TakeSquares();
                }
            }

            if (isTraining && IsWithin(y - 3, first, end, reach - 3))
            {
                FilterSecondBack<TVector, TSimd>(run.Weights, y - 3);
            }

            if (isTraining && IsWithin(y - 4, first, end, 0))
            {
                FilterFirstBack<TVector, TSimd>(run.Weights, y - 4);
                AddFilterWeights<TVector, TSimd>(y - 4);
                MakeColorsBack<TVector, TSimd>(run, y - 4);
            }
        }

        run.Squares[band] = squares;
        if (isTraining)
        {
            _sums.WriteTo(run.Gradients(band));
        }
    }

    private bool IsWithin(int y, int first, int end, int reach) => y >= Math.Max(0, first - reach) && y < Math.Min(_height, end + reach);

    private static float* Row(RowRing ring, int y) => RowLayout.First(ring.Row(y));

    /// <summary>A row, or the nearest one of the picture.</summary>
    private float* NearestRow(RowRing ring, int y) => Row(ring, Math.Clamp(y, 0, _height - 1));

    /// <summary>A row of gradients, which are zero outside of the picture.</summary>
    private float* RowOrZeros(RowRing ring, int y) => y >= 0 && y < _height ? Row(ring, y) : RowLayout.First(_zeros.Data);

    /// <summary>Asks for what the next step reads of whole planes; all else was written not long ago.</summary>
    private void PrefetchNext(SynthesisRun run, int y)
    {
        if (y + 1 < _height)
        {
            RowKernels.Prefetch(run.Grid.Row(y + 1), _layout.Width);
        }

        if (y > 0 && y <= _height)
        {
            RowKernels.Prefetch(_picture.Target(y - 1), _layout.BlockRow(Colors));
        }

        if (run.GridGradient is { } gradient && y >= GradientReach - 1 && y - GradientReach + 1 < _height)
        {
            RowKernels.Prefetch(gradient.Row(y - GradientReach + 1), _layout.Width);
        }
    }

    private void MakeColors<TVector, TSimd>(SynthesisRun run, int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* inputs = _inputs.Row(y);
        _doubling.Double<TVector, TSimd>(y, inputs + Block, Inputs);
        RowKernels.TakeApart<TVector, TSimd>(run.Grid.Row(y), inputs, _layout.Blocks, 2 * Inputs * Block, Inputs * Block);
        float* colors = Row(_colors, y);
        HiddenKernels.Forward<TVector, TSimd>(inputs, _layout, run.Weights.Hidden, _picture.Layout.Hidden, run.Weights.Direct, colors, _past.Row(y));
        _layout.Replicate(colors);
    }

    private void FilterFirst<TVector, TSimd>(SynthesisWeights weights, int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* to = Row(_filtered, y);
        ColorFilterKernels.Run<TVector, TSimd, RectifiedEnd>(
            NearestRow(_colors, y - 1), Row(_colors, y), NearestRow(_colors, y + 1), _layout, weights.First, weights.FirstBiases,
            new RectifiedEnd(to, _layout));
        _layout.Replicate(to);
    }

    private void FilterSecond<TVector, TSimd>(SynthesisRun run, int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* to = Row(_errors, y);
        ColorFilterKernels.Run<TVector, TSimd, ErrorEnd>(
            NearestRow(_filtered, y - 1), Row(_filtered, y), NearestRow(_filtered, y + 1), _layout, run.Weights.Second, run.Weights.SecondBiases,
            new ErrorEnd(_past.Row(y), _picture.Target(y), to, _layout));
        _layout.ClearTail(to);
        run.Rendered?.Write(_picture, y, to);
    }

    private void FilterSecondBack<TVector, TSimd>(SynthesisWeights weights, int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* to = Row(_filteredGradients, y);
        float* values = Row(_filtered, y);
        float* kernel = weights.SecondBack(y == 0, y == _height - 1);
        float* above = RowOrZeros(_errors, y - 1), row = Row(_errors, y), below = RowOrZeros(_errors, y + 1);
        ColorFilterKernels.Run<TVector, TSimd, MaskedEnd>(above, row, below, _layout, kernel, weights.NoBiases, new MaskedEnd(values, to, _layout));
        float* left = stackalloc float[Colors], right = stackalloc float[Colors];
        ComputeBeyond(above, row, below, kernel, left, right);
        int last = _layout.LastColumn;
        for (int color = 0; color < Colors; color++)
        {
            nint at = color * _layout.Channel;
            to[at] += values[at] > 0 ? left[color] : 0;
            to[at + last] += values[at + last] > 0 ? right[color] : 0;
        }

        _layout.ClearTail(to);
    }

    private void FilterFirstBack<TVector, TSimd>(SynthesisWeights weights, int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* to = _colorGradient.Data;
        float* kernel = weights.FirstBack(y == 0, y == _height - 1);
        float* above = RowOrZeros(_filteredGradients, y - 1), row = Row(_filteredGradients, y), below = RowOrZeros(_filteredGradients, y + 1);
        ColorFilterKernels.Run<TVector, TSimd, BlocksEnd>(above, row, below, _layout, kernel, weights.NoBiases, new BlocksEnd(to));
        float* left = stackalloc float[Colors], right = stackalloc float[Colors];
        ComputeBeyond(above, row, below, kernel, left, right);
        int last = RowLayout.InBlocks(_layout.Width - 1, Colors);
        for (int color = 0; color < Colors; color++)
        {
            to[color * Block] += left[color];
            to[last + color * Block] += right[color];
            for (int column = _layout.Width; column < 2 * _layout.Padded; column++)
            {
                to[RowLayout.InBlocks(column, Colors) + color * Block] = 0;
            }
        }
    }

    /// <summary>What a filter gives one column beyond each edge: the gradient that belongs to the outermost columns, which were read there.</summary>
    private void ComputeBeyond(float* above, float* row, float* below, float* kernel, float* left, float* right)
    {
        int last = _layout.LastColumn;
        float** rows = stackalloc float*[] { above, row, below };
        for (int color = 0; color < Colors; color++)
        {
            left[color] = right[color] = 0;
        }

        for (int input = 0; input < Colors; input++)
        {
            for (int y = 0; y < 3; y++, kernel += Colors * 3)
            {
                float* from = rows[y] + input * _layout.Channel;
                for (int color = 0; color < Colors; color++)
                {
                    left[color] += kernel[3 * color + 2] * from[0];
                    right[color] += kernel[3 * color] * from[last];
                }
            }
        }
    }

    private void AddFilterWeights<TVector, TSimd>(int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* errors = Row(_errors, y);
        float* gradients = Row(_filteredGradients, y);
        RowKernels.AddPlanar<TVector, TSimd>(gradients, _layout, _sums.FirstOutputs);
        for (int input = 0; input < Colors; input++)
        {
            nint channel = input * _layout.Channel;
            int sums = input * ColorFilterKernels.SumCount * Block;
            ColorFilterKernels.AddWeights<TVector, TSimd>(
                NearestRow(_filtered, y - 1) + channel, Row(_filtered, y) + channel, NearestRow(_filtered, y + 1) + channel, _layout, errors,
                _sums.Second + sums);
            ColorFilterKernels.AddWeights<TVector, TSimd>(
                NearestRow(_colors, y - 1) + channel, Row(_colors, y) + channel, NearestRow(_colors, y + 1) + channel, _layout, gradients,
                _sums.First + sums);
        }
    }

    private void MakeColorsBack<TVector, TSimd>(SynthesisRun run, int y)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* inputs = _inputs.Row(y);
        float* gradient = _inputGradient.Data;
        SynthesisWeights weights = run.Weights;
        RowKernels.AddColors<TVector, TSimd>(_colorGradient.Data, 2 * _layout.Blocks, _sums.ColorBiases);
        HiddenKernels.DirectBack<TVector, TSimd>(inputs, _layout, weights.Direct, Row(_errors, y), gradient, _sums.Direct);
        HiddenGradientKernel.Run<TVector, TSimd>(
            inputs, _layout, weights.Hidden, _picture.Layout.Hidden, _colorGradient.Data, gradient, _sums.Hidden);
        RowKernels.AddTogether<TVector, TSimd>(
            gradient, run.GridGradient!.Row(y), _layout.Blocks, 2 * Inputs * Block, Inputs * Block, run.Scale);
        RowKernels.TakeChannels<TVector, TSimd>(
            gradient + Block, _picture.Chain.Halves.Channels, _layout.Blocks, Inputs * Block, _doubling.Gradient, _doubling.Segment);
        _doubling.Back<TVector, TSimd>(y);
    }
}
