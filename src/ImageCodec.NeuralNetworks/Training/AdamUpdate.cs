using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Training;

/// <summary>One step of Adam on some parameters, with their gradients and moments.</summary>
internal readonly unsafe struct AdamUpdate(
    float* values, float* gradients, float* firstMoments, float* secondMoments, nint length, AdamStep step) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        AdamStep s = step;
        nint i = 0;
        for (; i <= length - TSimd.Lanes; i += TSimd.Lanes)
        {
            Update<TVector, TSimd>(values + i, gradients + i, firstMoments + i, secondMoments + i, in s);
        }

        for (; i < length; i++)
        {
            Update<float, SimdScalar>(values + i, gradients + i, firstMoments + i, secondMoments + i, in s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TVector, TSimd>(float* value, float* gradient, float* firstMoment, float* secondMoment, in AdamStep step)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector g = TSimd.Multiply(TSimd.Load(gradient), TSimd.Broadcast(step.GradientScale));
        TVector m = TSimd.Load(firstMoment);
        TVector v = TSimd.Load(secondMoment);
        m = TSimd.MultiplyAdd(TSimd.Subtract(g, m), TSimd.Broadcast(1 - step.Decay1), m);
        v = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(g, g), v), TSimd.Broadcast(1 - step.Decay2), v);
        TSimd.Store(m, firstMoment);
        TSimd.Store(v, secondMoment);
        TVector root = TSimd.MultiplyAdd(TSimd.SquareRoot(v), TSimd.Broadcast(step.InverseRootCorrection2), TSimd.Broadcast(step.Epsilon));
        TVector change = TSimd.Divide(TSimd.Multiply(m, TSimd.Broadcast(step.StepSize)), root);
        TSimd.Store(TSimd.Subtract(TSimd.Load(value), change), value);
    }
}
