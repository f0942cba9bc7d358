namespace ImageCodec.Models.Fitted.Integers;

/// <summary>
/// The parameters of the entropy model as its kernels want them: weights of pairs of inputs in one integer, the lower half that of the first one, for blocks of
/// outputs side by side; what is missing in a pair or a block is zero.
/// </summary>
internal sealed unsafe class EntropyWeights
{
    /// <summary>Outputs of a layer that are computed together.</summary>
    public const int Block = 4;

    /// <summary>Fractional bits of inputs.</summary>
    public const int InputBits = 6;

    private const int LayerRounding = 1 << 9;
    private const int FeatureRounding = 1 << 3;
    private const int MeanRounding = 1 << 11;
    private const int ScaleRounding = 1 << 12;

    private readonly PinnedArray<int> _memory;
    private readonly int _featureSetLength;
    private readonly int* _features;

    public EntropyWeights(FittedLayout layout, ReadOnlySpan<short> parameters)
    {
        int inputs = FittedLayout.Inputs;
        Pairs = Half(inputs);
        Blocks = (inputs + Block - 1) / Block;
        int layer = Blocks * Block * (Pairs + 1);
        int output = 2 * (2 * Pairs + 1);
        _featureSetLength = 2 * Half(FittedLayout.Features) * (Half(FittedLayout.CoarseValues) + 1);
        _memory = new PinnedArray<int>(2 * layer + output + FittedLayout.FeatureSets * _featureSetLength);
        Layer1 = _memory.First;
        Layer2 = Layer1 + layer;
        Output = Layer2 + layer;
        _features = Output + output;
        Pack(parameters, layout.Weights1, layout.Biases1, inputs, inputs, Block, InputBits, LayerRounding, Layer1);
        Pack(parameters, layout.Weights2, layout.Biases2, inputs, inputs, Block, InputBits, LayerRounding, Layer2);
        int* end = Pack(parameters, layout.OutputWeights, layout.OutputBiases, 2, inputs, 2, InputBits, 0, Output);
        Output[0] += MeanRounding;
        Output[1] += ScaleRounding;
        PackPairs(parameters[layout.DirectWeights..], 2, inputs, 0, 2, end);
        for (int set = 0; set < FittedLayout.FeatureSets; set++)
        {
            int weights = layout.FeatureSet(set);
            int biases = weights + FittedLayout.Features * FittedLayout.CoarseValues;
            Pack(parameters, weights, biases, FittedLayout.Features, FittedLayout.CoarseValues, 2, 0, FeatureRounding, Features(set));
        }
    }

    /// <summary>Pairs of inputs of a layer.</summary>
    public int Pairs { get; }

    /// <summary>Blocks of outputs of a layer.</summary>
    public int Blocks { get; }

    /// <summary>For each block <see cref="Block"/> starts of sums, then for each pair the weights of the block's outputs.</summary>
    public int* Layer1 { get; }

    /// <summary>Likewise.</summary>
    public int* Layer2 { get; }

    /// <summary>Likewise with one block of two: the hidden pairs first, then those of the inputs.</summary>
    public int* Output { get; }

    /// <summary>Likewise with blocks of two, for the features of a grid.</summary>
    public int* Features(int grid) => _features + Math.Min(grid, FittedLayout.FeatureSets - 1) * _featureSetLength;

    /// <summary>Half of a number, rounded up.</summary>
    public static int Half(int count) => (count + 1) / 2;

    private static int* Pack(
        ReadOnlySpan<short> parameters, int weights, int biases, int outputs, int inputs, int block, int biasShift, int rounding, int* to)
    {
        for (int first = 0; first < outputs; first += block)
        {
            for (int i = 0; i < block; i++)
            {
                *to++ = first + i < outputs ? (parameters[biases + first + i] << biasShift) + rounding : 0;
            }

            to = PackPairs(parameters[weights..], outputs, inputs, first, block, to);
        }

        return to;
    }

    private static int* PackPairs(ReadOnlySpan<short> weights, int outputs, int inputs, int first, int block, int* to)
    {
        for (int input = 0; input < inputs; input += 2)
        {
            for (int output = first; output < first + block; output++)
            {
                int lower = output < outputs ? weights[output * inputs + input] : 0;
                int upper = output < outputs && input + 1 < inputs ? weights[output * inputs + input + 1] : 0;
                *to++ = (ushort)lower | upper << 16;
            }
        }

        return to;
    }
}
