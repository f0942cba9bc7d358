namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Latents to start a fit with: grid by grid from the coarsest, as far down the slope of the error as a parabola says. It spares the first hundred or so of
/// iterations, which would only bring the latents to where they can be found at once.
/// </summary>
internal static class LatentStart
{
    /// <summary>The finest grid that is filled: finer ones cost more bits than they are worth before they are fitted.</summary>
    private const int FinestGrid = 2;

    /// <summary>Sets the latents of a fit.</summary>
    public static void Fill(PictureFit fit, CancellationToken cancellationToken)
    {
        LatentGrids grids = fit.Grids;
        for (int grid = grids.Values.Length - 1; grid >= FinestGrid; grid--)
        {
            double error = fit.DifferentiateError(cancellationToken);
            double slope = SquareSum(grids.Gradients[grid]);
            if (slope == 0)
            {
                continue;
            }

            // A parabola through the error here, its slope, and the error a step away.
            double step = 0.5 * error / slope;
            Move(grids, grid, step);
            double there = fit.WeightedError(fit.Parameters, cancellationToken);
            double curvature = (there - error + step * slope) / (step * step);
            Move(grids, grid, curvature > 0 ? Math.Min(slope / (2 * curvature), 4 * step) : step);
            if (fit.WeightedError(fit.Parameters, cancellationToken) >= error)
            {
                Move(grids, grid, 0);
            }

            for (int y = 0; y < grids.Values[grid].Height; y++)
            {
                grids.Values[grid].Values(y).CopyTo(grids.Latents(grid, y));
            }
        }
    }

    private static double SquareSum(GridPlane plane)
    {
        double sum = 0;
        for (int y = 0; y < plane.Height; y++)
        {
            foreach (float value in plane.Values(y))
            {
                sum += (double)value * value;
            }
        }

        return sum;
    }

    /// <summary>Sets what the networks see of a grid to its latents, moved down the gradient.</summary>
    private static void Move(LatentGrids grids, int grid, double step)
    {
        for (int y = 0; y < grids.Values[grid].Height; y++)
        {
            ReadOnlySpan<float> from = grids.Latents(grid, y);
            ReadOnlySpan<float> gradient = grids.Gradients[grid].Values(y);
            Span<float> to = grids.Values[grid].Values(y);
            for (int x = 0; x < to.Length; x++)
            {
                to[x] = Math.Clamp(from[x] - (float)step * gradient[x], -FittedLayout.MaxLatent, FittedLayout.MaxLatent);
            }
        }
    }
}
