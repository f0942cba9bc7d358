using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Rows to twice and to half as many values, and sums over lanes.</summary>
internal static unsafe class LaneSums
{
    private const int MaxLanes = 16;

    /// <summary>Puts every value twice.</summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">Its operations.</typeparam>
    /// <param name="source">Half as many values, and up to a vector more that may be read.</param>
    /// <param name="target">Has room for a whole number of pairs of vectors.</param>
    /// <param name="width">Values to write.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Double<TVector, TSimd>(float* source, float* target, int width)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (nint x = 0; x < width; x += 2 * TSimd.Lanes, source += TSimd.Lanes)
        {
            TVector value = TSimd.Load(source);
            TSimd.Store(TSimd.DoubleLow(value), target + x);
            TSimd.Store(TSimd.DoubleHigh(value), target + x + TSimd.Lanes);
        }
    }

    /// <summary>Adds the sums of pairs of neighbours to half as many values.</summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">Its operations.</typeparam>
    /// <param name="source">Zero from <paramref name="width"/> to a whole number of pairs of vectors.</param>
    /// <param name="target">What is added to.</param>
    /// <param name="width">Values of the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddHalved<TVector, TSimd>(float* source, float* target, int width)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (nint x = 0; x < width; x += 2 * TSimd.Lanes, target += TSimd.Lanes)
        {
            TVector pairs = TSimd.AddPairs(TSimd.Load(source + x), TSimd.Load(source + x + TSimd.Lanes));
            TSimd.Store(TSimd.Add(TSimd.Load(target), pairs), target);
        }
    }

    /// <summary>The sum over the lanes of each of some vectors; <paramref name="count"/> is a multiple of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reduce<TVector, TSimd>(float* vectors, int count, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* buffer = stackalloc float[MaxLanes * MaxLanes];
        int lanes = TSimd.Lanes;
        for (int i = 0; i < count; i += lanes, vectors += lanes * lanes)
        {
            float* from = vectors;
            for (int rest = lanes / 2; rest > 0; rest /= 2)
            {
                for (int pair = 0; pair < rest; pair++)
                {
                    TVector both = TSimd.AddPairs(TSimd.Load(from + 2 * pair * lanes), TSimd.Load(from + (2 * pair + 1) * lanes));
                    TSimd.Store(both, buffer + pair * lanes);
                }

                from = buffer;
            }

            TSimd.Store(TSimd.Load(from), sums + i);
        }
    }
}
