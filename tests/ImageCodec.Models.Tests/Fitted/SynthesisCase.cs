using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>A picture, grids and parameters for tests of the synthesis, the same for the same size.</summary>
internal sealed class SynthesisCase
{
    public SynthesisCase(int size, int width, int height)
    {
        Layout = FittedLayout.All[size];
        Image = TestPicture.Create(width, height);
        Grids = new double[FittedLayout.GridCount(width, height)][,];
        RandomSource random = new(3, width, height);
        for (int grid = 0; grid < Grids.Length; grid++)
        {
            Grids[grid] = new double[FittedLayout.GridSide(height, grid), FittedLayout.GridSide(width, grid)];
            for (int y = 0; y < Grids[grid].GetLength(0); y++)
            {
                for (int x = 0; x < Grids[grid].GetLength(1); x++)
                {
                    Grids[grid][y, x] = random.NextSingle(-3, 3);
                }
            }
        }

        Parameters = new double[Layout.Count];
        Fill(Layout.FilterStart, Layout.HiddenWeights, 0.4f);
        Fill(Layout.HiddenWeights, Layout.HiddenBiases, 0.1f);
        Fill(Layout.HiddenBiases, Layout.ColorWeights, 0.1f);
        Fill(Layout.ColorWeights, Layout.ColorBiases, 0.2f);
        Fill(Layout.ColorBiases, Layout.LinearWeights, 0.2f);
        Fill(Layout.LinearWeights, Layout.FirstFilter, 0.05f);
        Fill(Layout.FirstFilter, Layout.Count, 0.15f);
        for (int grid = 1; grid < FittedLayout.MaxGrids; grid++)
        {
            Parameters[Layout.Filter(grid)] += 0.8f;
        }

        void Fill(int first, int end, float range)
        {
            for (int i = first; i < end; i++)
            {
                Parameters[i] = random.NextSingle(-range, range);
            }
        }
    }

    public FittedLayout Layout { get; }

    public RgbImage Image { get; }

    public double[][,] Grids { get; }

    public double[] Parameters { get; }

    public GridPlane[] Planes => [.. Grids.Select(CreatePlane)];

    public float[] FloatParameters => [.. Parameters.Select(value => (float)value)];

    /// <summary>The error with all gradients, which are added to ones: 1 everywhere before.</summary>
    public (double Error, GridPlane[] Gradients, float[] ParameterGradients) Run(int threads, Backend? backend = null, double weight = 1)
    {
        SynthesisPass pass = new(Layout, Image, threads, backend);
        GridPlane[] gradients = Planes;
        foreach (GridPlane plane in gradients)
        {
            for (int y = 0; y < plane.Height; y++)
            {
                plane.Values(y).Fill(1);
            }
        }

        float[] parameterGradients = new float[Layout.Count];
        Array.Fill(parameterGradients, 1);
        double error = pass.Run(Planes, FloatParameters, gradients, parameterGradients, weight, CancellationToken.None);
        return (error, gradients, parameterGradients);
    }

    private static GridPlane CreatePlane(double[,] values)
    {
        GridPlane plane = new(values.GetLength(1), values.GetLength(0));
        for (int y = 0; y < plane.Height; y++)
        {
            for (int x = 0; x < plane.Width; x++)
            {
                plane.Values(y)[x] = (float)values[y, x];
            }
        }

        return plane;
    }
}
