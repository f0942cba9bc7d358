using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The entropy model with real numbers as docs/format.md describes it, value by value.</summary>
internal sealed class EntropyReference(FittedLayout layout)
{
    /// <summary>All values, grid by grid and row by row.</summary>
    public required double[][,] Grids { get; init; }

    public required double[] Parameters { get; init; }

    /// <summary>Whether a scale was beyond its limits, where slopes are not differences of the bits.</summary>
    public bool IsClamped { get; private set; }

    public double Bits(int firstGrid = 0) => Enumerable.Range(firstGrid, Grids.Length - firstGrid).Sum(GridBits);

    public double GridBits(int grid)
    {
        double bits = 0;
        for (int y = 0; y < Grids[grid].GetLength(0); y++)
        {
            for (int x = 0; x < Grids[grid].GetLength(1); x++)
            {
                (double mean, double scale) = Predict(grid, x, y);
                IsClamped |= Math.Clamp(scale, -4.5, 7.5) != scale;
                bits += ValueBits(Grids[grid][y, x], mean, Math.Clamp(scale, -4.5, 7.5));
            }
        }

        return bits;
    }

    /// <summary>The share of the interval around a value, with the tail that stands for the integer coder's least probabilities.</summary>
    public static double ValueBits(double value, double mean, double scale)
    {
        double distance = Math.Abs(value - mean);
        double u = Math.Pow(2, -scale);
        double tailBits = 14 * Math.Max(distance, 1) + 1;
        double tailShare = Math.Pow(2, -15);
        if (distance < 0.5)
        {
            double sides = Math.Exp(-(0.5 - distance) * u) + Math.Exp(-(0.5 + distance) * u);
            return -Math.Log2((1 - tailShare) * (1 - sides / 2) + Math.Pow(2, -tailBits));
        }

        // As logarithms, since both parts may be smaller than any double.
        double bits = (distance - 0.5) * u * Math.Log2(Math.E) - Math.Log2((1 - tailShare) / 2 * (1 - Math.Exp(-u)));
        double less = Math.Min(bits, tailBits);
        return less - Math.Log2(Math.Pow(2, less - bits) + Math.Pow(2, less - tailBits));
    }

    private (double Mean, double Scale) Predict(int grid, int x, int y)
    {
        int n = FittedLayout.Inputs;
        double[] inputs = new double[n];
        for (int i = 0; i < FittedLayout.Contexts; i++)
        {
            (int dx, int dy) = FittedLayout.ContextOffsets[i];
            inputs[i] = At(grid, x + dx, y + dy);
        }

        Features(grid, x / 2, y / 2).CopyTo(inputs, FittedLayout.Contexts);
        double[] first = Hidden(inputs, layout.Weights1, layout.Biases1);
        double[] second = Hidden(first, layout.Weights2, layout.Biases2);
        double[] outputs = new double[2];
        for (int i = 0; i < 2; i++)
        {
            outputs[i] = Parameters[layout.OutputBiases + i];
            for (int j = 0; j < n; j++)
            {
                outputs[i] += Parameters[layout.OutputWeights + i * n + j] * second[j] + Parameters[layout.DirectWeights + i * n + j] * inputs[j];
            }
        }

        return (outputs[0], outputs[1]);
    }

    private double[] Hidden(double[] inputs, int weights, int biases)
    {
        double[] outputs = new double[inputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            double sum = Parameters[biases + i] + inputs[i];
            for (int j = 0; j < inputs.Length; j++)
            {
                sum += Parameters[weights + i * inputs.Length + j] * inputs[j];
            }

            outputs[i] = Math.Max(sum, 0);
        }

        return outputs;
    }

    private double[] Features(int grid, int x, int y)
    {
        double[] coarse = new double[11];
        for (int i = 0; i < 9; i++)
        {
            coarse[i] = At(grid + 1, x + i % 3 - 1, y + i / 3 - 1);
        }

        coarse[9] = At(grid + 2, x / 2, y / 2);
        coarse[10] = At(grid + 3, x / 4, y / 4);
        int set = layout.FeatureSet(grid);
        double[] features = new double[FittedLayout.Features];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = Parameters[set + FittedLayout.Features * 11 + i];
            for (int j = 0; j < 11; j++)
            {
                features[i] += Parameters[set + i * 11 + j] * coarse[j];
            }
        }

        return features;
    }

    private double At(int grid, int x, int y) =>
        grid < Grids.Length && x >= 0 && y >= 0 && y < Grids[grid].GetLength(0) && x < Grids[grid].GetLength(1) ? Grids[grid][y, x] : 0;
}
