namespace ImageCodec.Models.Fitted;

/// <summary>
/// The decoder networks of a fitted file: how many channels they have, and where each of their parameters stands among all of them, which is also the
/// order in which a file holds them. docs/format.md says what they do.
/// </summary>
internal sealed class FittedLayout
{
    /// <summary>Grids at most: from full size down to 1:64.</summary>
    public const int MaxGrids = 7;

    /// <summary>Values of the same grid that the entropy model sees.</summary>
    public const int Contexts = 14;

    /// <summary>Features of coarser grids that it sees.</summary>
    public const int Features = 6;

    /// <summary>All that it sees, and the width of its hidden layers.</summary>
    public const int Inputs = Contexts + Features;

    /// <summary>Values of coarser grids from which features are made: 3×3 of the next one, one of each of the two after it.</summary>
    public const int CoarseValues = 11;

    /// <summary>Parameters of a feature set.</summary>
    public const int FeatureSetLength = Features * (CoarseValues + 1);

    /// <summary>Sets of feature weights: for the two finest grids, and for all others together.</summary>
    public const int FeatureSets = 3;

    /// <summary>Taps of an upsampling filter.</summary>
    public const int FilterTaps = 4;

    /// <summary>Fractional bits that latent values get before they are upsampled.</summary>
    public const int LatentBits = 8;

    /// <summary>The largest magnitude of a latent value that upsampling does not cut.</summary>
    public const int MaxLatent = (1 << 15 - LatentBits) - 1;

    /// <summary>Colour channels.</summary>
    public const int Colors = 3;

    /// <summary>Weights of a 3×3 convolution of the colour channels.</summary>
    public const int ColorFilter = Colors * Colors * 9;

    /// <summary>Groups of parameters; each has a precision of its own in the file.</summary>
    public const int GroupCount = 7;

    private static readonly (int X, int Y)[] s_contexts =
    [
        (-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0), (0, -2), (2, -1),
        (-2, -1), (-1, -2), (1, -2), (-3, 0), (0, -3), (-2, -2), (2, -2),
    ];

    private readonly int[] _groupStarts;

    private FittedLayout(int size, string name, int hidden)
    {
        Size = size;
        Name = name;
        Hidden = hidden;
        const int n = Inputs;
        int position = 0;
        Weights1 = Take(n * n);
        Weights2 = Take(n * n);
        OutputWeights = Take(2 * n);
        DirectWeights = Take(2 * n);
        Biases1 = Take(n);
        Biases2 = Take(n);
        OutputBiases = Take(2);
        FeatureStart = Take(FeatureSets * FeatureSetLength);
        FilterStart = Take((MaxGrids - 1) * FilterTaps);
        HiddenWeights = Take(hidden * MaxGrids);
        HiddenBiases = Take(hidden);
        ColorWeights = Take(Colors * hidden);
        ColorBiases = Take(Colors);
        LinearWeights = Take(Colors * MaxGrids);
        LinearBiases = Take(Colors);
        FirstFilter = Take(ColorFilter);
        FirstFilterBiases = Take(Colors);
        SecondFilter = Take(ColorFilter);
        SecondFilterBiases = Take(Colors);
        Count = position;
        _groupStarts = [Weights1, Biases1, FeatureStart, FilterStart, HiddenWeights, ColorWeights, FirstFilter, Count];

        int Take(int count)
        {
            int start = position;
            position += count;
            return start;
        }
    }

    /// <summary>The one whose synthesis is narrower. Files may have it; the encoder does not, since the other one gives smaller files (docs/lab/fitted.md).</summary>
    public static FittedLayout Small { get; } = new(size: 0, "small", hidden: 16);

    /// <summary>The one that files are written with.</summary>
    public static FittedLayout Large { get; } = new(size: 1, "large", hidden: 48);

    /// <summary>All there are, each at the place of its <see cref="Size"/>.</summary>
    public static IReadOnlyList<FittedLayout> All { get; } = [Small, Large];

