namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Where the sums over positions stand that a band of rows leaves behind: bits, and the gradients of parameters, in rows of as many columns as
/// <see cref="ProductTile"/> works on.
/// </summary>
internal sealed class EntropySums
{
    private readonly FittedLayout _layout;

    public EntropySums(FittedLayout layout)
    {
        _layout = layout;
        int n = FittedLayout.Inputs;
        Columns = Pad(n, ProductTile.ColumnGroup);
        FeatureColumns = Pad(FittedLayout.CoarseValues + 1, ProductTile.ColumnGroup);
        First = 0;
        Second = First + (n + 2) * Columns;
        Output = Second + n * Columns;
        Features = Output + 2 * Columns;
        Biases1 = Features + FittedLayout.Features * FeatureColumns;
        Biases2 = Biases1 + n;
        Bits = Biases2 + n;
        Count = Pad(Bits + 3, 16);
    }

    /// <summary>Columns of the layers' rows, some of them without a meaning.</summary>
    public int Columns { get; }

    /// <summary>Columns of the features' rows: the coarse values, and a one for the bias.</summary>
    public int FeatureColumns { get; }

    /// <summary>Rows of the first layer, then of what goes from the inputs past the layers.</summary>
    public int First { get; }

    public int Second { get; }

    public int Output { get; }

    public int Features { get; }

    public int Biases1 { get; }

    public int Biases2 { get; }

    /// <summary>Bits, then the gradients of the output's two biases.</summary>
    public int Bits { get; }

    /// <summary>All; a multiple of the lanes of every vector.</summary>
    public int Count { get; }

    /// <summary>Adds what the bands of a grid have summed to the gradients of the parameters.</summary>
    public void AddTo(ReadOnlySpan<double> sums, int grid, Span<float> gradients)
    {
        int n = FittedLayout.Inputs;
        AddRows(sums[First..], Columns, gradients.Slice(_layout.Weights1, n * n), n);
        AddRows(sums[(First + n * Columns)..], Columns, gradients.Slice(_layout.DirectWeights, 2 * n), n);
        AddRows(sums[Second..], Columns, gradients.Slice(_layout.Weights2, n * n), n);
        AddRows(sums[Output..], Columns, gradients.Slice(_layout.OutputWeights, 2 * n), n);
        AddRows(sums[Biases1..], n, gradients.Slice(_layout.Biases1, n), n);
        AddRows(sums[Biases2..], n, gradients.Slice(_layout.Biases2, n), n);
        AddRows(sums[(Bits + 1)..], 2, gradients.Slice(_layout.OutputBiases, 2), 2);
        Span<float> features = gradients.Slice(_layout.FeatureSet(grid), FittedLayout.FeatureSetLength);
        int weights = FittedLayout.Features * FittedLayout.CoarseValues;
        AddRows(sums[Features..], FeatureColumns, features[..weights], FittedLayout.CoarseValues);
        AddRows(sums[(Features + FittedLayout.CoarseValues)..], FeatureColumns, features[weights..], 1);
    }

    private static void AddRows(ReadOnlySpan<double> sums, int columns, Span<float> gradients, int width)
    {
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] += (float)sums[i / width * columns + i % width];
        }
    }

    private static int Pad(int count, int unit) => (count + unit - 1) / unit * unit;
}
