using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The hidden layer of the synthesis, from the channels of a row to its colours, and the way back. Hidden values stay in registers: forward they are used
/// up as they come, and backward it is cheaper to compute them again than to have stored them. Even and odd columns are worked on together, so that each
/// weight that is read serves two vectors.
/// </summary>
internal static unsafe class HiddenKernels
{
    /// <summary>Floats of a hidden channel's weights: its bias, those of the 7 channels, those to the 3 colours, nothing.</summary>
    public const int WeightStride = 12;

    /// <summary>Sums of a hidden channel's gradients: by the weights of the 7 channels, by the bias, by the weights to the 3 colours.</summary>
    public const int SumCount = Inputs + 1 + Colors;

    /// <summary>Sums of the direct layer's gradients by the weights.</summary>
    public const int DirectSumCount = Colors * Inputs;

    private const int Inputs = FittedLayout.MaxGrids;
    private const int Colors = FittedLayout.Colors;
    private const int Block = RowLayout.Block;
    private const int Odd = Inputs * Block;
    private const int Pair = 2 * Odd;

    /// <summary>The colours before the filters, and what goes past them.</summary>
    /// <param name="inputs">The channels, in blocks.</param>
    /// <param name="layout">How rows lie.</param>
    /// <param name="weights">Those of hidden channels, <see cref="WeightStride"/> each.</param>
    /// <param name="hidden">How many; even.</param>
    /// <param name="direct">Weights past the hidden layer, [3][7], then their biases, then those of the colours.</param>
    /// <param name="colors">Receives the colours: a planar row.</param>
    /// <param name="past">Receives what goes past, in blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<TVector, TSimd>(
        float* inputs, RowLayout layout, float* weights, int hidden, float* direct, float* colors, float* past)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint channel = layout.Channel, segment = layout.Segment;
        TVector zero = TSimd.Broadcast(0);
        for (int block = 0; block < layout.Blocks; block++, inputs += Pair, colors += Block, past += 2 * Colors * Block)
        {
            for (int i = 0; i < Block; i += TSimd.Lanes)
            {
                float* u = inputs + i;
                TVector x0 = TSimd.Load(u), y0 = TSimd.Load(u + Odd);
                TVector x1 = TSimd.Load(u + Block), y1 = TSimd.Load(u + Odd + Block);
                TVector x2 = TSimd.Load(u + 2 * Block), y2 = TSimd.Load(u + Odd + 2 * Block);
                TVector x3 = TSimd.Load(u + 3 * Block), y3 = TSimd.Load(u + Odd + 3 * Block);
                TVector x4 = TSimd.Load(u + 4 * Block), y4 = TSimd.Load(u + Odd + 4 * Block);
                TVector x5 = TSimd.Load(u + 5 * Block), y5 = TSimd.Load(u + Odd + 5 * Block);
                TVector x6 = TSimd.Load(u + 6 * Block), y6 = TSimd.Load(u + Odd + 6 * Block);
                float* l = direct;
                float* to = past + i;
                TVector w, v, a, b, c, d;
                for (int color = 0; color < Colors; color++, l += Inputs, to += Block)
                {
                    a = TSimd.Broadcast(direct[Colors * Inputs + color]);
                    b = a;
                    w = TSimd.Broadcast(l[0]); a = TSimd.MultiplyAdd(w, x0, a); b = TSimd.MultiplyAdd(w, y0, b);
                    w = TSimd.Broadcast(l[1]); a = TSimd.MultiplyAdd(w, x1, a); b = TSimd.MultiplyAdd(w, y1, b);
                    w = TSimd.Broadcast(l[2]); a = TSimd.MultiplyAdd(w, x2, a); b = TSimd.MultiplyAdd(w, y2, b);
                    w = TSimd.Broadcast(l[3]); a = TSimd.MultiplyAdd(w, x3, a); b = TSimd.MultiplyAdd(w, y3, b);
                    w = TSimd.Broadcast(l[4]); a = TSimd.MultiplyAdd(w, x4, a); b = TSimd.MultiplyAdd(w, y4, b);
                    w = TSimd.Broadcast(l[5]); a = TSimd.MultiplyAdd(w, x5, a); b = TSimd.MultiplyAdd(w, y5, b);
                    w = TSimd.Broadcast(l[6]); a = TSimd.MultiplyAdd(w, x6, a); b = TSimd.MultiplyAdd(w, y6, b);
                    TSimd.Store(a, to);
                    TSimd.Store(b, to + Colors * Block);
                }

                TVector z0 = TSimd.Broadcast(direct[Colors * Inputs + Colors]), r0 = z0;
                TVector z1 = TSimd.Broadcast(direct[Colors * Inputs + Colors + 1]), r1 = z1;
                TVector z2 = TSimd.Broadcast(direct[Colors * Inputs + Colors + 2]), r2 = z2;
                float* h = weights;
                for (int count = hidden; count > 0; count -= 2, h += 2 * WeightStride)
                {
                    a = TSimd.Broadcast(h[0]);
                    b = a;
                    c = TSimd.Broadcast(h[WeightStride]);
                    d = c;
                    w = TSimd.Broadcast(h[1]); a = TSimd.MultiplyAdd(w, x0, a); b = TSimd.MultiplyAdd(w, y0, b);
                    v = TSimd.Broadcast(h[WeightStride + 1]); c = TSimd.MultiplyAdd(v, x0, c); d = TSimd.MultiplyAdd(v, y0, d);
                    w = TSimd.Broadcast(h[2]); a = TSimd.MultiplyAdd(w, x1, a); b = TSimd.MultiplyAdd(w, y1, b);
                    v = TSimd.Broadcast(h[WeightStride + 2]); c = TSimd.MultiplyAdd(v, x1, c); d = TSimd.MultiplyAdd(v, y1, d);
                    w = TSimd.Broadcast(h[3]); a = TSimd.MultiplyAdd(w, x2, a); b = TSimd.MultiplyAdd(w, y2, b);
                    v = TSimd.Broadcast(h[WeightStride + 3]); c = TSimd.MultiplyAdd(v, x2, c); d = TSimd.MultiplyAdd(v, y2, d);
                    w = TSimd.Broadcast(h[4]); a = TSimd.MultiplyAdd(w, x3, a); b = TSimd.MultiplyAdd(w, y3, b);
                    v = TSimd.Broadcast(h[WeightStride + 4]); c = TSimd.MultiplyAdd(v, x3, c); d = TSimd.MultiplyAdd(v, y3, d);
                    w = TSimd.Broadcast(h[5]); a = TSimd.MultiplyAdd(w, x4, a); b = TSimd.MultiplyAdd(w, y4, b);
                    v = TSimd.Broadcast(h[WeightStride + 5]); c = TSimd.MultiplyAdd(v, x4, c); d = TSimd.MultiplyAdd(v, y4, d);
                    w = TSimd.Broadcast(h[6]); a = TSimd.MultiplyAdd(w, x5, a); b = TSimd.MultiplyAdd(w, y5, b);
                    v = TSimd.Broadcast(h[WeightStride + 6]); c = TSimd.MultiplyAdd(v, x5, c); d = TSimd.MultiplyAdd(v, y5, d);
                    w = TSimd.Broadcast(h[7]); a = TSimd.MultiplyAdd(w, x6, a); b = TSimd.MultiplyAdd(w, y6, b);
                    v = TSimd.Broadcast(h[WeightStride + 7]); c = TSimd.MultiplyAdd(v, x6, c); d = TSimd.MultiplyAdd(v, y6, d);
                    a = TSimd.Max(a, zero);
                    b = TSimd.Max(b, zero);
                    c = TSimd.Max(c, zero);
                    d = TSimd.Max(d, zero);
                    w = TSimd.Broadcast(h[8]); z0 = TSimd.MultiplyAdd(w, a, z0); r0 = TSimd.MultiplyAdd(w, b, r0);
                    w = TSimd.Broadcast(h[9]); z1 = TSimd.MultiplyAdd(w, a, z1); r1 = TSimd.MultiplyAdd(w, b, r1);
                    w = TSimd.Broadcast(h[10]); z2 = TSimd.MultiplyAdd(w, a, z2); r2 = TSimd.MultiplyAdd(w, b, r2);
                    w = TSimd.Broadcast(h[WeightStride + 8]); z0 = TSimd.MultiplyAdd(w, c, z0); r0 = TSimd.MultiplyAdd(w, d, r0);
                    w = TSimd.Broadcast(h[WeightStride + 9]); z1 = TSimd.MultiplyAdd(w, c, z1); r1 = TSimd.MultiplyAdd(w, d, r1);
                    w = TSimd.Broadcast(h[WeightStride + 10]); z2 = TSimd.MultiplyAdd(w, c, z2); r2 = TSimd.MultiplyAdd(w, d, r2);
                }

                to = colors + i;
                TSimd.Store(z0, to);
                TSimd.Store(r0, to + segment);
                TSimd.Store(z1, to + channel);
                TSimd.Store(r1, to + channel + segment);
                TSimd.Store(z2, to + 2 * channel);
                TSimd.Store(r2, to + 2 * channel + segment);
            }
        }
    }

    /// <summary>Gradients through the layer that goes past all others: by the channels, which is where theirs begin, and by the weights.</summary>
    /// <param name="inputs">The channels, in blocks.</param>
    /// <param name="layout">How rows lie.</param>
    /// <param name="direct">The weights, [3][7].</param>
    /// <param name="outputGradient">A planar row.</param>
    /// <param name="inputGradient">Receives the gradient by the channels, in blocks.</param>
    /// <param name="sums">Added to: <see cref="DirectSumCount"/> sums of lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DirectBack<TVector, TSimd>(
        float* inputs, RowLayout layout, float* direct, float* outputGradient, float* inputGradient, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        nint channel = layout.Channel;
        TVector s00 = TSimd.Load(sums + 0 * Block);
        TVector s01 = TSimd.Load(sums + 1 * Block);
        TVector s02 = TSimd.Load(sums + 2 * Block);
        TVector s03 = TSimd.Load(sums + 3 * Block);
        TVector s04 = TSimd.Load(sums + 4 * Block);
        TVector s05 = TSimd.Load(sums + 5 * Block);
        TVector s06 = TSimd.Load(sums + 6 * Block);
        TVector s10 = TSimd.Load(sums + 7 * Block);
        TVector s11 = TSimd.Load(sums + 8 * Block);
        TVector s12 = TSimd.Load(sums + 9 * Block);
        TVector s13 = TSimd.Load(sums + 10 * Block);
        TVector s14 = TSimd.Load(sums + 11 * Block);
        TVector s15 = TSimd.Load(sums + 12 * Block);
        TVector s16 = TSimd.Load(sums + 13 * Block);
        TVector s20 = TSimd.Load(sums + 14 * Block);
        TVector s21 = TSimd.Load(sums + 15 * Block);
        TVector s22 = TSimd.Load(sums + 16 * Block);
        TVector s23 = TSimd.Load(sums + 17 * Block);
        TVector s24 = TSimd.Load(sums + 18 * Block);
        TVector s25 = TSimd.Load(sums + 19 * Block);
        TVector s26 = TSimd.Load(sums + 20 * Block);
        for (int block = 0; block < layout.Blocks; block++, outputGradient += Block)
        {
            float* from = outputGradient;
            for (int parity = 0; parity < 2; parity++, from += layout.Segment, inputs += Odd, inputGradient += Odd)
            {
                for (int i = 0; i < Block; i += TSimd.Lanes)
                {
                    TVector d0 = TSimd.Load(from + i), d1 = TSimd.Load(from + i + channel), d2 = TSimd.Load(from + i + 2 * channel);
                    TVector x;
                    x = TSimd.Load(inputs + i + 0 * Block);
                    s00 = TSimd.MultiplyAdd(d0, x, s00);
                    s10 = TSimd.MultiplyAdd(d1, x, s10);
                    s20 = TSimd.MultiplyAdd(d2, x, s20);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[0]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[7]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[14]), d2, x), inputGradient + i + 0 * Block);
                    x = TSimd.Load(inputs + i + 1 * Block);
                    s01 = TSimd.MultiplyAdd(d0, x, s01);
                    s11 = TSimd.MultiplyAdd(d1, x, s11);
                    s21 = TSimd.MultiplyAdd(d2, x, s21);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[1]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[8]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[15]), d2, x), inputGradient + i + 1 * Block);
                    x = TSimd.Load(inputs + i + 2 * Block);
                    s02 = TSimd.MultiplyAdd(d0, x, s02);
                    s12 = TSimd.MultiplyAdd(d1, x, s12);
                    s22 = TSimd.MultiplyAdd(d2, x, s22);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[2]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[9]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[16]), d2, x), inputGradient + i + 2 * Block);
                    x = TSimd.Load(inputs + i + 3 * Block);
                    s03 = TSimd.MultiplyAdd(d0, x, s03);
                    s13 = TSimd.MultiplyAdd(d1, x, s13);
                    s23 = TSimd.MultiplyAdd(d2, x, s23);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[3]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[10]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[17]), d2, x), inputGradient + i + 3 * Block);
                    x = TSimd.Load(inputs + i + 4 * Block);
                    s04 = TSimd.MultiplyAdd(d0, x, s04);
                    s14 = TSimd.MultiplyAdd(d1, x, s14);
                    s24 = TSimd.MultiplyAdd(d2, x, s24);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[4]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[11]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[18]), d2, x), inputGradient + i + 4 * Block);
                    x = TSimd.Load(inputs + i + 5 * Block);
                    s05 = TSimd.MultiplyAdd(d0, x, s05);
                    s15 = TSimd.MultiplyAdd(d1, x, s15);
                    s25 = TSimd.MultiplyAdd(d2, x, s25);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[5]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[12]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[19]), d2, x), inputGradient + i + 5 * Block);
                    x = TSimd.Load(inputs + i + 6 * Block);
                    s06 = TSimd.MultiplyAdd(d0, x, s06);
                    s16 = TSimd.MultiplyAdd(d1, x, s16);
                    s26 = TSimd.MultiplyAdd(d2, x, s26);
                    x = TSimd.Multiply(TSimd.Broadcast(direct[6]), d0);
                    x = TSimd.MultiplyAdd(TSimd.Broadcast(direct[13]), d1, x);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(direct[20]), d2, x), inputGradient + i + 6 * Block);
                }
            }
        }

        TSimd.Store(s00, sums + 0 * Block);
        TSimd.Store(s01, sums + 1 * Block);
        TSimd.Store(s02, sums + 2 * Block);
        TSimd.Store(s03, sums + 3 * Block);
        TSimd.Store(s04, sums + 4 * Block);
        TSimd.Store(s05, sums + 5 * Block);
        TSimd.Store(s06, sums + 6 * Block);
        TSimd.Store(s10, sums + 7 * Block);
        TSimd.Store(s11, sums + 8 * Block);
        TSimd.Store(s12, sums + 9 * Block);
        TSimd.Store(s13, sums + 10 * Block);
        TSimd.Store(s14, sums + 11 * Block);
        TSimd.Store(s15, sums + 12 * Block);
        TSimd.Store(s16, sums + 13 * Block);
        TSimd.Store(s20, sums + 14 * Block);
        TSimd.Store(s21, sums + 15 * Block);
        TSimd.Store(s22, sums + 16 * Block);
        TSimd.Store(s23, sums + 17 * Block);
        TSimd.Store(s24, sums + 18 * Block);
        TSimd.Store(s25, sums + 19 * Block);
        TSimd.Store(s26, sums + 20 * Block);
    }
}