    /// <summary>The number by which a file names it.</summary>
    public int Size { get; }

    /// <summary>What its priors are called.</summary>
    public string Name { get; }

    /// <summary>Hidden channels of the synthesis.</summary>
    public int Hidden { get; }

    /// <summary>[inputs][inputs], the output first, as all weights.</summary>
    public int Weights1 { get; }

    /// <summary>[inputs][inputs].</summary>
    public int Weights2 { get; }

    /// <summary>[2][inputs]: of the mean, then of the scale.</summary>
    public int OutputWeights { get; }

    /// <summary>[2][inputs]: past the hidden layers.</summary>
    public int DirectWeights { get; }

    public int Biases1 { get; }

    public int Biases2 { get; }

    public int OutputBiases { get; }

    /// <summary>For each set, [features][<see cref="CoarseValues"/>] and then the biases.</summary>
    public int FeatureStart { get; }

    /// <summary>[6][<see cref="FilterTaps"/>]: the filter that leads to full size first.</summary>
    public int FilterStart { get; }

    /// <summary>[hidden][7].</summary>
    public int HiddenWeights { get; }

    public int HiddenBiases { get; }

    /// <summary>[3][hidden].</summary>
    public int ColorWeights { get; }

    public int ColorBiases { get; }

    /// <summary>[3][7]: past the hidden layer and the filters.</summary>
    public int LinearWeights { get; }

    public int LinearBiases { get; }

    /// <summary>[3][3][3][3]: output, input, row, column.</summary>
    public int FirstFilter { get; }

    public int FirstFilterBiases { get; }

    /// <summary>[3][3][3][3].</summary>
    public int SecondFilter { get; }

    public int SecondFilterBiases { get; }

    /// <summary>All parameters.</summary>
    public int Count { get; }

    /// <summary>Where the entropy model's same-grid inputs lie, seen from the value that is predicted.</summary>
    public static ReadOnlySpan<(int X, int Y)> ContextOffsets => s_contexts;

    /// <summary>Where the weights of a feature set begin; the biases follow them.</summary>
    public int FeatureSet(int grid) => FeatureStart + Math.Min(grid, FeatureSets - 1) * FeatureSetLength;

    /// <summary>Where the filter begins that doubles a plane from the size of a grid (1 … 6).</summary>
    public int Filter(int grid) => FilterStart + (grid - 1) * FilterTaps;

    /// <summary>The parameters of a group.</summary>
    public Range Group(int group) => _groupStarts[group].._groupStarts[group + 1];

    /// <summary>Fractional bits of a parameter's integer.</summary>
    public int FractionalBits(int parameter)
    {
        return parameter switch
        {
            _ when parameter < FilterStart => 10,
            _ when parameter < HiddenWeights => 12,
            _ when parameter < HiddenBiases => 15,
            _ when parameter < ColorWeights => 13,
            _ when parameter < ColorBiases => 12,
            _ when parameter < LinearWeights => 14,
            _ when parameter < LinearBiases => 16,
            _ when parameter < FirstFilter => 14,
            _ when parameter < FirstFilterBiases => 12,
            _ when parameter < SecondFilter => 14,
            _ when parameter < SecondFilterBiases => 12,
            _ => 14,
        };
    }

    /// <summary>Keeps parameters within what a file can hold of them.</summary>
    public void Confine(Span<float> parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            float largest = (float)short.MaxValue / (1 << FractionalBits(i));
            parameters[i] = Math.Clamp(parameters[i], -largest, largest);
        }
    }

    /// <summary>How many grids a picture has.</summary>
    public static int GridCount(int width, int height)
    {
        int bits = 32 - int.LeadingZeroCount(Math.Max(width, height));
        return 1 + Math.Clamp(bits - 3, 0, MaxGrids - 1);
    }

    /// <summary>A side of a grid.</summary>
    public static int GridSide(int side, int grid) => (int)(((long)side + (1L << grid) - 1) >> grid);
}
