using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.NeuralNetworks.Simd;

/// <summary>128-bit vectors.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Lanes => Vector128<float>.Count;

    public static int MaxTile => 6;

    public static bool HasManyRegisters => false;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> SquareRoot(Vector128<float> value) => Vector128.Sqrt(value);

    public static Vector128<float> SelectGreater(Vector128<float> a, Vector128<float> b, Vector128<float> yes, Vector128<float> no) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(
        Vector128.Create(-1, 0, -1, 0).AsSingle(),
        Vector128.ShuffleNative(a, Vector128.Create(0, 0, 1, 1)),
        Vector128.ShuffleNative(b, Vector128.Create(0, 0, 1, 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(
        Vector128.Create(-1, 0, -1, 0).AsSingle(),
        Vector128.ShuffleNative(a, Vector128.Create(2, 2, 3, 3)),
        Vector128.ShuffleNative(b, Vector128.Create(2, 2, 3, 3)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Evens(Vector128<float> low, Vector128<float> high) => Vector128.ConditionalSelect(
        Vector128.Create(-1, -1, 0, 0).AsSingle(),
        Vector128.ShuffleNative(low, Vector128.Create(0, 2, 0, 2)),
        Vector128.ShuffleNative(high, Vector128.Create(0, 2, 0, 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Odds(Vector128<float> low, Vector128<float> high) => Vector128.ConditionalSelect(
        Vector128.Create(-1, -1, 0, 0).AsSingle(),
        Vector128.ShuffleNative(low, Vector128.Create(1, 3, 1, 3)),
        Vector128.ShuffleNative(high, Vector128.Create(1, 3, 1, 3)));

    public static Vector128<float> Scale(Vector128<float> value, Vector128<float> shifted) =>
        (value.AsInt32() + Vector128.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exponent(Vector128<float> value) =>
        Vector128.ConvertToSingle(Vector128.ShiftRightArithmetic(value.AsInt32(), 23) - Vector128.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> DoubleLow(Vector128<float> value) => Vector128.ShuffleNative(value, Vector128.Create(0, 0, 1, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> DoubleHigh(Vector128<float> value) => Vector128.ShuffleNative(value, Vector128.Create(2, 2, 3, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AddPairs(Vector128<float> a, Vector128<float> b) => Evens(a, b) + Odds(a, b);
}
