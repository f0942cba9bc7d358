using System.Runtime.CompilerServices;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>Filters that double a plane; taps are in pairs, the lower half of an integer the first of them.</summary>
internal static unsafe class UpsamplingKernel
{
    private const int Rounding = 1 << 11;
    private const byte Shift = 12;
    private const short Least = short.MinValue >> FittedLayout.LatentBits;
    private const short Most = short.MaxValue >> FittedLayout.LatentBits;

    /// <summary>Latent values as upsampling takes them: with <see cref="FittedLayout.LatentBits"/>, and kept within what 16 bits hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<TVector, TSimd>(short* from, short* to, int count)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector least = TSimd.Broadcast(Least), most = TSimd.Broadcast(Most);
        int i = 0;
        for (; i <= count - TSimd.Lanes; i += TSimd.Lanes)
        {
            TSimd.Store(TSimd.ShiftLeft(TSimd.Min(TSimd.Max(TSimd.Load(from + i), least), most), FittedLayout.LatentBits), to + i);
        }

        for (; i < count; i++)
        {
            to[i] = (short)(Math.Clamp(from[i], Least, Most) << FittedLayout.LatentBits);
        }
    }

    /// <summary>Doubles a row, whose ends are repeated twice.</summary>
    /// <param name="from">The row.</param>
    /// <param name="to">Receives twice as many values, and up to two vectors beyond.</param>
    /// <param name="count">Values of <paramref name="from"/>.</param>
    /// <param name="near">The taps of the distances ¼ and ¾.</param>
    /// <param name="far">The others.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DoubleRow<TVector, TSimd>(short* from, short* to, int count, int near, int far)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector nearTaps = TSimd.BroadcastInt(near);
        TVector farTaps = TSimd.BroadcastInt(far);
        for (int i = 0; i < count; i += TSimd.Lanes)
        {
            TVector center = TSimd.Load(from + i);
            TVector left = TSimd.Load(from + i - 1);
            TVector right = TSimd.Load(from + i + 1);
            TVector even = Filter<TVector, TSimd>(center, left, right, TSimd.Load(from + i - 2), nearTaps, farTaps);
            TVector odd = Filter<TVector, TSimd>(center, right, left, TSimd.Load(from + i + 2), nearTaps, farTaps);
            TSimd.StoreInterleaved(even, odd, to + 2 * i);
        }
    }

    /// <summary>Makes a row between others: the rows are given from the nearest to the farthest one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CombineRows<TVector, TSimd>(short* a, short* b, short* c, short* d, short* to, int count, int near, int far)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector nearTaps = TSimd.BroadcastInt(near);
        TVector farTaps = TSimd.BroadcastInt(far);
        for (int i = 0; i < count; i += TSimd.Lanes)
        {
            TVector result = Filter<TVector, TSimd>(
                TSimd.Load(a + i), TSimd.Load(b + i), TSimd.Load(c + i), TSimd.Load(d + i), nearTaps, farTaps);
            TSimd.Store(result, to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Filter<TVector, TSimd>(TVector a, TVector b, TVector c, TVector d, TVector near, TVector far)
        where TVector : struct
        where TSimd : struct, IShortSimd<TVector>
    {
        TVector low = TSimd.MultiplyAdd(TSimd.BroadcastInt(Rounding), TSimd.InterleaveLow(a, b), near);
        TVector high = TSimd.MultiplyAdd(TSimd.BroadcastInt(Rounding), TSimd.InterleaveHigh(a, b), near);
        low = TSimd.MultiplyAdd(low, TSimd.InterleaveLow(c, d), far);
        high = TSimd.MultiplyAdd(high, TSimd.InterleaveHigh(c, d), far);
        return TSimd.Narrow(TSimd.ShiftRightInts(low, Shift), TSimd.ShiftRightInts(high, Shift));
    }
}
