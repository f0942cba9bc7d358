using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The 3×3 filters of the colours and their gradients, on planar rows. A position's left neighbour is an odd column where it is an even one and the other
/// way round, so that even and odd columns together need four vectors for what would be six.
/// </summary>
internal static unsafe class ColorFilterKernels
{
    /// <summary>Sums of the gradients by the weights of one input colour: [output][row][column].</summary>
    public const int SumCount = Colors * Taps;

    private const int Colors = FittedLayout.Colors;
    private const int Taps = 9;
    private const int Block = RowLayout.Block;

    /// <summary>Filters a row.</summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">Its operations.</typeparam>
    /// <typeparam name="TEnd">What is done with the results.</typeparam>
    /// <param name="above">The row above: its first even column.</param>
    /// <param name="row">The row itself.</param>
    /// <param name="below">The row below.</param>
    /// <param name="layout">How rows lie.</param>
    /// <param name="weights">[input][row][output][column].</param>
    /// <param name="biases">One for each output.</param>
    /// <param name="end">What is done with the results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TSimd, TEnd>(float* above, float* row, float* below, RowLayout layout, float* weights, float* biases, TEnd end)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TEnd : struct, IColorEnd
    {
        nint channel = layout.Channel, segment = layout.Segment;
        float** rows = stackalloc float*[Taps];
        for (int i = 0; i < Colors; i++)
        {
            rows[3 * i] = above + i * channel;
            rows[3 * i + 1] = row + i * channel;
            rows[3 * i + 2] = below + i * channel;
        }

        for (nint i = 0; i < layout.Padded; i += TSimd.Lanes)
        {
            TVector e0 = TSimd.Broadcast(biases[0]), o0 = e0;
            TVector e1 = TSimd.Broadcast(biases[1]), o1 = e1;
            TVector e2 = TSimd.Broadcast(biases[2]), o2 = e2;
            float* w = weights;
            for (int tap = 0; tap < Taps; tap++, w += Taps)
            {
                float* at = rows[tap] + i;
                TVector left = TSimd.Load(at + segment - 1), even = TSimd.Load(at), odd = TSimd.Load(at + segment), right = TSimd.Load(at + 1);
                TVector v;
                v = TSimd.Broadcast(w[0]); e0 = TSimd.MultiplyAdd(v, left, e0); o0 = TSimd.MultiplyAdd(v, even, o0);
                v = TSimd.Broadcast(w[1]); e0 = TSimd.MultiplyAdd(v, even, e0); o0 = TSimd.MultiplyAdd(v, odd, o0);
                v = TSimd.Broadcast(w[2]); e0 = TSimd.MultiplyAdd(v, odd, e0); o0 = TSimd.MultiplyAdd(v, right, o0);
                v = TSimd.Broadcast(w[3]); e1 = TSimd.MultiplyAdd(v, left, e1); o1 = TSimd.MultiplyAdd(v, even, o1);
                v = TSimd.Broadcast(w[4]); e1 = TSimd.MultiplyAdd(v, even, e1); o1 = TSimd.MultiplyAdd(v, odd, o1);
                v = TSimd.Broadcast(w[5]); e1 = TSimd.MultiplyAdd(v, odd, e1); o1 = TSimd.MultiplyAdd(v, right, o1);
                v = TSimd.Broadcast(w[6]); e2 = TSimd.MultiplyAdd(v, left, e2); o2 = TSimd.MultiplyAdd(v, even, o2);
                v = TSimd.Broadcast(w[7]); e2 = TSimd.MultiplyAdd(v, even, e2); o2 = TSimd.MultiplyAdd(v, odd, o2);
                v = TSimd.Broadcast(w[8]); e2 = TSimd.MultiplyAdd(v, odd, e2); o2 = TSimd.MultiplyAdd(v, right, o2);
            }

            end.Put<TVector, TSimd>(0, i, e0, o0);
            end.Put<TVector, TSimd>(1, i, e1, o1);
            end.Put<TVector, TSimd>(2, i, e2, o2);
        }
    }

