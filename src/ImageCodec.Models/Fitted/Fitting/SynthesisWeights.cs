namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>The parameters of upsampling and synthesis in the orders in which the kernels read them.</summary>
internal sealed unsafe class SynthesisWeights
{
    private const int Colors = FittedLayout.Colors;
    private const int Inputs = FittedLayout.MaxGrids;
    private const int Filter = FittedLayout.ColorFilter;
    private const int EdgeKinds = 4;

    private readonly FittedLayout _layout;
    private readonly PinnedFloats _memory;
    private readonly float* _taps;
    private readonly float* _firstBack;
    private readonly float* _secondBack;

    public SynthesisWeights(FittedLayout layout)
    {
        _layout = layout;
        int hidden = layout.Hidden * HiddenKernels.WeightStride;
        int taps = (FittedLayout.MaxGrids - 1) * FittedLayout.FilterTaps;
        int direct = Colors * Inputs + 2 * Colors;
        _memory = new PinnedFloats(hidden + taps + direct + 3 * Colors + 2 * (1 + EdgeKinds) * Filter);
        Hidden = _memory.Data;
        _taps = Hidden + hidden;
        Direct = _taps + taps;
        FirstBiases = Direct + direct;
        SecondBiases = FirstBiases + Colors;
        NoBiases = SecondBiases + Colors;
        First = NoBiases + Colors;
        Second = First + Filter;
        _firstBack = Second + Filter;
        _secondBack = _firstBack + EdgeKinds * Filter;
    }

    /// <summary>Those of the hidden channels, as <see cref="HiddenKernels"/> reads them.</summary>
    public float* Hidden { get; }

    /// <summary>Weights past the hidden layer, their biases, and the biases of the colours.</summary>
    public float* Direct { get; }

    /// <summary>The first filter of the colours: [input][row][output][column], with what it is added to.</summary>
    public float* First { get; }

    public float* FirstBiases { get; }

    public float* Second { get; }

    public float* SecondBiases { get; }

    /// <summary>Zeros.</summary>
    public float* NoBiases { get; }

    /// <summary>The taps that double a plane from the size of a grid.</summary>
    public float* Taps(int grid) => _taps + (grid - 1) * FittedLayout.FilterTaps;

    /// <summary>The first filter turned round, for gradients; in the top and bottom rows with what went to the rows beyond.</summary>
    public float* FirstBack(bool isTop, bool isBottom) => _firstBack + EdgeKind(isTop, isBottom) * Filter;

    /// <summary>The second filter turned round.</summary>
    public float* SecondBack(bool isTop, bool isBottom) => _secondBack + EdgeKind(isTop, isBottom) * Filter;

    /// <summary>Takes the values of all parameters.</summary>
    public void Set(ReadOnlySpan<float> parameters)
    {
        for (int i = 0; i < _layout.Hidden; i++)
        {
            Span<float> channel = new(Hidden + i * HiddenKernels.WeightStride, HiddenKernels.WeightStride);
            channel[0] = parameters[_layout.HiddenBiases + i];
            parameters.Slice(_layout.HiddenWeights + i * Inputs, Inputs).CopyTo(channel[1..]);
            for (int color = 0; color < Colors; color++)
            {
                channel[1 + Inputs + color] = parameters[_layout.ColorWeights + color * _layout.Hidden + i];
            }
        }

        Copy(parameters[_layout.FilterStart.._layout.HiddenWeights], _taps);
        Copy(parameters.Slice(_layout.LinearWeights, Colors * Inputs), Direct);
        Copy(parameters.Slice(_layout.LinearBiases, Colors), Direct + Colors * Inputs);
        Copy(parameters.Slice(_layout.ColorBiases, Colors), Direct + Colors * Inputs + Colors);
        Copy(parameters.Slice(_layout.FirstFilterBiases, Colors), FirstBiases);
        Copy(parameters.Slice(_layout.SecondFilterBiases, Colors), SecondBiases);
        SetFilter(parameters.Slice(_layout.FirstFilter, Filter), First, _firstBack);
        SetFilter(parameters.Slice(_layout.SecondFilter, Filter), Second, _secondBack);
    }

    private static int EdgeKind(bool isTop, bool isBottom) => (isTop ? 1 : 0) + (isBottom ? 2 : 0);

    private static void Copy(ReadOnlySpan<float> from, float* to) => from.CopyTo(new Span<float>(to, from.Length));

    private static void SetFilter(ReadOnlySpan<float> weights, float* forward, float* back)
    {
        for (int output = 0; output < Colors; output++)
        {
            for (int input = 0; input < Colors; input++)
            {
                for (int row = 0; row < 3; row++)
                {
                    for (int column = 0; column < 3; column++)
                    {
                        // A filter's result is added to its input: the weight of the middle is one higher.
                        float one = output == input && row == 1 && column == 1 ? 1 : 0;
                        float weight = weights[((output * Colors + input) * 3 + row) * 3 + column] + one;
                        forward[((input * 3 + row) * Colors + output) * 3 + column] = weight;
                        for (int kind = 0; kind < EdgeKinds; kind++)
                        {
                            back[kind * Filter + ((output * 3 + 2 - row) * Colors + input) * 3 + 2 - column] = weight;
                        }
                    }
                }
            }
        }

        // The top row was also read in place of the row above it, the bottom row in place of the one below.
        for (int kind = 1; kind < EdgeKinds; kind++)
        {
            for (int output = 0; output < Colors; output++)
            {
                for (int i = 0; i < Colors * 3; i++)
                {
                    float* middle = back + kind * Filter + (output * 3 + 1) * Colors * 3 + i;
                    *middle += ((kind & 1) != 0 ? middle[Colors * 3] : 0) + ((kind & 2) != 0 ? middle[-Colors * 3] : 0);
                }
            }
        }
    }
}
