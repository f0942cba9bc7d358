using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Sums of rows at shifted places: how gradients come home to the values that several positions see.</summary>
internal static unsafe class ShiftedSum
{
    /// <summary>Rows that are added at once at most.</summary>
    private const int MaxSources = 6;

    /// <summary>target[i] += Σ sources[·][i], from <paramref name="start"/> on in whole vectors up to <paramref name="end"/>.</summary>
    public static void Add<TVector, TSimd>(float** sources, int count, float* target, nint start, nint end)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        for (; count > 0; sources += MaxSources, count -= MaxSources)
        {
            switch (count)
            {
                case 1: Add<TVector, TSimd, Constant1>(sources, target, start, end); break;
                case 2: Add<TVector, TSimd, Constant2>(sources, target, start, end); break;
                case 3: Add<TVector, TSimd, Constant3>(sources, target, start, end); break;
                case 4: Add<TVector, TSimd, Constant4>(sources, target, start, end); break;
                case 5: Add<TVector, TSimd, Constant5>(sources, target, start, end); break;
                default: Add<TVector, TSimd, Constant6>(sources, target, start, end); break;
            }
        }
    }

    /// <summary>Sets to zero what an earlier, wider block has left in rows behind what this block has filled.</summary>
    public static void ClearBehind(float* rows, int pitch, int count, int width, int fullWidth)
    {
        if (width == fullWidth)
        {
            return;
        }

        for (int row = 0; row < count; row++)
        {
            new Span<float>(rows + row * pitch + width, Math.Min(EntropyScratch.Margin * 2, fullWidth - width)).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TVector, TSimd, TCount>(float** sources, float* target, nint start, nint end)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
        where TCount : struct, IConstant
    {
        float* a = sources[0], b = TCount.Value > 1 ? sources[1] : null, c = TCount.Value > 2 ? sources[2] : null;
        float* d = TCount.Value > 3 ? sources[3] : null, e = TCount.Value > 4 ? sources[4] : null, f = TCount.Value > 5 ? sources[5] : null;
        for (nint i = start; i < end; i += TSimd.Lanes)
        {
            TVector sum = TSimd.Add(TSimd.Load(target + i), TSimd.Load(a + i));
            if (TCount.Value > 1) { sum = TSimd.Add(sum, TSimd.Load(b + i)); }
            if (TCount.Value > 2) { sum = TSimd.Add(sum, TSimd.Load(c + i)); }
            if (TCount.Value > 3) { sum = TSimd.Add(sum, TSimd.Load(d + i)); }
            if (TCount.Value > 4) { sum = TSimd.Add(sum, TSimd.Load(e + i)); }
            if (TCount.Value > 5) { sum = TSimd.Add(sum, TSimd.Load(f + i)); }

            TSimd.Store(sum, target + i);
        }
    }
}
