using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>The integer kernels for one vector width; all widths give the same bits.</summary>
internal abstract unsafe class IntegerBackend
{
    /// <summary>Every width, for tests that compare them; those of x86 only where they can run.</summary>
    public static IReadOnlyList<IntegerBackend> All { get; } = [.. Available()];

    /// <summary>The widest that the processor has.</summary>
    public static IntegerBackend Current => All[0];

    /// <summary>16-bit lanes in a vector.</summary>
    public abstract int Lanes { get; }

    /// <inheritdoc cref="PredictionKernel.Predict"/>
    public abstract void Predict(ref readonly PredictionArguments arguments);

    /// <inheritdoc cref="PredictionKernel.Features"/>
    public abstract void Features(ref readonly PredictionArguments arguments, int* weights, short** features, int count);

    /// <inheritdoc cref="PredictionKernel.Interleave"/>
    public abstract void Interleave(short* even, short* odd, short* to, int first, int end);

    /// <inheritdoc cref="UpsamplingKernel.Scale"/>
    public abstract void Scale(short* from, short* to, int count);

    /// <inheritdoc cref="UpsamplingKernel.DoubleRow"/>
    public abstract void DoubleRow(short* from, short* to, int count, int near, int far);

    /// <inheritdoc cref="UpsamplingKernel.CombineRows"/>
    public abstract void CombineRows(short* a, short* b, short* c, short* d, short* to, int count, int near, int far);

    /// <inheritdoc cref="SynthesisKernel.Mix"/>
    public abstract void Mix(SynthesisWeights weights, short** channels, short** colors, int** linear, int count);

    /// <inheritdoc cref="SynthesisKernel.Filter"/>
    public abstract void Filter(int* weights, short** inputs, short** to, int count);

    /// <inheritdoc cref="SynthesisKernel.Finish"/>
    public abstract void Finish(int* weights, short** inputs, int** linear, short** to, int count);

    private static IEnumerable<IntegerBackend> Available()
    {
        if (Avx512BW.IsSupported)
        {
            yield return new IntegerBackend<Vector512<short>, ShortSimd512>();
        }

        if (Avx2.IsSupported)
        {
            yield return new IntegerBackend<Vector256<short>, ShortSimd256>();
        }

        if (Sse2.IsSupported)
        {
            yield return new IntegerBackend<Vector128<short>, ShortSimd128>();
        }

        yield return new IntegerBackend<Vector128<short>, ShortSimdPortable>();
    }
}

/// <inheritdoc/>
internal sealed unsafe class IntegerBackend<TVector, TSimd> : IntegerBackend
    where TVector : struct
    where TSimd : struct, IShortSimd<TVector>
{
    public override int Lanes => TSimd.Lanes;

    public override void Predict(ref readonly PredictionArguments arguments) => PredictionKernel.Predict<TVector, TSimd>(in arguments);

    public override void Features(ref readonly PredictionArguments arguments, int* weights, short** features, int count) =>
        PredictionKernel.Features<TVector, TSimd>(in arguments, weights, features, count);

    public override void Interleave(short* even, short* odd, short* to, int first, int end) =>
        PredictionKernel.Interleave<TVector, TSimd>(even, odd, to, first, end);

    public override void Scale(short* from, short* to, int count) => UpsamplingKernel.Scale<TVector, TSimd>(from, to, count);

    public override void DoubleRow(short* from, short* to, int count, int near, int far) =>
        UpsamplingKernel.DoubleRow<TVector, TSimd>(from, to, count, near, far);

    public override void CombineRows(short* a, short* b, short* c, short* d, short* to, int count, int near, int far) =>
        UpsamplingKernel.CombineRows<TVector, TSimd>(a, b, c, d, to, count, near, far);

    public override void Mix(SynthesisWeights weights, short** channels, short** colors, int** linear, int count) =>
        SynthesisKernel.Mix<TVector, TSimd>(weights, channels, colors, linear, count);

    public override void Filter(int* weights, short** inputs, short** to, int count) => SynthesisKernel.Filter<TVector, TSimd>(weights, inputs, to, count);

    public override void Finish(int* weights, short** inputs, int** linear, short** to, int count) =>
        SynthesisKernel.Finish<TVector, TSimd>(weights, inputs, linear, to, count);
}
