using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>256-bit vectors of x86.</summary>
internal readonly unsafe struct ShortSimd256 : IShortSimd<Vector256<short>>
{
    public static int Lanes => Vector256<short>.Count;

    public static Vector256<short> Load(short* source) => Vector256.Load(source);

    public static void Store(Vector256<short> value, short* destination) => value.Store(destination);

    public static Vector256<short> Broadcast(short value) => Vector256.Create(value);

    public static Vector256<short> BroadcastInt(int value) => Vector256.Create(value).AsInt16();

    public static Vector256<short> MultiplyAdd(Vector256<short> sum, Vector256<short> a, Vector256<short> b) =>
        (sum.AsInt32() + Avx2.MultiplyAddAdjacent(a, b)).AsInt16();

    public static Vector256<short> AddInts(Vector256<short> a, Vector256<short> b) => (a.AsInt32() + b.AsInt32()).AsInt16();

    public static Vector256<short> MinInts(Vector256<short> a, Vector256<short> b) => Vector256.Min(a.AsInt32(), b.AsInt32()).AsInt16();

    public static Vector256<short> MaxInts(Vector256<short> a, Vector256<short> b) => Vector256.Max(a.AsInt32(), b.AsInt32()).AsInt16();

    public static Vector256<short> ShiftRightInts(Vector256<short> value, [ConstantExpected] byte count) => (value.AsInt32() >> count).AsInt16();

    public static Vector256<short> ShiftLeftInts(Vector256<short> value, [ConstantExpected] byte count) => (value.AsInt32() << count).AsInt16();

    public static Vector256<short> Add(Vector256<short> a, Vector256<short> b) => Avx2.AddSaturate(a, b);

    public static Vector256<short> Min(Vector256<short> a, Vector256<short> b) => Vector256.Min(a, b);

    public static Vector256<short> Max(Vector256<short> a, Vector256<short> b) => Vector256.Max(a, b);

    public static Vector256<short> And(Vector256<short> a, Vector256<short> b) => a & b;

    public static Vector256<short> ShiftRight(Vector256<short> value, [ConstantExpected] byte count) => value >> count;

    public static Vector256<short> ShiftLeft(Vector256<short> value, [ConstantExpected] byte count) => value << count;

    public static Vector256<short> InterleaveLow(Vector256<short> a, Vector256<short> b) => Avx2.UnpackLow(a, b);

    public static Vector256<short> InterleaveHigh(Vector256<short> a, Vector256<short> b) => Avx2.UnpackHigh(a, b);

    public static Vector256<short> Narrow(Vector256<short> low, Vector256<short> high) => Avx2.PackSignedSaturate(low.AsInt32(), high.AsInt32());

    public static void StoreInterleaved(Vector256<short> a, Vector256<short> b, short* destination)
    {
        Vector256<short> low = InterleaveLow(a, b);
        Vector256<short> high = InterleaveHigh(a, b);

        // Each half of a vector was interleaved by itself.
        Avx2.Permute2x128(low, high, 0x20).Store(destination);
        Avx2.Permute2x128(low, high, 0x31).Store(destination + Lanes);
    }
}