    /// <summary>Gradients by the weights of one input colour.</summary>
    /// <param name="above">The input's row above: its first even column.</param>
    /// <param name="row">The row itself.</param>
    /// <param name="below">The row below.</param>
    /// <param name="layout">How rows lie.</param>
    /// <param name="gradient">The gradient by the outputs.</param>
    /// <param name="sums">Added to: <see cref="SumCount"/> sums of lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddWeights<TVector, TSimd>(float* above, float* row, float* below, RowLayout layout, float* gradient, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint channel = layout.Channel, segment = layout.Segment;
        TVector s00 = TSimd.Load(sums + 0 * Block);
        TVector s01 = TSimd.Load(sums + 1 * Block);
        TVector s02 = TSimd.Load(sums + 2 * Block);
        TVector s03 = TSimd.Load(sums + 3 * Block);
        TVector s04 = TSimd.Load(sums + 4 * Block);
        TVector s05 = TSimd.Load(sums + 5 * Block);
        TVector s06 = TSimd.Load(sums + 6 * Block);
        TVector s07 = TSimd.Load(sums + 7 * Block);
        TVector s08 = TSimd.Load(sums + 8 * Block);
        TVector s10 = TSimd.Load(sums + 9 * Block);
        TVector s11 = TSimd.Load(sums + 10 * Block);
        TVector s12 = TSimd.Load(sums + 11 * Block);
        TVector s13 = TSimd.Load(sums + 12 * Block);
        TVector s14 = TSimd.Load(sums + 13 * Block);
        TVector s15 = TSimd.Load(sums + 14 * Block);
        TVector s16 = TSimd.Load(sums + 15 * Block);
        TVector s17 = TSimd.Load(sums + 16 * Block);
        TVector s18 = TSimd.Load(sums + 17 * Block);
        TVector s20 = TSimd.Load(sums + 18 * Block);
        TVector s21 = TSimd.Load(sums + 19 * Block);
        TVector s22 = TSimd.Load(sums + 20 * Block);
        TVector s23 = TSimd.Load(sums + 21 * Block);
        TVector s24 = TSimd.Load(sums + 22 * Block);
        TVector s25 = TSimd.Load(sums + 23 * Block);
        TVector s26 = TSimd.Load(sums + 24 * Block);
        TVector s27 = TSimd.Load(sums + 25 * Block);
        TVector s28 = TSimd.Load(sums + 26 * Block);
        for (nint i = 0; i < layout.Padded; i += TSimd.Lanes)
        {
            TVector d0 = TSimd.Load(gradient + i), d1 = TSimd.Load(gradient + channel + i), d2 = TSimd.Load(gradient + 2 * channel + i);
            TVector v;
            v = TSimd.Load(above + segment + i - 1); s00 = TSimd.MultiplyAdd(d0, v, s00); s10 = TSimd.MultiplyAdd(d1, v, s10); s20 = TSimd.MultiplyAdd(d2, v, s20);
            v = TSimd.Load(above + i); s01 = TSimd.MultiplyAdd(d0, v, s01); s11 = TSimd.MultiplyAdd(d1, v, s11); s21 = TSimd.MultiplyAdd(d2, v, s21);
            v = TSimd.Load(above + segment + i); s02 = TSimd.MultiplyAdd(d0, v, s02); s12 = TSimd.MultiplyAdd(d1, v, s12); s22 = TSimd.MultiplyAdd(d2, v, s22);
            v = TSimd.Load(row + segment + i - 1); s03 = TSimd.MultiplyAdd(d0, v, s03); s13 = TSimd.MultiplyAdd(d1, v, s13); s23 = TSimd.MultiplyAdd(d2, v, s23);
            v = TSimd.Load(row + i); s04 = TSimd.MultiplyAdd(d0, v, s04); s14 = TSimd.MultiplyAdd(d1, v, s14); s24 = TSimd.MultiplyAdd(d2, v, s24);
            v = TSimd.Load(row + segment + i); s05 = TSimd.MultiplyAdd(d0, v, s05); s15 = TSimd.MultiplyAdd(d1, v, s15); s25 = TSimd.MultiplyAdd(d2, v, s25);
            v = TSimd.Load(below + segment + i - 1); s06 = TSimd.MultiplyAdd(d0, v, s06); s16 = TSimd.MultiplyAdd(d1, v, s16); s26 = TSimd.MultiplyAdd(d2, v, s26);
            v = TSimd.Load(below + i); s07 = TSimd.MultiplyAdd(d0, v, s07); s17 = TSimd.MultiplyAdd(d1, v, s17); s27 = TSimd.MultiplyAdd(d2, v, s27);
            v = TSimd.Load(below + segment + i); s08 = TSimd.MultiplyAdd(d0, v, s08); s18 = TSimd.MultiplyAdd(d1, v, s18); s28 = TSimd.MultiplyAdd(d2, v, s28);
            d0 = TSimd.Load(gradient + segment + i);
            d1 = TSimd.Load(gradient + channel + segment + i);
            d2 = TSimd.Load(gradient + 2 * channel + segment + i);
            v = TSimd.Load(above + i); s00 = TSimd.MultiplyAdd(d0, v, s00); s10 = TSimd.MultiplyAdd(d1, v, s10); s20 = TSimd.MultiplyAdd(d2, v, s20);
            v = TSimd.Load(above + segment + i); s01 = TSimd.MultiplyAdd(d0, v, s01); s11 = TSimd.MultiplyAdd(d1, v, s11); s21 = TSimd.MultiplyAdd(d2, v, s21);
            v = TSimd.Load(above + i + 1); s02 = TSimd.MultiplyAdd(d0, v, s02); s12 = TSimd.MultiplyAdd(d1, v, s12); s22 = TSimd.MultiplyAdd(d2, v, s22);
            v = TSimd.Load(row + i); s03 = TSimd.MultiplyAdd(d0, v, s03); s13 = TSimd.MultiplyAdd(d1, v, s13); s23 = TSimd.MultiplyAdd(d2, v, s23);
            v = TSimd.Load(row + segment + i); s04 = TSimd.MultiplyAdd(d0, v, s04); s14 = TSimd.MultiplyAdd(d1, v, s14); s24 = TSimd.MultiplyAdd(d2, v, s24);
            v = TSimd.Load(row + i + 1); s05 = TSimd.MultiplyAdd(d0, v, s05); s15 = TSimd.MultiplyAdd(d1, v, s15); s25 = TSimd.MultiplyAdd(d2, v, s25);
            v = TSimd.Load(below + i); s06 = TSimd.MultiplyAdd(d0, v, s06); s16 = TSimd.MultiplyAdd(d1, v, s16); s26 = TSimd.MultiplyAdd(d2, v, s26);
            v = TSimd.Load(below + segment + i); s07 = TSimd.MultiplyAdd(d0, v, s07); s17 = TSimd.MultiplyAdd(d1, v, s17); s27 = TSimd.MultiplyAdd(d2, v, s27);
            v = TSimd.Load(below + i + 1); s08 = TSimd.MultiplyAdd(d0, v, s08); s18 = TSimd.MultiplyAdd(d1, v, s18); s28 = TSimd.MultiplyAdd(d2, v, s28);
        }

