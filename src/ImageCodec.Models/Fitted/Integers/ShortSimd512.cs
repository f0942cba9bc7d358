using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>512-bit vectors of x86.</summary>
internal readonly unsafe struct ShortSimd512 : IShortSimd<Vector512<short>>
{
    public static int Lanes => Vector512<short>.Count;

    public static Vector512<short> Load(short* source) => Vector512.Load(source);

    public static void Store(Vector512<short> value, short* destination) => value.Store(destination);

    public static Vector512<short> Broadcast(short value) => Vector512.Create(value);

    public static Vector512<short> BroadcastInt(int value) => Vector512.Create(value).AsInt16();

    public static Vector512<short> MultiplyAdd(Vector512<short> sum, Vector512<short> a, Vector512<short> b) =>
        (sum.AsInt32() + Avx512BW.MultiplyAddAdjacent(a, b)).AsInt16();

    public static Vector512<short> AddInts(Vector512<short> a, Vector512<short> b) => (a.AsInt32() + b.AsInt32()).AsInt16();

    public static Vector512<short> MinInts(Vector512<short> a, Vector512<short> b) => Vector512.Min(a.AsInt32(), b.AsInt32()).AsInt16();

    public static Vector512<short> MaxInts(Vector512<short> a, Vector512<short> b) => Vector512.Max(a.AsInt32(), b.AsInt32()).AsInt16();

    public static Vector512<short> ShiftRightInts(Vector512<short> value, [ConstantExpected] byte count) => (value.AsInt32() >> count).AsInt16();

    public static Vector512<short> ShiftLeftInts(Vector512<short> value, [ConstantExpected] byte count) => (value.AsInt32() << count).AsInt16();

    public static Vector512<short> Add(Vector512<short> a, Vector512<short> b) => Avx512BW.AddSaturate(a, b);

    public static Vector512<short> Min(Vector512<short> a, Vector512<short> b) => Vector512.Min(a, b);

    public static Vector512<short> Max(Vector512<short> a, Vector512<short> b) => Vector512.Max(a, b);

    public static Vector512<short> And(Vector512<short> a, Vector512<short> b) => a & b;

    public static Vector512<short> ShiftRight(Vector512<short> value, [ConstantExpected] byte count) => value >> count;

    public static Vector512<short> ShiftLeft(Vector512<short> value, [ConstantExpected] byte count) => value << count;

    public static Vector512<short> InterleaveLow(Vector512<short> a, Vector512<short> b) => Avx512BW.UnpackLow(a, b);

    public static Vector512<short> InterleaveHigh(Vector512<short> a, Vector512<short> b) => Avx512BW.UnpackHigh(a, b);

    public static Vector512<short> Narrow(Vector512<short> low, Vector512<short> high) => Avx512BW.PackSignedSaturate(low.AsInt32(), high.AsInt32());

    public static void StoreInterleaved(Vector512<short> a, Vector512<short> b, short* destination)
    {
        Vector512<short> low = InterleaveLow(a, b);
        Vector512<short> high = InterleaveHigh(a, b);

        // Each quarter of a vector was interleaved by itself.
        Vector512<long> first = Avx512F.PermuteVar8x64x2(low.AsInt64(), Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11), high.AsInt64());
        Vector512<long> second = Avx512F.PermuteVar8x64x2(low.AsInt64(), Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15), high.AsInt64());
        first.AsInt16().Store(destination);
        second.AsInt16().Store(destination + Lanes);
    }
}
