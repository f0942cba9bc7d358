using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Gradients through the hidden layer of the synthesis, two hidden channels at a time: the sums of both stay in registers, 22 of them, and the gradient by
/// the inputs is added to in the first-level cache.
/// </summary>
internal static unsafe class HiddenGradientKernel
{
    /// <summary>Pairs of blocks that are gone through for all hidden channels before the next ones are: what is read and written of them fits the cache.</summary>
    private const int CachedBlocks = 12;

    private const int Inputs = FittedLayout.MaxGrids;
    private const int Colors = FittedLayout.Colors;
    private const int Block = RowLayout.Block;
    private const int Odd = Inputs * Block;
    private const int Pair = 2 * Odd;
    private const int ColorOdd = Colors * Block;
    private const int ColorPair = 2 * ColorOdd;
    private const int WeightStride = HiddenKernels.WeightStride;
    private const int SumCount = HiddenKernels.SumCount;

    /// <summary>Gradients by the channels and by the weights.</summary>
    /// <param name="inputs">The channels, in blocks.</param>
    /// <param name="layout">How rows lie.</param>
    /// <param name="weights">Those of hidden channels, <see cref="WeightStride"/> each.</param>
    /// <param name="hidden">How many; even.</param>
    /// <param name="colorGradient">The gradient by the colours, in blocks.</param>
    /// <param name="inputGradient">Added to: the gradient by the channels, in blocks.</param>
    /// <param name="sums">Added to: <see cref="SumCount"/> sums of lanes for each hidden channel.</param>
    public static void Run<TVector, TSimd>(
        float* inputs, RowLayout layout, float* weights, int hidden, float* colorGradient, float* inputGradient, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (int block = 0; block < layout.Blocks; block += CachedBlocks)
        {
            int blocks = Math.Min(CachedBlocks, layout.Blocks - block);
            for (int i = 0; i < hidden; i += 2)
            {
                float* first = inputs + block * Pair, w = weights + i * WeightStride;
                AddTwo<TVector, TSimd>(
                    first, first, blocks, w, w, colorGradient + block * ColorPair, inputGradient + block * Pair, sums + i * SumCount * Block);
            }
        }
    }

    // Inputs and weights are given twice: the compiler would keep what it knows to be used again in registers, of which there are none to spare.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTwo<TVector, TSimd>(
        float* inputs, float* sameInputs, int blocks, float* w, float* sameW, float* colorGradient, float* inputGradient, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector a0 = TSimd.Load(sums + 0 * Block);
        TVector a1 = TSimd.Load(sums + 1 * Block);
        TVector a2 = TSimd.Load(sums + 2 * Block);
        TVector a3 = TSimd.Load(sums + 3 * Block);
        TVector a4 = TSimd.Load(sums + 4 * Block);
        TVector a5 = TSimd.Load(sums + 5 * Block);
        TVector a6 = TSimd.Load(sums + 6 * Block);
        TVector a7 = TSimd.Load(sums + 7 * Block);
        TVector a8 = TSimd.Load(sums + 8 * Block);
        TVector a9 = TSimd.Load(sums + 9 * Block);
        TVector a10 = TSimd.Load(sums + 10 * Block);
        TVector b0 = TSimd.Load(sums + 11 * Block);
        TVector b1 = TSimd.Load(sums + 12 * Block);
        TVector b2 = TSimd.Load(sums + 13 * Block);
        TVector b3 = TSimd.Load(sums + 14 * Block);
        TVector b4 = TSimd.Load(sums + 15 * Block);
        TVector b5 = TSimd.Load(sums + 16 * Block);
        TVector b6 = TSimd.Load(sums + 17 * Block);
        TVector b7 = TSimd.Load(sums + 18 * Block);
        TVector b8 = TSimd.Load(sums + 19 * Block);
        TVector b9 = TSimd.Load(sums + 20 * Block);
        TVector b10 = TSimd.Load(sums + 21 * Block);
        for (; blocks > 0; blocks--, inputs += Pair, sameInputs += Pair, colorGradient += ColorPair, inputGradient += Pair)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                float* u = inputs + i, sameU = sameInputs + i;
                float* g = inputGradient + i;
                float* d = colorGradient + i;

