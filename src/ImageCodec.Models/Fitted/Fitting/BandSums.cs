namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>The sums of lanes that a band's kernels add to, and what they mean for parameters.</summary>
internal sealed unsafe class BandSums
{
    private const int Colors = FittedLayout.Colors;
    private const int Inputs = FittedLayout.MaxGrids;
    private const int Taps = 9;

    private readonly FittedLayout _layout;
    private readonly PinnedFloats _memory;

    public BandSums(FittedLayout layout)
    {
        _layout = layout;
        int count = layout.Hidden * HiddenKernels.SumCount + HiddenKernels.DirectSumCount + Colors + 2 * (Colors + 1)
            + 2 * Colors * ColorFilterKernels.SumCount + FittedLayout.FilterTaps;
        _memory = new PinnedFloats(count * RowLayout.Block);
        Hidden = _memory.Data;
        Direct = Next(Hidden, layout.Hidden * HiddenKernels.SumCount);
        ColorBiases = Next(Direct, HiddenKernels.DirectSumCount);
        Outputs = Next(ColorBiases, Colors);
        FirstOutputs = Next(Outputs, Colors + 1);
        First = Next(FirstOutputs, Colors + 1);
        Second = Next(First, Colors * ColorFilterKernels.SumCount);
        FilterTaps = Next(Second, Colors * ColorFilterKernels.SumCount);

        static float* Next(float* start, int count) => start + count * RowLayout.Block;
    }

    /// <summary>For each hidden channel those of <see cref="HiddenKernels.SumCount"/>.</summary>
    public float* Hidden { get; }

    public float* Direct { get; }

    public float* ColorBiases { get; }

    /// <summary>The gradients by the outputs, and their squares.</summary>
    public float* Outputs { get; }

    /// <summary>The gradients by what the first filter gives, and their squares.</summary>
    public float* FirstOutputs { get; }

    /// <summary>For each input of the first filter those of <see cref="ColorFilterKernels.SumCount"/>.</summary>
    public float* First { get; }

    public float* Second { get; }

    /// <summary>The taps of the filter that doubles to full size.</summary>
    public float* FilterTaps { get; }

    public void Clear() => _memory.Span.Clear();

    /// <summary>The squared errors since the last call.</summary>
    public double TakeSquares()
    {
        double squares = RowSums.Sum(Outputs, Colors);
        new Span<float>(Outputs + Colors * RowLayout.Block, RowLayout.Block).Clear();
        return squares;
    }

    /// <summary>Writes the gradients by the parameters from <see cref="FittedLayout.FilterStart"/> on; those of filters 2 … 6 are left alone.</summary>
    public void WriteTo(Span<double> gradients)
    {
        int start = _layout.FilterStart;
        for (int i = 0; i < FittedLayout.FilterTaps; i++)
        {
            gradients[i] = RowSums.Sum(FilterTaps, i);
        }

        for (int i = 0; i < _layout.Hidden; i++)
        {
            float* sums = Hidden + i * HiddenKernels.SumCount * RowLayout.Block;
            for (int input = 0; input < Inputs; input++)
            {
                gradients[_layout.HiddenWeights - start + i * Inputs + input] = RowSums.Sum(sums, input);
            }

            gradients[_layout.HiddenBiases - start + i] = RowSums.Sum(sums, Inputs);
            for (int color = 0; color < Colors; color++)
            {
                gradients[_layout.ColorWeights - start + color * _layout.Hidden + i] = RowSums.Sum(sums, Inputs + 1 + color);
            }
        }

        for (int i = 0; i < Colors * Inputs; i++)
        {
            gradients[_layout.LinearWeights - start + i] = RowSums.Sum(Direct, i);
        }

        for (int color = 0; color < Colors; color++)
        {
            gradients[_layout.ColorBiases - start + color] = RowSums.Sum(ColorBiases, color);
            gradients[_layout.LinearBiases - start + color] = RowSums.Sum(Outputs, color);
            gradients[_layout.SecondFilterBiases - start + color] = RowSums.Sum(Outputs, color);
            gradients[_layout.FirstFilterBiases - start + color] = RowSums.Sum(FirstOutputs, color);
        }

        WriteFilter(First, gradients[(_layout.FirstFilter - start)..]);
        WriteFilter(Second, gradients[(_layout.SecondFilter - start)..]);
    }

    private static void WriteFilter(float* sums, Span<double> gradients)
    {
        for (int input = 0; input < Colors; input++)
        {
            for (int output = 0; output < Colors; output++)
            {
                for (int tap = 0; tap < Taps; tap++)
                {
                    gradients[(output * Colors + input) * Taps + tap] = RowSums.Sum(sums, input * ColorFilterKernels.SumCount + output * Taps + tap);
                }
            }
        }
    }
}
