namespace ImageCodec.NeuralNetworks.Simd;

/// <summary>
/// The vector operations that kernels are written in, once for every width. Each gives the same bits in a lane whatever the
/// width: one IEEE 754 operation, rounded once.
/// </summary>
/// <typeparam name="TVector">The vector: <see cref="float"/> itself for the scalar path.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Pixels in the largest register tile two vectors wide that leaves registers for weights and one broadcast.</summary>
    static abstract int MaxTile { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    static abstract TVector Broadcast(float value);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector SquareRoot(TVector value);

    /// <summary><paramref name="yes"/> where <paramref name="a"/> &gt; <paramref name="b"/>, else (also for NaN) <paramref name="no"/>.</summary>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector yes, TVector no);

    /// <summary>value · 2^n, where n is the integer in the low mantissa bits of <paramref name="shifted"/> = n + 1.5 · 2^23; no overflow may occur.</summary>
    static abstract TVector Scale(TVector value, TVector shifted);
}
