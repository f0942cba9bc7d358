namespace ImageCodec;

/// <summary>
/// Piecewise cubic interpolation that never overshoots (Fritsch and Butland 1984): between two points it stays between their values.
/// </summary>
internal sealed class PchipCurve
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _slopes;

    /// <summary>Makes the curve through points.</summary>
    /// <param name="x">Strictly rising, at least two.</param>
    /// <param name="y">As many values.</param>
    public PchipCurve(double[] x, double[] y)
    {
        _x = x;
        _y = y;
        _slopes = Slopes(x, y);
    }

    public double Start => _x[0];

    public double End => _x[^1];

    /// <summary>The integral between two places from <see cref="Start"/> to <see cref="End"/>.</summary>
    public double Integrate(double from, double to)
    {
        double sum = 0;
        for (int i = 0; i < _x.Length - 1; i++)
        {
            double left = Math.Max(from, _x[i]);
            double right = Math.Min(to, _x[i + 1]);
            if (left < right)
            {
                // Simpson's rule is exact for cubics.
                sum += (right - left) / 6 * (Evaluate(i, left) + 4 * Evaluate(i, (left + right) / 2) + Evaluate(i, right));
            }
        }

        return sum;
    }

    private double Evaluate(int piece, double x)
    {
        double width = _x[piece + 1] - _x[piece];
        double t = (x - _x[piece]) / width;
        double s = 1 - t;
        return s * s * ((1 + 2 * t) * _y[piece] + t * width * _slopes[piece])
            + t * t * ((1 + 2 * s) * _y[piece + 1] - s * width * _slopes[piece + 1]);
    }

    /// <summary>Within: the weighted harmonic mean of the chords' slopes on both sides, or zero where they differ in sign.</summary>
    private static double[] Slopes(double[] x, double[] y)
    {
        int pieces = x.Length - 1;
        double[] widths = new double[pieces];
        double[] chords = new double[pieces];
        for (int i = 0; i < pieces; i++)
        {
            widths[i] = x[i + 1] - x[i];
            chords[i] = (y[i + 1] - y[i]) / widths[i];
        }

        double[] slopes = new double[x.Length];
        if (pieces == 1)
        {
            slopes[0] = slopes[1] = chords[0];
            return slopes;
        }

        for (int i = 1; i < pieces; i++)
        {
            if (chords[i - 1] * chords[i] > 0)
            {
                double before = 2 * widths[i] + widths[i - 1];
                double after = widths[i] + 2 * widths[i - 1];
                slopes[i] = (before + after) / (before / chords[i - 1] + after / chords[i]);
            }
        }

        slopes[0] = EndSlope(widths[0], widths[1], chords[0], chords[1]);
        slopes[pieces] = EndSlope(widths[pieces - 1], widths[pieces - 2], chords[pieces - 1], chords[pieces - 2]);
        return slopes;
    }

    /// <summary>The slope of the parabola through the last three points, held back where it would overshoot.</summary>
    private static double EndSlope(double width, double nextWidth, double chord, double nextChord)
    {
        double slope = ((2 * width + nextWidth) * chord - width * nextChord) / (width + nextWidth);
        if (slope * chord <= 0)
        {
            return 0;
        }

        return chord * nextChord <= 0 && Math.Abs(slope) > 3 * Math.Abs(chord) ? 3 * chord : slope;
    }
}
