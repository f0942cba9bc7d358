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

    /// <summary>Whether there are 32 registers rather than 16.</summary>
    static abstract bool HasManyRegisters { get; }

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

    /// <summary>The larger one; which of both for NaN and for zeros of either sign depends on the processor.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The lanes in turns: the first of <paramref name="a"/>, the first of <paramref name="b"/>, the second of a …; the first half of it.</summary>
    static abstract TVector InterleaveLow(TVector a, TVector b);

    /// <summary>The second half of the lanes in turns.</summary>
    static abstract TVector InterleaveHigh(TVector a, TVector b);

    /// <summary>The first, third … lanes of <paramref name="low"/> and then those of <paramref name="high"/>: what <see cref="InterleaveLow"/> took from a.</summary>
    static abstract TVector Evens(TVector low, TVector high);

    /// <summary>The second, fourth … lanes of both: what <see cref="InterleaveLow"/> took from b.</summary>
    static abstract TVector Odds(TVector low, TVector high);

    /// <summary>value · 2^n, where n is the integer in the low mantissa bits of <paramref name="shifted"/> = n + 1.5 · 2^23; no overflow may occur.</summary>
    static abstract TVector Scale(TVector value, TVector shifted);

    /// <summary>n as a float, where 2^n ≤ <paramref name="value"/> &lt; 2^(n+1); for positive normal numbers.</summary>
    static abstract TVector Exponent(TVector value);

    /// <summary>The lower half of the lanes, each twice: a, a, b, b …; with one lane the lane itself, as for <see cref="DoubleHigh"/>.</summary>
    static abstract TVector DoubleLow(TVector value);

    /// <summary>The upper half of the lanes, each twice.</summary>
    static abstract TVector DoubleHigh(TVector value);

    /// <summary>Sums of neighbouring lanes: those of <paramref name="a"/> in the lower half, then those of <paramref name="b"/>; with one lane a + b.</summary>
    static abstract TVector AddPairs(TVector a, TVector b);
}