                // The hidden values of both channels, at even and at odd columns.
                TVector hae = TSimd.Broadcast(w[0]), hao = hae, hbe = TSimd.Broadcast(w[WeightStride]), hbo = hbe;
                TVector x, y, v;
                x = TSimd.Load(u); y = TSimd.Load(u + Odd);
                v = TSimd.Broadcast(w[1]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 1]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                x = TSimd.Load(u + 1 * Block); y = TSimd.Load(u + Odd + 1 * Block);
                v = TSimd.Broadcast(w[2]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 2]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                x = TSimd.Load(u + 2 * Block); y = TSimd.Load(u + Odd + 2 * Block);
                v = TSimd.Broadcast(w[3]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 3]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                x = TSimd.Load(u + 3 * Block); y = TSimd.Load(u + Odd + 3 * Block);
                v = TSimd.Broadcast(w[4]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 4]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                x = TSimd.Load(u + 4 * Block); y = TSimd.Load(u + Odd + 4 * Block);
                v = TSimd.Broadcast(w[5]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 5]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                x = TSimd.Load(u + 5 * Block); y = TSimd.Load(u + Odd + 5 * Block);
                v = TSimd.Broadcast(w[6]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 6]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                x = TSimd.Load(u + 6 * Block); y = TSimd.Load(u + Odd + 6 * Block);
                v = TSimd.Broadcast(w[7]);
                hae = TSimd.MultiplyAdd(v, x, hae);
                hao = TSimd.MultiplyAdd(v, y, hao);
                v = TSimd.Broadcast(w[WeightStride + 7]);
                hbe = TSimd.MultiplyAdd(v, x, hbe);
                hbo = TSimd.MultiplyAdd(v, y, hbo);
                TVector zero = TSimd.Broadcast(0);
                hae = TSimd.Max(hae, zero);
                hao = TSimd.Max(hao, zero);
                hbe = TSimd.Max(hbe, zero);
                hbo = TSimd.Max(hbo, zero);

                // Their gradients, and those by the weights to the colours.
                x = TSimd.Load(d);
                TVector gae = TSimd.Multiply(TSimd.Broadcast(w[8]), x);
                TVector gbe = TSimd.Multiply(TSimd.Broadcast(w[WeightStride + 8]), x);
                a8 = TSimd.MultiplyAdd(hae, x, a8);
                b8 = TSimd.MultiplyAdd(hbe, x, b8);
                x = TSimd.Load(d + 1 * Block);
                gae = TSimd.MultiplyAdd(TSimd.Broadcast(w[9]), x, gae);
                gbe = TSimd.MultiplyAdd(TSimd.Broadcast(w[WeightStride + 9]), x, gbe);
                a9 = TSimd.MultiplyAdd(hae, x, a9);
                b9 = TSimd.MultiplyAdd(hbe, x, b9);
                x = TSimd.Load(d + 2 * Block);
                gae = TSimd.MultiplyAdd(TSimd.Broadcast(w[10]), x, gae);
                gbe = TSimd.MultiplyAdd(TSimd.Broadcast(w[WeightStride + 10]), x, gbe);
                a10 = TSimd.MultiplyAdd(hae, x, a10);
                b10 = TSimd.MultiplyAdd(hbe, x, b10);
                gae = TSimd.SelectGreater(hae, zero, gae, zero);
                gbe = TSimd.SelectGreater(hbe, zero, gbe, zero);
                x = TSimd.Load(d + ColorOdd);
                TVector gao = TSimd.Multiply(TSimd.Broadcast(sameW[8]), x);
                TVector gbo = TSimd.Multiply(TSimd.Broadcast(sameW[WeightStride + 8]), x);
                a8 = TSimd.MultiplyAdd(hao, x, a8);
                b8 = TSimd.MultiplyAdd(hbo, x, b8);
                x = TSimd.Load(d + ColorOdd + 1 * Block);
                gao = TSimd.MultiplyAdd(TSimd.Broadcast(sameW[9]), x, gao);
                gbo = TSimd.MultiplyAdd(TSimd.Broadcast(sameW[WeightStride + 9]), x, gbo);
                a9 = TSimd.MultiplyAdd(hao, x, a9);
                b9 = TSimd.MultiplyAdd(hbo, x, b9);
                x = TSimd.Load(d + ColorOdd + 2 * Block);
                gao = TSimd.MultiplyAdd(TSimd.Broadcast(sameW[10]), x, gao);
                gbo = TSimd.MultiplyAdd(TSimd.Broadcast(sameW[WeightStride + 10]), x, gbo);
                a10 = TSimd.MultiplyAdd(hao, x, a10);
                b10 = TSimd.MultiplyAdd(hbo, x, b10);
                gao = TSimd.SelectGreater(hao, zero, gao, zero);
                gbo = TSimd.SelectGreater(hbo, zero, gbo, zero);
                a7 = TSimd.Add(a7, TSimd.Add(gae, gao));
                b7 = TSimd.Add(b7, TSimd.Add(gbe, gbo));

