using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>Random grids and parameters, for the pass and for the reference.</summary>
internal sealed class EntropyCase
{
    private readonly FittedLayout _layout;
    private readonly int _width;
    private readonly int _height;

    public EntropyCase(FittedLayout layout, int width, int height, int seed = 1)
    {
        (_layout, _width, _height) = (layout, width, height);
        RandomSource random = new(seed);
        Planes = MakePlanes();
        foreach (GridPlane plane in Planes)
        {
            for (int y = 0; y < plane.Height; y++)
            {
                foreach (ref float value in plane.Values(y))
                {
                    // Mostly small values, a few far out.
                    float size = random.NextSingle() < 0.02f ? 8 : 2;
                    value = size * random.NextNormal();
                }
            }
        }

        Parameters = new float[layout.Count];
        foreach (ref float value in Parameters.AsSpan())
        {
            value = 0.05f * random.NextNormal();
        }

        Reference = new EntropyReference(layout)
        {
            Grids = [.. Planes.Select(ToArray)],
            Parameters = [.. Parameters.Select(value => (double)value)],
        };
    }

    public GridPlane[] Planes { get; }

    public float[] Parameters { get; }

    public EntropyReference Reference { get; }

    public (double Bits, GridPlane[] Gradients, float[] ParameterGradients, double[] GridBits) Run(Backend? backend = null, int threads = 1, int firstGrid = 0)
    {
        GridPlane[] gradients = MakePlanes();
        float[] parameterGradients = new float[_layout.Count];
        EntropyPass pass = new(_layout, _width, _height, threads, backend);

        // Twice, so that nothing may be left over from the first run.
        pass.Run(Planes, Parameters, MakePlanes(), new float[_layout.Count], firstGrid: 0);
        double bits = pass.Run(Planes, Parameters, gradients, parameterGradients, firstGrid);
        return (bits, gradients, parameterGradients, [.. pass.GridBits]);
    }

    public GridPlane[] MakePlanes() =>
    [
        .. Enumerable.Range(0, FittedLayout.GridCount(_width, _height))
            .Select(grid => new GridPlane(FittedLayout.GridSide(_width, grid), FittedLayout.GridSide(_height, grid))),
    ];

    private static double[,] ToArray(GridPlane plane)
    {
        double[,] values = new double[plane.Height, plane.Width];
        for (int y = 0; y < plane.Height; y++)
        {
            for (int x = 0; x < plane.Width; x++)
            {
                values[y, x] = plane.Values(y)[x];
            }
        }

        return values;
    }
}
