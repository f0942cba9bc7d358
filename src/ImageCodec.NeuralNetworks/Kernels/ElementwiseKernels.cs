using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Loops over single values, vectors first and the rest lane by lane. Both do the same operations, so the bits are the same for every vector width.
/// </summary>
internal static unsafe class ElementwiseKernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid<TVector, TSimd>(float* values, nint length)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint i = 0;
        for (; i <= length - TSimd.Lanes; i += TSimd.Lanes)
        {
            TSimd.Store(Sigmoid<TVector, TSimd>(TSimd.Load(values + i)), values + i);
        }

        for (; i < length; i++)
        {
            values[i] = Sigmoid<float, SimdScalar>(values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LargestOfFour<TVector, TSimd>(float* a, float* b, float* c, float* d, float* result, nint length)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint i = 0;
        for (; i <= length - TSimd.Lanes; i += TSimd.Lanes)
        {
            TVector top = Larger<TVector, TSimd>(TSimd.Load(a + i), TSimd.Load(b + i));
            TVector bottom = Larger<TVector, TSimd>(TSimd.Load(c + i), TSimd.Load(d + i));
            TSimd.Store(Larger<TVector, TSimd>(top, bottom), result + i);
        }

        for (; i < length; i++)
        {
            result[i] = Larger<float, SimdScalar>(Larger<float, SimdScalar>(a[i], b[i]), Larger<float, SimdScalar>(c[i], d[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Larger<TVector, TSimd>(TVector a, TVector b)
        where TVector : struct
        where TSimd : struct, ISimd<TVector> => TSimd.SelectGreater(a, b, a, b);

    /// <summary>
    /// e^x = 2^n · e^r with n the nearest integer to x / ln 2 and e^r a polynomial of degree 6 on |r| ≤ ln 2 / 2;
    /// the argument is kept within ±30, where the sigmoid has long reached 0 or 1 for 8-bit pixels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sigmoid<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector one = TSimd.Broadcast(1);
        TVector limit = TSimd.Broadcast(30);
        TVector lower = TSimd.Broadcast(-30);
        x = TSimd.Subtract(TSimd.Broadcast(0), x);
        x = TSimd.SelectGreater(limit, x, x, limit);
        x = TSimd.SelectGreater(x, lower, x, lower);

        TVector magic = TSimd.Broadcast(12582912f);
        TVector shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(1.44269504f), magic);
        TVector n = TSimd.Subtract(shifted, magic);

        // ln 2 in two parts, the first with enough trailing zeros to make n times it exact.
        TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-0.693359375f), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(2.12194440e-4f), r);

        TVector p = TSimd.Broadcast(1f / 720);
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 120));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 24));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 6));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(0.5f));
        p = TSimd.MultiplyAdd(p, r, one);
        p = TSimd.MultiplyAdd(p, r, one);
        return TSimd.Divide(one, TSimd.Add(one, TSimd.Scale(p, shifted)));
    }
}
