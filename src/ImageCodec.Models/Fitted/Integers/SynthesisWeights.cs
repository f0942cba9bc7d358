namespace ImageCodec.Models.Fitted.Integers;

/// <summary>The parameters of upsampling and synthesis as their kernels want them: pairs of weights in one integer, the lower half the first of them.</summary>
internal sealed unsafe class SynthesisWeights
{
    /// <summary>Pairs of channels; the last one's second weight is a bias.</summary>
    public const int ChannelPairs = (FittedLayout.MaxGrids + 1) / 2;

    /// <summary>Values that a 3×3 filter of the colours reads.</summary>
    public const int FilterInputs = 9 * FittedLayout.Colors;

    /// <summary>Fractional bits that the sums of the channels' direct way have more than colours.</summary>
    public const int ChannelBits = 10;

    /// <summary>Fractional bits that the sums of hidden channels have more than their values.</summary>
    public const int HiddenBits = 11;

    /// <summary>Fractional bits that the sums of hidden channels' values have more than colours.</summary>
    public const int ColorBits = 12;

    /// <summary>What the bias of the channels' pairs is multiplied with.</summary>
    public const short ChannelOne = 1 << ChannelBits;

    /// <summary>Fractional bits that these sums have more than the colours' biases.</summary>
    public const int ColorBiasBits = 10;

    /// <summary>What a filter's bias is multiplied with.</summary>
    public const short FilterOne = 1 << 10;

    private const int ColorRounding = 1 << ColorBits - 1;
    private const int FilterLength = (FilterInputs + 1) / 2 * FittedLayout.Colors;

    private readonly PinnedArray<int> _memory;
    private readonly int[] _taps = new int[2 * FittedLayout.MaxGrids];

    public SynthesisWeights(FittedLayout layout, ReadOnlySpan<short> parameters)
    {
        HiddenPairs = EntropyWeights.Half(layout.Hidden);
        int hidden = HiddenPairs * (2 * ChannelPairs + FittedLayout.Colors);
        int linear = FittedLayout.Colors * ChannelPairs;
        _memory = new PinnedArray<int>(hidden + linear + FittedLayout.Colors + 2 * FilterLength);
        Hidden = _memory.First;
        Linear = Hidden + hidden;
        ColorStarts = Linear + linear;
        FirstFilter = ColorStarts + FittedLayout.Colors;
        SecondFilter = FirstFilter + FilterLength;
        PackHidden(layout, parameters);
        for (int color = 0; color < FittedLayout.Colors; color++)
        {
            PackChannels(parameters, layout.LinearWeights, layout.LinearBiases, color, Linear + color * ChannelPairs);
            ColorStarts[color] = (parameters[layout.ColorBiases + color] << ColorBiasBits) + ColorRounding;
        }

        PackFilter(parameters[layout.FirstFilter..], parameters[layout.FirstFilterBiases..], FirstFilter);
        PackFilter(parameters[layout.SecondFilter..], parameters[layout.SecondFilterBiases..], SecondFilter);
        for (int i = 2; i < _taps.Length; i += 2)
        {
            ReadOnlySpan<short> taps = parameters.Slice(layout.Filter(i / 2), FittedLayout.FilterTaps);
            _taps[i] = Pair(taps[0], taps[1]);
            _taps[i + 1] = Pair(taps[2], taps[3]);
        }
    }

    /// <summary>Pairs of hidden channels.</summary>
    public int HiddenPairs { get; }

    /// <summary>For each pair of hidden channels the pairs of the first, those of the second, and what they add to each colour.</summary>
    public int* Hidden { get; }

    /// <summary>For each colour the pairs of the channels.</summary>
    public int* Linear { get; }

    /// <summary>What the colours' sums start from.</summary>
    public int* ColorStarts { get; }

    /// <summary>For each pair of the filter's inputs, the weights of the three colours.</summary>
    public int* FirstFilter { get; }

    /// <summary>Likewise.</summary>
    public int* SecondFilter { get; }

    /// <summary>The taps, near and far ones, that double a plane of a grid's size.</summary>
    public (int Near, int Far) Taps(int grid) => (_taps[2 * grid], _taps[2 * grid + 1]);

    private static int Pair(int first, int second) => (ushort)first | second << 16;

    private static void PackChannels(ReadOnlySpan<short> parameters, int weights, int biases, int output, int* to)
    {
        ReadOnlySpan<short> row = parameters.Slice(weights + output * FittedLayout.MaxGrids, FittedLayout.MaxGrids);
        for (int i = 0; i < ChannelPairs; i++)
        {
            to[i] = Pair(row[2 * i], 2 * i + 1 < row.Length ? row[2 * i + 1] : parameters[biases + output]);
        }
    }

    private static void PackFilter(ReadOnlySpan<short> weights, ReadOnlySpan<short> biases, int* to)
    {
        for (int input = 0; input < FilterInputs; input += 2)
        {
            for (int color = 0; color < FittedLayout.Colors; color++)
            {
                int at = color * FilterInputs + input;
                *to++ = Pair(weights[at], input + 1 < FilterInputs ? weights[at + 1] : biases[color]);
            }
        }
    }

    private void PackHidden(FittedLayout layout, ReadOnlySpan<short> parameters)
    {
        int* to = Hidden;
        for (int first = 0; first < layout.Hidden; first += 2)
        {
            bool isPair = first + 1 < layout.Hidden;
            PackChannels(parameters, layout.HiddenWeights, layout.HiddenBiases, first, to);
            if (isPair)
            {
                PackChannels(parameters, layout.HiddenWeights, layout.HiddenBiases, first + 1, to + ChannelPairs);
            }

            to += 2 * ChannelPairs;
            for (int color = 0; color < FittedLayout.Colors; color++)
            {
                int at = layout.ColorWeights + color * layout.Hidden + first;
                *to++ = Pair(parameters[at], isPair ? parameters[at + 1] : 0);
            }
        }
    }
}
