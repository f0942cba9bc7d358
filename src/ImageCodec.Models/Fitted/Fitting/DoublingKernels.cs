using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Doubling rows and columns by a filter of four taps, and the way back: gradients by what was doubled and by the taps. The half-size rows that are read
/// need two columns beyond each edge.
/// </summary>
internal static unsafe class DoublingKernels
{
    private const int Block = RowLayout.Block;

    /// <summary>Doubles a row; even and odd columns apart.</summary>
    /// <param name="from">The half-size row.</param>
    /// <param name="to">The even columns of the first block.</param>
    /// <param name="blocks">Blocks of 16 columns of the half-size row.</param>
    /// <param name="pair">From one block's even columns to those of the next one.</param>
    /// <param name="odd">From a block's even columns to its odd ones.</param>
    /// <param name="taps">The filter.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Horizontal<TVector, TSimd>(float* from, float* to, int blocks, int pair, int odd, float* taps)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector p0 = TSimd.Broadcast(taps[0]), p1 = TSimd.Broadcast(taps[1]), p2 = TSimd.Broadcast(taps[2]), p3 = TSimd.Broadcast(taps[3]);
        for (int block = 0; block < blocks; block++, from += Block, to += pair)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                TVector center = TSimd.Multiply(p0, TSimd.Load(from + i));
                TVector left = TSimd.Load(from + i - 1), right = TSimd.Load(from + i + 1);
                TVector even = TSimd.MultiplyAdd(p1, left, center);
                TVector other = TSimd.MultiplyAdd(p1, right, center);
                even = TSimd.MultiplyAdd(p2, right, even);
                other = TSimd.MultiplyAdd(p2, left, other);
                TSimd.Store(TSimd.MultiplyAdd(p3, TSimd.Load(from + i - 2), even), to + i);
                TSimd.Store(TSimd.MultiplyAdd(p3, TSimd.Load(from + i + 2), other), to + odd + i);
            }
        }
    }

    /// <summary>A row between four that were doubled: the sum of taps times rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vertical<TVector, TSimd>(float* a, float* b, float* c, float* d, float* to, int length, float* taps)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector p0 = TSimd.Broadcast(taps[0]), p1 = TSimd.Broadcast(taps[1]), p2 = TSimd.Broadcast(taps[2]), p3 = TSimd.Broadcast(taps[3]);
        for (nint i = 0; i < length; i += TSimd.Lanes)
        {
            TVector sum = TSimd.Multiply(p0, TSimd.Load(a + i));
            sum = TSimd.MultiplyAdd(p1, TSimd.Load(b + i), sum);
            sum = TSimd.MultiplyAdd(p2, TSimd.Load(c + i), sum);
            TSimd.Store(TSimd.MultiplyAdd(p3, TSimd.Load(d + i), sum), to + i);
        }
    }

    /// <summary>Adds to four sums of lanes, 16 floats each, the products of a gradient row and the four rows that it came from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddVerticalTaps<TVector, TSimd>(float* a, float* b, float* c, float* d, float* gradient, int length, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector s0 = TSimd.Load(sums), s1 = TSimd.Load(sums + Block), s2 = TSimd.Load(sums + 2 * Block), s3 = TSimd.Load(sums + 3 * Block);
        for (nint i = 0; i < length; i += TSimd.Lanes)
        {
            TVector g = TSimd.Load(gradient + i);
            s0 = TSimd.MultiplyAdd(g, TSimd.Load(a + i), s0);
            s1 = TSimd.MultiplyAdd(g, TSimd.Load(b + i), s1);
            s2 = TSimd.MultiplyAdd(g, TSimd.Load(c + i), s2);
            s3 = TSimd.MultiplyAdd(g, TSimd.Load(d + i), s3);
        }

        TSimd.Store(s0, sums);
        TSimd.Store(s1, sums + Block);
        TSimd.Store(s2, sums + 2 * Block);
        TSimd.Store(s3, sums + 3 * Block);
    }

    /// <summary>Gathers the gradient by a row from those of the eight doubled rows that it went into.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<TVector, TSimd>(float** rows, float* factors, int length, float* to)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        float* a = rows[0], b = rows[1], c = rows[2], d = rows[3], e = rows[4], f = rows[5], g = rows[6], h = rows[7];
        TVector p0 = TSimd.Broadcast(factors[0]), p1 = TSimd.Broadcast(factors[1]), p2 = TSimd.Broadcast(factors[2]), p3 = TSimd.Broadcast(factors[3]);
        TVector p4 = TSimd.Broadcast(factors[4]), p5 = TSimd.Broadcast(factors[5]), p6 = TSimd.Broadcast(factors[6]), p7 = TSimd.Broadcast(factors[7]);
        for (nint i = 0; i < length; i += TSimd.Lanes)
        {
            TVector left = TSimd.Multiply(p0, TSimd.Load(a + i));
            TVector right = TSimd.Multiply(p4, TSimd.Load(e + i));
            left = TSimd.MultiplyAdd(p1, TSimd.Load(b + i), left);
            right = TSimd.MultiplyAdd(p5, TSimd.Load(f + i), right);
            left = TSimd.MultiplyAdd(p2, TSimd.Load(c + i), left);
            right = TSimd.MultiplyAdd(p6, TSimd.Load(g + i), right);
            left = TSimd.MultiplyAdd(p3, TSimd.Load(d + i), left);
            right = TSimd.MultiplyAdd(p7, TSimd.Load(h + i), right);
            TSimd.Store(TSimd.Add(left, right), to + i);
        }
    }

    /// <summary>
    /// Undoes <see cref="Horizontal"/> for gradients: of the even and odd columns, with zeros beyond their ends, it makes that of the half-size row, but
    /// for what went beyond its ends; and adds the products with that row to the sums of the taps.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void HorizontalBack<TVector, TSimd>(float* even, float* odd, float* source, float* to, int length, float* taps, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector p0 = TSimd.Broadcast(taps[0]), p1 = TSimd.Broadcast(taps[1]), p2 = TSimd.Broadcast(taps[2]), p3 = TSimd.Broadcast(taps[3]);
        TVector s0 = TSimd.Load(sums), s1 = TSimd.Load(sums + Block), s2 = TSimd.Load(sums + 2 * Block), s3 = TSimd.Load(sums + 3 * Block);
        for (nint i = 0; i < length; i += TSimd.Lanes)
        {
            TVector e = TSimd.Load(even + i), o = TSimd.Load(odd + i);
            TVector both = TSimd.Add(e, o);
            TVector result = TSimd.Multiply(p0, both);
            result = TSimd.MultiplyAdd(p1, TSimd.Add(TSimd.Load(even + i + 1), TSimd.Load(odd + i - 1)), result);
            TVector far = TSimd.Multiply(p2, TSimd.Add(TSimd.Load(even + i - 1), TSimd.Load(odd + i + 1)));
            far = TSimd.MultiplyAdd(p3, TSimd.Add(TSimd.Load(even + i + 2), TSimd.Load(odd + i - 2)), far);
            TSimd.Store(TSimd.Add(result, far), to + i);

            TVector left = TSimd.Load(source + i - 1), right = TSimd.Load(source + i + 1);
            s0 = TSimd.MultiplyAdd(both, TSimd.Load(source + i), s0);
            s1 = TSimd.MultiplyAdd(e, left, s1);
            s2 = TSimd.MultiplyAdd(e, right, s2);
            s3 = TSimd.MultiplyAdd(e, TSimd.Load(source + i - 2), s3);
            s1 = TSimd.MultiplyAdd(o, right, s1);
            s2 = TSimd.MultiplyAdd(o, left, s2);
            s3 = TSimd.MultiplyAdd(o, TSimd.Load(source + i + 2), s3);
        }

        TSimd.Store(s0, sums);
        TSimd.Store(s1, sums + Block);
        TSimd.Store(s2, sums + 2 * Block);
        TSimd.Store(s3, sums + 3 * Block);
    }
}
