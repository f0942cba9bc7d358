namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Takes the steps of all parameters of a layout: a <see cref="RotatedAdam"/> for each matrix and vector of them.</summary>
internal sealed class WeightOptimizer
{
    private readonly List<(int Start, int Rows, int Columns, RotatedAdam Optimizer)> _blocks = [];

    public WeightOptimizer(FittedLayout layout)
    {
        int n = FittedLayout.Inputs;
        int hidden = layout.Hidden;
        Add(layout.Weights1, n, n);
        Add(layout.Weights2, n, n);
        Add(layout.OutputWeights, 2, n);
        Add(layout.DirectWeights, 2, n);
        Add(layout.Biases1, n, 1);
        Add(layout.Biases2, n, 1);
        Add(layout.OutputBiases, 2, 1);
        for (int set = 0; set < FittedLayout.FeatureSets; set++)
        {
            int start = layout.FeatureSet(set);
            Add(start, FittedLayout.Features, FittedLayout.CoarseValues);
            Add(start + FittedLayout.Features * FittedLayout.CoarseValues, FittedLayout.Features, 1);
        }

        for (int grid = 1; grid < FittedLayout.MaxGrids; grid++)
        {
            Add(layout.Filter(grid), FittedLayout.FilterTaps, 1);
        }

        Add(layout.HiddenWeights, hidden, FittedLayout.MaxGrids);
        Add(layout.HiddenBiases, hidden, 1);
        Add(layout.ColorWeights, FittedLayout.Colors, hidden);
        Add(layout.ColorBiases, FittedLayout.Colors, 1);
        Add(layout.LinearWeights, FittedLayout.Colors, FittedLayout.MaxGrids);
        Add(layout.LinearBiases, FittedLayout.Colors, 1);
        Add(layout.FirstFilter, FittedLayout.Colors, FittedLayout.ColorFilter / FittedLayout.Colors);
        Add(layout.FirstFilterBiases, FittedLayout.Colors, 1);
        Add(layout.SecondFilter, FittedLayout.Colors, FittedLayout.ColorFilter / FittedLayout.Colors);
        Add(layout.SecondFilterBiases, FittedLayout.Colors, 1);

        void Add(int start, int rows, int columns) => _blocks.Add((start, rows, columns, new RotatedAdam(rows, columns)));
    }

    /// <summary>Takes a step down a gradient.</summary>
    /// <param name="parameters">All parameters of the layout; changed.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="rate">How far a step goes in each direction, about.</param>
    /// <param name="part">The parameters that may move: whole groups.</param>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, float rate, Range part)
    {
        (int first, int length) = part.GetOffsetAndLength(parameters.Length);
        foreach ((int start, int rows, int columns, RotatedAdam optimizer) in _blocks)
        {
            if (start >= first && start < first + length)
            {
                optimizer.Step(parameters.Slice(start, rows * columns), gradient.Slice(start, rows * columns), rate);
            }
        }
    }
}
