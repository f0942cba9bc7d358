using System.Diagnostics.CodeAnalysis;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>
/// The integer operations that the kernels of fitted files are written in, once for every width. A vector is seen as 16-bit lanes or, twice as wide, as 32-bit
/// lanes; sums of the latter are modulo 2^32. Each operation gives the same bits in a lane whatever the width.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface IShortSimd<TVector>
    where TVector : struct
{
    /// <summary>16-bit lanes in a vector.</summary>
    static abstract int Lanes { get; }

    static abstract TVector Load(short* source);

    static abstract void Store(TVector value, short* destination);

    /// <summary>A value in all 16-bit lanes.</summary>
    static abstract TVector Broadcast(short value);

    /// <summary>A value in all 32-bit lanes; as two 16-bit lanes, the lower one first.</summary>
    static abstract TVector BroadcastInt(int value);

    /// <summary>In each 32-bit lane sum + a · b of the lower halves + a · b of the upper halves.</summary>
    static abstract TVector MultiplyAdd(TVector sum, TVector a, TVector b);

    static abstract TVector AddInts(TVector a, TVector b);

    static abstract TVector MinInts(TVector a, TVector b);

    static abstract TVector MaxInts(TVector a, TVector b);

    /// <summary>With the sign.</summary>
    static abstract TVector ShiftRightInts(TVector value, [ConstantExpected] byte count);

    static abstract TVector ShiftLeftInts(TVector value, [ConstantExpected] byte count);

    /// <summary>With saturation.</summary>
    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    /// <summary>With the sign.</summary>
    static abstract TVector ShiftRight(TVector value, [ConstantExpected] byte count);

    static abstract TVector ShiftLeft(TVector value, [ConstantExpected] byte count);

    /// <summary>Pairs of lanes of a and b: of one half of them, so that <see cref="Narrow"/> finds the lanes' order again.</summary>
    static abstract TVector InterleaveLow(TVector a, TVector b);

    /// <summary>Pairs of the other half.</summary>
    static abstract TVector InterleaveHigh(TVector a, TVector b);

    /// <summary>To 16 bits, with saturation; the order is that of lanes before they were interleaved.</summary>
    static abstract TVector Narrow(TVector low, TVector high);

    /// <summary>Stores the first lanes of both, then the second ones, and so on.</summary>
    static abstract void StoreInterleaved(TVector a, TVector b, short* destination);
}
