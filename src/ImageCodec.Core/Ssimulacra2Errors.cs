using System.Numerics;

namespace ImageCodec;

/// <summary>The three errors of SSIMULACRA2 at some pixels of one channel, each from 0 on.</summary>
/// <param name="Structure">How far the structural similarity, without its denominator of means, is from 1.</param>
/// <param name="Ringing">How much farther from the local mean the restored value is than the original one.</param>
/// <param name="Blurring">How much nearer.</param>
internal readonly record struct Ssimulacra2Errors(Vector<float> Structure, Vector<float> Ringing, Vector<float> Blurring)
{
    private const float C2 = 0.0009f;

    /// <summary>Works the errors out from values a and b and the local means of a, b, a², b² and ab.</summary>
    public static Ssimulacra2Errors Of(
        Vector<float> a, Vector<float> b, Vector<float> meanA, Vector<float> meanB, Vector<float> meanAa, Vector<float> meanBb, Vector<float> meanAb)
    {
        Vector<float> difference = meanA - meanB;
        Vector<float> luminance = Vector<float>.One - difference * difference;
        Vector<float> covariance = (meanAb - meanA * meanB) * 2 + new Vector<float>(C2);
        Vector<float> variances = meanAa - meanA * meanA + (meanBb - meanB * meanB) + new Vector<float>(C2);
        Vector<float> structure = Vector<float>.One - luminance * covariance / variances;

        // (1 + |b|) / (1 + |a|) − 1, without the rounding near 1.
        Vector<float> detail = Vector.Abs(a - meanA);
        Vector<float> gain = (Vector.Abs(b - meanB) - detail) / (Vector<float>.One + detail);
        return new Ssimulacra2Errors(
            Vector.Max(structure, Vector<float>.Zero), Vector.Max(gain, Vector<float>.Zero), Vector.Max(-gain, Vector<float>.Zero));
    }
}
