using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// One row of a convolution of stride 1 to one to four channels, too few to fill a vector: places lie side by side in the vectors' lanes. Sums are the chains of
/// <see cref="Convolution"/>.
/// </summary>
internal unsafe struct NarrowKernel : IKernel
{
    /// <summary>The most channels that it computes.</summary>
    public const int MaxOutputs = 4;

    /// <summary>Rows hold so many readable floats beyond the last place, and results so many that may be written.</summary>
    public const int Slack = 64;

    /// <summary>The first window's first row: for each channel its values side by side.</summary>
    public float* Input;

    /// <summary>From one channel's values to the next one's.</summary>
    public nint ChannelPitch;

    public nint RowPitch;

    public int Kernel;

    public int Inputs;

    public int Outputs;

    /// <summary>As (kernel row, kernel column, input, output).</summary>
    public float* Weights;

    public float* Bias;

    /// <summary>Receives the values of each output side by side.</summary>
    public float* Sums;

    public nint SumPitch;

    public int Places;

    public readonly void Run<TVector, TSimd>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        if (TSimd.HasManyRegisters)
        {
            Run<TVector, TSimd, Constant4>();
        }
        else
        {
            Run<TVector, TSimd, Constant3>();
        }
    }

    private readonly void Run<TVector, TSimd, TVectors>()
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TVectors : struct, IConstant
    {
        for (int first = 0; first < Places; first += TVectors.Value * TSimd.Lanes)
        {
            switch (Outputs)
            {
                case 1: Run<TVector, TSimd, TVectors, Constant1>(first); break;
                case 2: Run<TVector, TSimd, TVectors, Constant2>(first); break;
                case 3: Run<TVector, TSimd, TVectors, Constant3>(first); break;
                default: Run<TVector, TSimd, TVectors, Constant4>(first); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run<TVector, TSimd, TVectors, TOutputs>(int first)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TVectors : struct, IConstant
        where TOutputs : struct, IConstant
    {
        int lanes = TSimd.Lanes;
        TVector a0 = TSimd.Broadcast(Bias[0]), a1 = a0, a2 = a0, a3 = a0;
        TVector b0 = TOutputs.Value > 1 ? TSimd.Broadcast(Bias[1]) : default, b1 = b0, b2 = b0, b3 = b0;
        TVector c0 = TOutputs.Value > 2 ? TSimd.Broadcast(Bias[2]) : default, c1 = c0, c2 = c0, c3 = c0;
        TVector d0 = TOutputs.Value > 3 ? TSimd.Broadcast(Bias[3]) : default, d1 = d0, d2 = d0, d3 = d0;
        float* weights = Weights;
        nint pitch = ChannelPitch;
        for (int row = 0; row < Kernel; row++)
        {
            for (int column = 0; column < Kernel; column++)
            {
                float* from = Input + row * RowPitch + column + first;
                for (int left = Inputs; left > 0; left--, from += pitch, weights += TOutputs.Value)
                {
                    TVector x0 = TSimd.Load(from);
                    TVector x1 = TSimd.Load(from + lanes);
                    TVector x2 = TSimd.Load(from + 2 * lanes);
                    TVector x3 = TVectors.Value > 3 ? TSimd.Load(from + 3 * lanes) : default;
                    TVector weight = TSimd.Broadcast(weights[0]);
                    a0 = TSimd.MultiplyAdd(weight, x0, a0);
                    a1 = TSimd.MultiplyAdd(weight, x1, a1);
                    a2 = TSimd.MultiplyAdd(weight, x2, a2);
                    if (TVectors.Value > 3) { a3 = TSimd.MultiplyAdd(weight, x3, a3); }

                    if (TOutputs.Value > 1)
                    {
                        weight = TSimd.Broadcast(weights[1]);
                        b0 = TSimd.MultiplyAdd(weight, x0, b0);
                        b1 = TSimd.MultiplyAdd(weight, x1, b1);
                        b2 = TSimd.MultiplyAdd(weight, x2, b2);
                        if (TVectors.Value > 3) { b3 = TSimd.MultiplyAdd(weight, x3, b3); }
                    }

                    if (TOutputs.Value > 2)
                    {
                        weight = TSimd.Broadcast(weights[2]);
                        c0 = TSimd.MultiplyAdd(weight, x0, c0);
                        c1 = TSimd.MultiplyAdd(weight, x1, c1);
                        c2 = TSimd.MultiplyAdd(weight, x2, c2);
                        if (TVectors.Value > 3) { c3 = TSimd.MultiplyAdd(weight, x3, c3); }
                    }

                    if (TOutputs.Value > 3)
                    {
                        weight = TSimd.Broadcast(weights[3]);
                        d0 = TSimd.MultiplyAdd(weight, x0, d0);
                        d1 = TSimd.MultiplyAdd(weight, x1, d1);
                        d2 = TSimd.MultiplyAdd(weight, x2, d2);
                        if (TVectors.Value > 3) { d3 = TSimd.MultiplyAdd(weight, x3, d3); }
                    }
                }
            }
        }

        float* to = Sums + first;
        Put<TVector, TSimd, TVectors>(to, a0, a1, a2, a3);
        if (TOutputs.Value > 1) { Put<TVector, TSimd, TVectors>(to + SumPitch, b0, b1, b2, b3); }
        if (TOutputs.Value > 2) { Put<TVector, TSimd, TVectors>(to + 2 * SumPitch, c0, c1, c2, c3); }
        if (TOutputs.Value > 3) { Put<TVector, TSimd, TVectors>(to + 3 * SumPitch, d0, d1, d2, d3); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TVector, TSimd, TVectors>(float* to, TVector x0, TVector x1, TVector x2, TVector x3)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TVectors : struct, IConstant
    {
        TSimd.Store(x0, to);
        TSimd.Store(x1, to + TSimd.Lanes);
        TSimd.Store(x2, to + 2 * TSimd.Lanes);
        if (TVectors.Value > 3)
        {
            TSimd.Store(x3, to + 3 * TSimd.Lanes);
        }
    }
}
