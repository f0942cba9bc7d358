using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>128-bit vectors of x86.</summary>
internal readonly unsafe struct ShortSimd128 : IShortSimd<Vector128<short>>
{
    public static int Lanes => Vector128<short>.Count;

    public static Vector128<short> Load(short* source) => Vector128.Load(source);

    public static void Store(Vector128<short> value, short* destination) => value.Store(destination);

    public static Vector128<short> Broadcast(short value) => Vector128.Create(value);

    public static Vector128<short> BroadcastInt(int value) => Vector128.Create(value).AsInt16();

    public static Vector128<short> MultiplyAdd(Vector128<short> sum, Vector128<short> a, Vector128<short> b) =>
        (sum.AsInt32() + Sse2.MultiplyAddAdjacent(a, b)).AsInt16();

    public static Vector128<short> AddInts(Vector128<short> a, Vector128<short> b) => (a.AsInt32() + b.AsInt32()).AsInt16();

    public static Vector128<short> MinInts(Vector128<short> a, Vector128<short> b) => Vector128.Min(a.AsInt32(), b.AsInt32()).AsInt16();

    public static Vector128<short> MaxInts(Vector128<short> a, Vector128<short> b) => Vector128.Max(a.AsInt32(), b.AsInt32()).AsInt16();

    public static Vector128<short> ShiftRightInts(Vector128<short> value, [ConstantExpected] byte count) => (value.AsInt32() >> count).AsInt16();

    public static Vector128<short> ShiftLeftInts(Vector128<short> value, [ConstantExpected] byte count) => (value.AsInt32() << count).AsInt16();

    public static Vector128<short> Add(Vector128<short> a, Vector128<short> b) => Sse2.AddSaturate(a, b);

    public static Vector128<short> Min(Vector128<short> a, Vector128<short> b) => Vector128.Min(a, b);

    public static Vector128<short> Max(Vector128<short> a, Vector128<short> b) => Vector128.Max(a, b);

    public static Vector128<short> And(Vector128<short> a, Vector128<short> b) => a & b;

    public static Vector128<short> ShiftRight(Vector128<short> value, [ConstantExpected] byte count) => value >> count;

    public static Vector128<short> ShiftLeft(Vector128<short> value, [ConstantExpected] byte count) => value << count;

    public static Vector128<short> InterleaveLow(Vector128<short> a, Vector128<short> b) => Sse2.UnpackLow(a, b);

    public static Vector128<short> InterleaveHigh(Vector128<short> a, Vector128<short> b) => Sse2.UnpackHigh(a, b);

    public static Vector128<short> Narrow(Vector128<short> low, Vector128<short> high) => Sse2.PackSignedSaturate(low.AsInt32(), high.AsInt32());

    public static void StoreInterleaved(Vector128<short> a, Vector128<short> b, short* destination)
    {
        Vector128<short> low = InterleaveLow(a, b);
        Vector128<short> high = InterleaveHigh(a, b);
        low.Store(destination);
        high.Store(destination + Lanes);
    }
}
