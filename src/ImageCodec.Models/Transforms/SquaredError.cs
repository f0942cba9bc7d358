using System.Numerics;

namespace ImageCodec.Models.Transforms;

/// <summary>Squared error and its gradient in one pass.</summary>
internal static unsafe class SquaredError
{
    /// <summary>gradient = slope · (a − b).</summary>
    /// <returns>Σ (a − b)².</returns>
    public static double Run(float* a, float* b, float* gradient, nint length, float slope)
    {
        double sum = 0;
        nint i = 0;
        while (i <= length - Vector<float>.Count)
        {
            // Short runs in single precision, joined in double.
            Vector<float> partial = Vector<float>.Zero;
            nint end = Math.Min(length - Vector<float>.Count, i + 256 * Vector<float>.Count);
            for (; i <= end; i += Vector<float>.Count)
            {
                Vector<float> difference = Vector.Load(a + i) - Vector.Load(b + i);
                (difference * slope).Store(gradient + i);
                partial += difference * difference;
            }

            sum += Vector.Sum(partial);
        }

        for (; i < length; i++)
        {
            float difference = a[i] - b[i];
            gradient[i] = slope * difference;
            sum += difference * difference;
        }

        return sum;
    }
}
