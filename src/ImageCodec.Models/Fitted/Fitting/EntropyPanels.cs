namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The entropy model's parameters as the kernels read them, forward and backward. What a layer adds to its input is part of its weights: x + Wx = (1 + W)x.
/// </summary>
internal sealed unsafe class EntropyPanels
{
    private readonly FittedLayout _layout;

    public EntropyPanels(FittedLayout layout)
    {
        _layout = layout;
        int n = FittedLayout.Inputs;
        First = new LayerPanel(n + 2, n);
        Second = new LayerPanel(n, n);
        Output = new LayerPanel(2, n);
        OutputBack = new LayerPanel(n, 2);
        SecondBack = new LayerPanel(n, n);
        FirstBack = new LayerPanel(n, n + 2);
        Features = Sets(() => new LayerPanel(FittedLayout.Features, FittedLayout.CoarseValues));
        FeaturesBack = Sets(() => new LayerPanel(FittedLayout.CoarseValues, FittedLayout.Features));
        new Span<float>(First.Floors, n).Clear();
        new Span<float>(Second.Floors, n).Clear();

        static LayerPanel[] Sets(Func<LayerPanel> make) => [.. Enumerable.Range(0, FittedLayout.FeatureSets).Select(_ => make())];
    }

    /// <summary>The first hidden layer, and two rows of what goes past both to mean and scale.</summary>
    public LayerPanel First { get; }

    public LayerPanel Second { get; }

    /// <summary>From the second hidden layer to mean and scale.</summary>
    public LayerPanel Output { get; }

    public LayerPanel OutputBack { get; }

    public LayerPanel SecondBack { get; }

    /// <summary>To the inputs, from the first hidden layer and from mean and scale.</summary>
    public LayerPanel FirstBack { get; }

    /// <summary>From coarser grids, for each set.</summary>
    public IReadOnlyList<LayerPanel> Features { get; }

    public IReadOnlyList<LayerPanel> FeaturesBack { get; }

    /// <summary>Takes over parameters.</summary>
    public void Set(ReadOnlySpan<float> parameters)
    {
        int n = FittedLayout.Inputs;
        for (int row = 0; row < n; row++)
        {
            for (int input = 0; input < n; input++)
            {
                float self = row == input ? 1 : 0;
                float first = self + parameters[_layout.Weights1 + row * n + input];
                float second = self + parameters[_layout.Weights2 + row * n + input];
                First.Set(row, input, first);
                FirstBack.Set(input, row, first);
                Second.Set(row, input, second);
                SecondBack.Set(input, row, second);
            }

            First.Starts[row] = parameters[_layout.Biases1 + row];
            Second.Starts[row] = parameters[_layout.Biases2 + row];
        }

        for (int row = 0; row < 2; row++)
        {
            for (int input = 0; input < n; input++)
            {
                float direct = parameters[_layout.DirectWeights + row * n + input];
                float weight = parameters[_layout.OutputWeights + row * n + input];
                First.Set(n + row, input, direct);
                FirstBack.Set(input, n + row, direct);
                Output.Set(row, input, weight);
                OutputBack.Set(input, row, weight);
            }

            First.Starts[n + row] = parameters[_layout.OutputBiases + row];
        }

        for (int set = 0; set < FittedLayout.FeatureSets; set++)
        {
            ReadOnlySpan<float> weights = parameters.Slice(_layout.FeatureSet(set), FittedLayout.FeatureSetLength);
            for (int feature = 0; feature < FittedLayout.Features; feature++)
            {
                for (int value = 0; value < FittedLayout.CoarseValues; value++)
                {
                    float weight = weights[feature * FittedLayout.CoarseValues + value];
                    Features[set].Set(feature, value, weight);
                    FeaturesBack[set].Set(value, feature, weight);
                }

                Features[set].Starts[feature] = weights[FittedLayout.Features * FittedLayout.CoarseValues + feature];
            }
        }
    }
}
