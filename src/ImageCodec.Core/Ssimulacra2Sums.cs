using System.Numerics;
using System.Runtime.InteropServices;

namespace ImageCodec;

/// <summary>Sums of the errors of one channel on one scale, and of their fourth powers.</summary>
/// <remarks>Pixels are summed up in 16 sums by their columns, whatever the vectors' width, so that all machines get the same.</remarks>
internal sealed class Ssimulacra2Sums
{
    private const int Lanes = 16;
    private const int Maps = 3;

    private static readonly int s_vectors = Lanes / Vector<double>.Count;

    private readonly Vector<double>[] _sums = new Vector<double>[Maps * s_vectors];
    private readonly Vector<double>[] _fourthPowers = new Vector<double>[Maps * s_vectors];

    /// <summary>Adds errors.</summary>
    /// <param name="index">The vector's number in its row.</param>
    /// <param name="errors">The errors; zeros beyond the picture's edge.</param>
    public void Add(int index, Ssimulacra2Errors errors)
    {
        int lane = 2 * index & (s_vectors - 1);
        Add(lane, errors.Structure);
        Add(s_vectors + lane, errors.Ringing);
        Add(2 * s_vectors + lane, errors.Blurring);
    }

    /// <summary>Writes the means of the three maps over a number of pixels, and then the fourth roots of the means of their fourth powers.</summary>
    public void WriteNorms(double pixels, Span<double> norms)
    {
        for (int map = 0; map < Maps; map++)
        {
            norms[map] = Sum(_sums, map) / pixels;
            norms[Maps + map] = Math.Sqrt(Math.Sqrt(Sum(_fourthPowers, map) / pixels));
        }
    }

    private void Add(int place, Vector<float> error)
    {
        Vector.Widen(error, out Vector<double> low, out Vector<double> high);
        _sums[place] += low;
        _sums[place + 1] += high;
        low *= low;
        high *= high;
        _fourthPowers[place] += low * low;
        _fourthPowers[place + 1] += high * high;
    }

    private static double Sum(Vector<double>[] sums, int map)
    {
        double sum = 0;
        foreach (double lane in MemoryMarshal.Cast<Vector<double>, double>(sums.AsSpan(map * s_vectors, s_vectors)))
        {
            sum += lane;
        }

        return sum;
    }
}