                // By the weights from the channels, and by the channels.
                x = TSimd.Load(sameU); y = TSimd.Load(sameU + Odd);
                a0 = TSimd.MultiplyAdd(gae, x, a0);
                b0 = TSimd.MultiplyAdd(gbe, x, b0);
                a0 = TSimd.MultiplyAdd(gao, y, a0);
                b0 = TSimd.MultiplyAdd(gbo, y, b0);
                v = TSimd.Broadcast(sameW[1]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd));
                v = TSimd.Broadcast(sameW[WeightStride + 1]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd);
                x = TSimd.Load(sameU + 1 * Block); y = TSimd.Load(sameU + Odd + 1 * Block);
                a1 = TSimd.MultiplyAdd(gae, x, a1);
                b1 = TSimd.MultiplyAdd(gbe, x, b1);
                a1 = TSimd.MultiplyAdd(gao, y, a1);
                b1 = TSimd.MultiplyAdd(gbo, y, b1);
                v = TSimd.Broadcast(sameW[2]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g + 1 * Block));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd + 1 * Block));
                v = TSimd.Broadcast(sameW[WeightStride + 2]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g + 1 * Block);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd + 1 * Block);
                x = TSimd.Load(sameU + 2 * Block); y = TSimd.Load(sameU + Odd + 2 * Block);
                a2 = TSimd.MultiplyAdd(gae, x, a2);
                b2 = TSimd.MultiplyAdd(gbe, x, b2);
                a2 = TSimd.MultiplyAdd(gao, y, a2);
                b2 = TSimd.MultiplyAdd(gbo, y, b2);
                v = TSimd.Broadcast(sameW[3]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g + 2 * Block));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd + 2 * Block));
                v = TSimd.Broadcast(sameW[WeightStride + 3]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g + 2 * Block);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd + 2 * Block);
                x = TSimd.Load(sameU + 3 * Block); y = TSimd.Load(sameU + Odd + 3 * Block);
                a3 = TSimd.MultiplyAdd(gae, x, a3);
                b3 = TSimd.MultiplyAdd(gbe, x, b3);
                a3 = TSimd.MultiplyAdd(gao, y, a3);
                b3 = TSimd.MultiplyAdd(gbo, y, b3);
                v = TSimd.Broadcast(sameW[4]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g + 3 * Block));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd + 3 * Block));
                v = TSimd.Broadcast(sameW[WeightStride + 4]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g + 3 * Block);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd + 3 * Block);
                x = TSimd.Load(sameU + 4 * Block); y = TSimd.Load(sameU + Odd + 4 * Block);
                a4 = TSimd.MultiplyAdd(gae, x, a4);
                b4 = TSimd.MultiplyAdd(gbe, x, b4);
                a4 = TSimd.MultiplyAdd(gao, y, a4);
                b4 = TSimd.MultiplyAdd(gbo, y, b4);
                v = TSimd.Broadcast(sameW[5]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g + 4 * Block));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd + 4 * Block));
                v = TSimd.Broadcast(sameW[WeightStride + 5]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g + 4 * Block);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd + 4 * Block);
                x = TSimd.Load(sameU + 5 * Block); y = TSimd.Load(sameU + Odd + 5 * Block);
                a5 = TSimd.MultiplyAdd(gae, x, a5);
                b5 = TSimd.MultiplyAdd(gbe, x, b5);
                a5 = TSimd.MultiplyAdd(gao, y, a5);
                b5 = TSimd.MultiplyAdd(gbo, y, b5);
                v = TSimd.Broadcast(sameW[6]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g + 5 * Block));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd + 5 * Block));
                v = TSimd.Broadcast(sameW[WeightStride + 6]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g + 5 * Block);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd + 5 * Block);
                x = TSimd.Load(sameU + 6 * Block); y = TSimd.Load(sameU + Odd + 6 * Block);
                a6 = TSimd.MultiplyAdd(gae, x, a6);
                b6 = TSimd.MultiplyAdd(gbe, x, b6);
                a6 = TSimd.MultiplyAdd(gao, y, a6);
                b6 = TSimd.MultiplyAdd(gbo, y, b6);
                v = TSimd.Broadcast(sameW[7]);
                x = TSimd.MultiplyAdd(v, gae, TSimd.Load(g + 6 * Block));
                y = TSimd.MultiplyAdd(v, gao, TSimd.Load(g + Odd + 6 * Block));
                v = TSimd.Broadcast(sameW[WeightStride + 7]);
                TSimd.Store(TSimd.MultiplyAdd(v, gbe, x), g + 6 * Block);
                TSimd.Store(TSimd.MultiplyAdd(v, gbo, y), g + Odd + 6 * Block);
            }
        }

        TSimd.Store(a0, sums + 0 * Block);
        TSimd.Store(a1, sums + 1 * Block);
        TSimd.Store(a2, sums + 2 * Block);
        TSimd.Store(a3, sums + 3 * Block);
        TSimd.Store(a4, sums + 4 * Block);
        TSimd.Store(a5, sums + 5 * Block);
        TSimd.Store(a6, sums + 6 * Block);
        TSimd.Store(a7, sums + 7 * Block);
        TSimd.Store(a8, sums + 8 * Block);
        TSimd.Store(a9, sums + 9 * Block);
        TSimd.Store(a10, sums + 10 * Block);
        TSimd.Store(b0, sums + 11 * Block);
        TSimd.Store(b1, sums + 12 * Block);
        TSimd.Store(b2, sums + 13 * Block);
        TSimd.Store(b3, sums + 14 * Block);
        TSimd.Store(b4, sums + 15 * Block);
        TSimd.Store(b5, sums + 16 * Block);
        TSimd.Store(b6, sums + 17 * Block);
        TSimd.Store(b7, sums + 18 * Block);
        TSimd.Store(b8, sums + 19 * Block);
        TSimd.Store(b9, sums + 20 * Block);
        TSimd.Store(b10, sums + 21 * Block);
    }
}
