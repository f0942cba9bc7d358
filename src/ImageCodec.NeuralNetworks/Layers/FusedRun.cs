using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>What one thread needs to run fused layers over a stretch of rows: for each stage the rows that it reads just now.</summary>
internal sealed unsafe class FusedRun
{
    private readonly FusedStage[] _stages;
    private readonly WeightPanels?[] _panels;
    private readonly int _band;
    private readonly RowBuffer[] _inputs;
    private readonly List<Tensor> _memory = [];

    /// <summary>The first row of each stage's input that a sum behind it still needs.</summary>
    private readonly int[] _kept;

    /// <summary>For each stage a few rows of what it computes, before they are pooled, turned or put side by side.</summary>
    private readonly Tensor?[] _scratch;
    private Tensor? _source;
    private int _picture;

    /// <param name="scope">The run, where the memory is from.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="panels">Their weights; null for narrow ones, which read them as they are.</param>
    /// <param name="band">Rows of the last stage that are computed at once.</param>
    public FusedRun(ComputeScope scope, FusedStage[] stages, WeightPanels?[] panels, int band)
    {
        (_stages, _panels, _band) = (stages, panels, band);
        _inputs = new RowBuffer[stages.Length];
        _kept = new int[stages.Length];
        _scratch = new Tensor?[stages.Length];
        int rows = band;
        for (int i = stages.Length - 1; i >= 0; i--)
        {
            FusedStage stage = stages[i];
            (int first, int end) = stage.InputRows(0, rows);
            rows = end - first;
            int pitch = stage.IsNarrow ? stage.Input.Channels * NarrowPitch(stage) : stage.PaddedWidth * stage.Input.Channels;
            Tensor memory = scope.Create(1, new TensorShape(rows, 1, pitch));
            _memory.Add(memory);
            _inputs[i] = new RowBuffer(memory.Data, rows, pitch);
            int scratch = stage.IsNarrow
                ? stage.Layer.Geometry.Outputs * NarrowPitch(stage) + stage.Input.Width * stage.Input.Channels
                : stage.Pools ? 2 * stage.Convolved.Width * stage.Convolved.Channels : 0;
            if (scratch > 0)
            {
                _memory.Add(_scratch[i] = scope.Create(1, new TensorShape(1, 1, scratch)));
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Release(ComputeScope scope) => _memory.ForEach(scope.Release);

    /// <summary>Computes rows of one picture of a batch.</summary>
    public void Run(Tensor input, Tensor output, int picture, int first, int end, CancellationToken cancellationToken)
    {
        (_source, _picture) = (input, picture);
        int start = first;
        for (int i = _stages.Length - 1; i >= 0; i--)
        {
            start = _stages[i].InputRows(start, start + 1).First;
            _inputs[i].Restart(start);
            _kept[i] = int.MaxValue;
            start = Math.Max(0, start);
        }

        nint pitch = (nint)output.Width * output.Channels;
        for (int row = first; row < end; row += _band)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float* to = output.Data + picture * output.PictureLength + row * pitch;
            Compute(_stages.Length - 1, row, Math.Min(row + _band, end), to, pitch);
        }
    }

    private static int NarrowPitch(FusedStage stage) => (stage.PaddedWidth + 2 * NarrowKernel.Slack - 1) / NarrowKernel.Slack * NarrowKernel.Slack;

    /// <summary>Computes rows of what a stage gives.</summary>
    private void Compute(int index, int first, int end, float* to, nint pitch)
    {
        FusedStage stage = _stages[index];
        if (stage.AddsInputOf >= 0)
        {
            _kept[stage.AddsInputOf] = first;
        }

        Fill(index, first, end);
        if (stage.Pools)
        {
            Pool(index, first, end, to, pitch);
        }
        else if (stage.IsNarrow)
        {
            ConvolveNarrow(index, first, end, to, pitch);
        }
        else
        {
            Convolve(index, first, end, to, pitch);
        }

        if (stage.AddsInputOf >= 0)
        {
            Add(stage.AddsInputOf, stage.Output, first, end, to, pitch);
        }
    }

    /// <summary>Sees to it that the rows that a stage reads for some rows of its output are there.</summary>
    private void Fill(int index, int first, int end)
    {
        FusedStage stage = _stages[index];
        RowBuffer rows = _inputs[index];
        (int firstRead, int endRead) = stage.InputRows(first, end);
        int next = rows.End;
        if (next >= endRead)
        {
            return;
        }

        rows.Reach(Math.Min(firstRead, _kept[index]), endRead);
        int inside = Math.Max(next, Math.Min(0, endRead));
        int endInside = Math.Max(inside, Math.Min(endRead, stage.Input.Height));
        rows.Clear(next, inside);
        if (inside < endInside)
        {
            if (stage.IsNarrow)
            {
                FillNarrow(index, inside, endInside);
            }
            else
            {
                FillInside(index, inside, endInside);
            }
        }

        rows.Clear(endInside, endRead);
    }

    private void FillInside(int index, int first, int end)
    {
        FusedStage stage = _stages[index];
        RowBuffer rows = _inputs[index];
        int channels = stage.Input.Channels;
        int before = stage.Before * channels;
        int length = stage.Input.Width * channels;
        if (index > 0)
        {
            Compute(index - 1, first, end, rows.Row(first) + before, rows.Pitch);
        }

        // The zeros around are written anew, as rows beyond the edges, which are all zeros, do not leave them to their own.
        for (int row = first; row < end; row++)
        {
            float* to = rows.Row(row);
            new Span<float>(to, before).Clear();
            new Span<float>(to + before + length, (int)rows.Pitch - before - length).Clear();
            if (index == 0)
            {
                new ReadOnlySpan<float>(Source(row), length).CopyTo(new Span<float>(to + before, length));
            }
        }
    }

    /// <summary>The same for a stage that wants each channel's values side by side.</summary>
    private void FillNarrow(int index, int first, int end)
    {
        FusedStage stage = _stages[index];
        RowBuffer rows = _inputs[index];
        int channels = stage.Input.Channels;
        int pitch = NarrowPitch(stage);
        float* computed = _scratch[index]!.Data + stage.Layer.Geometry.Outputs * pitch;
        for (int row = first; row < end; row++)
        {
            if (index > 0)
            {
                Compute(index - 1, row, row + 1, computed, 0);
            }

            float* to = rows.Row(row);
            Transposition.Run(index > 0 ? computed : Source(row), channels, to + stage.Before, pitch, stage.Input.Width, channels);
            for (int channel = 0; channel < channels; channel++, to += pitch)
            {
                new Span<float>(to, stage.Before).Clear();
                new Span<float>(to + stage.Before + stage.Input.Width, pitch - stage.Before - stage.Input.Width).Clear();
            }
        }
    }

    private float* Source(int row) => _source!.Data + _picture * _source.PictureLength + (nint)row * _source.Width * _source.Channels;

    /// <summary>Rows of a convolution, before pooling.</summary>
    private void Convolve(int index, int first, int end, float* to, nint pitch)
    {
        FusedStage stage = _stages[index];
        ConvolutionGeometry geometry = stage.Layer.Geometry;
        RowBuffer rows = _inputs[index];
        new DenseConvolution
        {
            Panels = _panels[index]!,
            Input = rows.Row(first * geometry.Stride - geometry.Padding),
            InputRowPitch = rows.Pitch,
            InputChannels = geometry.Inputs,
            InputRowStep = geometry.Stride * rows.Pitch,
            InputPixelStep = (nint)geometry.Stride * geometry.Inputs,
            KernelRows = geometry.Kernel,
            KernelColumns = geometry.Kernel,
            Output = to,
            OutputRowStep = pitch,
            OutputPixelStep = geometry.Outputs,
            Pictures = 1,
            Rows = end - first,
            Columns = stage.Convolved.Width,
            Relu = stage.Layer.Activation == Activation.Relu,
        }.RunAll();
    }

    private void ConvolveNarrow(int index, int first, int end, float* to, nint pitch)
    {
        FusedStage stage = _stages[index];
        ConvolutionGeometry geometry = stage.Layer.Geometry;
        int outputs = geometry.Outputs;
        int sumPitch = NarrowPitch(stage);
        float* sums = _scratch[index]!.Data;
        fixed (float* weights = stage.Layer.Weight.Values, bias = stage.Layer.Bias.Values)
        {
            NarrowKernel kernel = new()
            {
                ChannelPitch = sumPitch,
                RowPitch = _inputs[index].Pitch,
                Kernel = geometry.Kernel,
                Inputs = geometry.Inputs,
                Outputs = outputs,
                Weights = weights,
                Bias = bias,
                Sums = sums,
                SumPitch = sumPitch,
                Places = stage.Convolved.Width,
            };
            bool relu = stage.Layer.Activation == Activation.Relu;
            for (int row = first; row < end; row++, to += pitch)
            {
                kernel.Input = _inputs[index].Row(row - geometry.Padding);
                Backend.Current.Run(kernel);
                for (int output = 0; output < outputs; output++)
                {
                    float* from = sums + output * sumPitch;
                    for (int place = 0; place < stage.Convolved.Width; place++)
                    {
                        float value = from[place];
                        to[place * outputs + output] = relu && !(value > 0) ? 0 : value;
                    }
                }
            }
        }
    }

    private void Pool(int index, int first, int end, float* to, nint pitch)
    {
        FusedStage stage = _stages[index];
        int channels = stage.Convolved.Channels;
        nint length = (nint)stage.Convolved.Width * channels;
        float* top = _scratch[index]!.Data;
        for (int row = first; row < end; row++, to += pitch)
        {
            Convolve(index, 2 * row, 2 * row + 2, top, length);
            for (int place = 0; place < stage.Output.Width; place++)
            {
                float* left = top + 2 * place * channels;
                Backend.Current.LargestOfFour(left, left + channels, left + length, left + length + channels, to + place * channels, channels);
            }
        }
    }

    /// <summary>Adds a stage's input, its first channels, to what came of it.</summary>
    private void Add(int index, TensorShape output, int first, int end, float* to, nint pitch)
    {
        FusedStage stage = _stages[index];
        int channels = stage.Input.Channels;
        int places = output.Width;
        for (int row = first; row < end; row++, to += pitch)
        {
            float* from = _inputs[index].Row(row) + stage.Before * channels;
            if (channels == output.Channels)
            {
                ElementwiseSum.AddTo(new Span<float>(to, places * channels), new ReadOnlySpan<float>(from, places * channels));
                continue;
            }

            for (int place = 0; place < places; place++)
            {
                for (int channel = 0; channel < output.Channels; channel++)
                {
                    to[place * output.Channels + channel] += from[place * channels + channel];
                }
            }
        }
    }
}