        TSimd.Store(s00, sums + 0 * Block);
        TSimd.Store(s01, sums + 1 * Block);
        TSimd.Store(s02, sums + 2 * Block);
        TSimd.Store(s03, sums + 3 * Block);
        TSimd.Store(s04, sums + 4 * Block);
        TSimd.Store(s05, sums + 5 * Block);
        TSimd.Store(s06, sums + 6 * Block);
        TSimd.Store(s07, sums + 7 * Block);
        TSimd.Store(s08, sums + 8 * Block);
        TSimd.Store(s10, sums + 9 * Block);
        TSimd.Store(s11, sums + 10 * Block);
        TSimd.Store(s12, sums + 11 * Block);
        TSimd.Store(s13, sums + 12 * Block);
        TSimd.Store(s14, sums + 13 * Block);
        TSimd.Store(s15, sums + 14 * Block);
        TSimd.Store(s16, sums + 15 * Block);
        TSimd.Store(s17, sums + 16 * Block);
        TSimd.Store(s18, sums + 17 * Block);
        TSimd.Store(s20, sums + 18 * Block);
        TSimd.Store(s21, sums + 19 * Block);
        TSimd.Store(s22, sums + 20 * Block);
        TSimd.Store(s23, sums + 21 * Block);
        TSimd.Store(s24, sums + 22 * Block);
        TSimd.Store(s25, sums + 23 * Block);
        TSimd.Store(s26, sums + 24 * Block);
        TSimd.Store(s27, sums + 25 * Block);
        TSimd.Store(s28, sums + 26 * Block);
    }
}
