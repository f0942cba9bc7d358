using System.Runtime.CompilerServices;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>The layers of the synthesis, for rows of pixels.</summary>
internal static unsafe class SynthesisKernel
{
    private const int HiddenRounding = 1 << SynthesisWeights.HiddenBits - 1;
    private const int LinearRounding = 1 << SynthesisWeights.ChannelBits - 1;
    private const int FilterRounding = 1 << 11;
    private const byte FilterShift = 12;

    // A half of a level, and level 128.
    private const int PixelOffset = (1 << 5) + (128 << 6);

    /// <summary>Channels to colours, by way of the hidden layer and past it.</summary>
    /// <param name="weights">The parameters.</param>
    /// <param name="channels">The rows of the channels.</param>
    /// <param name="colors">Receives three rows.</param>
    /// <param name="linear">Receives what goes past everything: three rows, in the order of vectors that <see cref="Finish"/> takes.</param>
    /// <param name="count">Pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix<TVector, TSimd>(SynthesisWeights weights, short** channels, short** colors, int** linear, int count)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        int* starts = weights.ColorStarts;
        int* hidden = weights.Hidden;
        int* direct = weights.Linear;
        int hiddenPairs = weights.HiddenPairs;
        TVector zero = TSimd.Broadcast(0);
        TVector hiddenRounding = TSimd.BroadcastInt(HiddenRounding), linearRounding = TSimd.BroadcastInt(LinearRounding);
        for (int x = 0; x < count; x += TSimd.Lanes)
        {
            TVector a = TSimd.Load(channels[0] + x), b = TSimd.Load(channels[1] + x);
            TVector u0 = TSimd.InterleaveLow(a, b), v0 = TSimd.InterleaveHigh(a, b);
            (a, b) = (TSimd.Load(channels[2] + x), TSimd.Load(channels[3] + x));
            TVector u1 = TSimd.InterleaveLow(a, b), v1 = TSimd.InterleaveHigh(a, b);
            (a, b) = (TSimd.Load(channels[4] + x), TSimd.Load(channels[5] + x));
            TVector u2 = TSimd.InterleaveLow(a, b), v2 = TSimd.InterleaveHigh(a, b);
            (a, b) = (TSimd.Load(channels[6] + x), TSimd.Broadcast(SynthesisWeights.ChannelOne));
            TVector u3 = TSimd.InterleaveLow(a, b), v3 = TSimd.InterleaveHigh(a, b);
            TVector low0 = TSimd.BroadcastInt(starts[0]), high0 = low0;
            TVector low1 = TSimd.BroadcastInt(starts[1]), high1 = low1;
            TVector low2 = TSimd.BroadcastInt(starts[2]), high2 = low2;
            int* w = hidden;
            for (int i = 0; i < hiddenPairs; i++)
            {
                TVector first = TSimd.Max(Sum<TVector, TSimd>(hiddenRounding, u0, u1, u2, u3, v0, v1, v2, v3, w), zero);
                TVector second = TSimd.Max(Sum<TVector, TSimd>(hiddenRounding, u0, u1, u2, u3, v0, v1, v2, v3, w + SynthesisWeights.ChannelPairs), zero);
                TVector low = TSimd.InterleaveLow(first, second), high = TSimd.InterleaveHigh(first, second);
                w += 2 * SynthesisWeights.ChannelPairs;
                TVector red = TSimd.BroadcastInt(w[0]), green = TSimd.BroadcastInt(w[1]), blue = TSimd.BroadcastInt(w[2]);
                low0 = TSimd.MultiplyAdd(low0, low, red);
                high0 = TSimd.MultiplyAdd(high0, high, red);
                low1 = TSimd.MultiplyAdd(low1, low, green);
                high1 = TSimd.MultiplyAdd(high1, high, green);
                low2 = TSimd.MultiplyAdd(low2, low, blue);
                high2 = TSimd.MultiplyAdd(high2, high, blue);
                w += FittedLayout.Colors;
            }

            TSimd.Store(TSimd.Narrow(TSimd.ShiftRightInts(low0, SynthesisWeights.ColorBits), TSimd.ShiftRightInts(high0, SynthesisWeights.ColorBits)), colors[0] + x);
            TSimd.Store(TSimd.Narrow(TSimd.ShiftRightInts(low1, SynthesisWeights.ColorBits), TSimd.ShiftRightInts(high1, SynthesisWeights.ColorBits)), colors[1] + x);
            TSimd.Store(TSimd.Narrow(TSimd.ShiftRightInts(low2, SynthesisWeights.ColorBits), TSimd.ShiftRightInts(high2, SynthesisWeights.ColorBits)), colors[2] + x);
            for (int color = 0; color < FittedLayout.Colors; color++)
            {
                int* l = direct + color * SynthesisWeights.ChannelPairs;
                short* to = (short*)(linear[color] + x);
                TSimd.Store(TSimd.ShiftRightInts(Sum<TVector, TSimd>(linearRounding, u0, u1, u2, u3, l), SynthesisWeights.ChannelBits), to);
                TSimd.Store(TSimd.ShiftRightInts(Sum<TVector, TSimd>(linearRounding, v0, v1, v2, v3, l), SynthesisWeights.ChannelBits), to + TSimd.Lanes);
            }
        }
    }

    /// <summary>relu(z + C∗z + c).</summary>
    /// <param name="weights">The filter.</param>
    /// <param name="inputs">What each of the filter's weights reads for the first pixel.</param>
    /// <param name="to">Receives three rows.</param>
    /// <param name="count">Pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter<TVector, TSimd>(int* weights, short** inputs, short** to, int count)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector zero = TSimd.Broadcast(0);
        for (int x = 0; x < count; x += TSimd.Lanes)
        {
            TVector low0 = TSimd.BroadcastInt(FilterRounding), high0 = low0, low1 = low0, high1 = low0, low2 = low0, high2 = low0;
            FilterSums<TVector, TSimd>(weights, inputs, x, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2);
            TSimd.Store(TSimd.Max(TSimd.Narrow(low0, high0), zero), to[0] + x);
            TSimd.Store(TSimd.Max(TSimd.Narrow(low1, high1), zero), to[1] + x);
            TSimd.Store(TSimd.Max(TSimd.Narrow(low2, high2), zero), to[2] + x);
        }
    }

    /// <summary>The second filter, what goes past everything, and from there to levels 0 … 255.</summary>
    /// <param name="weights">The filter.</param>
    /// <param name="inputs">As those of <see cref="Filter"/>.</param>
    /// <param name="linear">As <see cref="Mix"/> left it.</param>
    /// <param name="to">Receives three rows.</param>
    /// <param name="count">Pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish<TVector, TSimd>(int* weights, short** inputs, int** linear, short** to, int count)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        for (int x = 0; x < count; x += TSimd.Lanes)
        {
            TVector low0 = TSimd.BroadcastInt(FilterRounding), high0 = low0, low1 = low0, high1 = low0, low2 = low0, high2 = low0;
            FilterSums<TVector, TSimd>(weights, inputs, x, ref low0, ref high0, ref low1, ref high1, ref low2, ref high2);
            TSimd.Store(ToLevels<TVector, TSimd>(low0, high0, (short*)(linear[0] + x)), to[0] + x);
            TSimd.Store(ToLevels<TVector, TSimd>(low1, high1, (short*)(linear[1] + x)), to[1] + x);
            TSimd.Store(ToLevels<TVector, TSimd>(low2, high2, (short*)(linear[2] + x)), to[2] + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TVector, TSimd>(TVector start, TVector a, TVector b, TVector c, TVector d, int* w)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector sum = TSimd.MultiplyAdd(start, a, TSimd.BroadcastInt(w[0]));
        sum = TSimd.MultiplyAdd(sum, b, TSimd.BroadcastInt(w[1]));
        sum = TSimd.MultiplyAdd(sum, c, TSimd.BroadcastInt(w[2]));
        return TSimd.MultiplyAdd(sum, d, TSimd.BroadcastInt(w[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TVector, TSimd>(
        TVector start, TVector a, TVector b, TVector c, TVector d, TVector a2, TVector b2, TVector c2, TVector d2, int* w)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector weight = TSimd.BroadcastInt(w[0]);
        TVector low = TSimd.MultiplyAdd(start, a, weight), high = TSimd.MultiplyAdd(start, a2, weight);
        weight = TSimd.BroadcastInt(w[1]);
        (low, high) = (TSimd.MultiplyAdd(low, b, weight), TSimd.MultiplyAdd(high, b2, weight));
        weight = TSimd.BroadcastInt(w[2]);
        (low, high) = (TSimd.MultiplyAdd(low, c, weight), TSimd.MultiplyAdd(high, c2, weight));
        weight = TSimd.BroadcastInt(w[3]);
        (low, high) = (TSimd.MultiplyAdd(low, d, weight), TSimd.MultiplyAdd(high, d2, weight));
        return TSimd.Narrow(TSimd.ShiftRightInts(low, SynthesisWeights.HiddenBits), TSimd.ShiftRightInts(high, SynthesisWeights.HiddenBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterSums<TVector, TSimd>(
        int* w, short** inputs, int x, ref TVector low0, ref TVector high0, ref TVector low1, ref TVector high1, ref TVector low2, ref TVector high2)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        for (int i = 0; i < SynthesisWeights.FilterInputs; i += 2)
        {
            TVector a = TSimd.Load(inputs[i] + x);
            TVector b = i + 1 < SynthesisWeights.FilterInputs ? TSimd.Load(inputs[i + 1] + x) : TSimd.Broadcast(SynthesisWeights.FilterOne);
            TVector low = TSimd.InterleaveLow(a, b), high = TSimd.InterleaveHigh(a, b);
            TVector red = TSimd.BroadcastInt(w[0]), green = TSimd.BroadcastInt(w[1]), blue = TSimd.BroadcastInt(w[2]);
            low0 = TSimd.MultiplyAdd(low0, low, red);
            high0 = TSimd.MultiplyAdd(high0, high, red);
            low1 = TSimd.MultiplyAdd(low1, low, green);
            high1 = TSimd.MultiplyAdd(high1, high, green);
            low2 = TSimd.MultiplyAdd(low2, low, blue);
            high2 = TSimd.MultiplyAdd(high2, high, blue);
            w += FittedLayout.Colors;
        }

        AddCenter<TVector, TSimd>(inputs[4] + x, ref low0, ref high0);
        AddCenter<TVector, TSimd>(inputs[13] + x, ref low1, ref high1);
        AddCenter<TVector, TSimd>(inputs[22] + x, ref low2, ref high2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddCenter<TVector, TSimd>(short* center, ref TVector low, ref TVector high)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector value = TSimd.Load(center);
        low = TSimd.AddInts(TSimd.ShiftRightInts(low, FilterShift), TSimd.ShiftRightInts(TSimd.InterleaveLow(value, value), 16));
        high = TSimd.AddInts(TSimd.ShiftRightInts(high, FilterShift), TSimd.ShiftRightInts(TSimd.InterleaveHigh(value, value), 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ToLevels<TVector, TSimd>(TVector low, TVector high, short* linear)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector least = TSimd.BroadcastInt(short.MinValue), most = TSimd.BroadcastInt(short.MaxValue), offset = TSimd.BroadcastInt(PixelOffset);
        low = TSimd.MaxInts(TSimd.MinInts(low, most), least);
        high = TSimd.MaxInts(TSimd.MinInts(high, most), least);

        // Four times as much: colours are in sixteenths of a level here, what goes past everything in 64ths.
        (low, high) = (TSimd.AddInts(low, low), TSimd.AddInts(high, high));
        low = TSimd.AddInts(TSimd.AddInts(low, low), TSimd.Load(linear));
        high = TSimd.AddInts(TSimd.AddInts(high, high), TSimd.Load(linear + TSimd.Lanes));
        TVector levels = TSimd.Narrow(TSimd.ShiftRightInts(TSimd.AddInts(low, offset), 6), TSimd.ShiftRightInts(TSimd.AddInts(high, offset), 6));
        return TSimd.Max(TSimd.Min(levels, TSimd.Broadcast(255)), TSimd.Broadcast(0));
    }
}
