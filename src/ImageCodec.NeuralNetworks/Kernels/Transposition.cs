using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>Matrices turned so that rows become columns.</summary>
internal static unsafe class Transposition
{
    /// <summary>to[column, row] = from[row, column], four by four where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint fromPitch, float* to, nint toPitch, int rows, int columns)
    {
        int turnedRows = Sse.IsSupported ? rows & ~3 : 0;
        int turnedColumns = Sse.IsSupported ? columns & ~3 : 0;
        for (int column = 0; column < turnedColumns; column += 4)
        {
            for (int row = 0; row < turnedRows; row += 4)
            {
                float* source = from + (nint)row * fromPitch + column;
                Vector128<float> a = Vector128.Load(source);
                Vector128<float> b = Vector128.Load(source + fromPitch);
                Vector128<float> c = Vector128.Load(source + 2 * fromPitch);
                Vector128<float> d = Vector128.Load(source + 3 * fromPitch);
                Vector128<float> lowAb = Sse.UnpackLow(a, b);
                Vector128<float> lowCd = Sse.UnpackLow(c, d);
                Vector128<float> highAb = Sse.UnpackHigh(a, b);
                Vector128<float> highCd = Sse.UnpackHigh(c, d);
                float* target = to + (nint)column * toPitch + row;
                Sse.MoveLowToHigh(lowAb, lowCd).Store(target);
                Sse.MoveHighToLow(lowCd, lowAb).Store(target + toPitch);
                Sse.MoveLowToHigh(highAb, highCd).Store(target + 2 * toPitch);
                Sse.MoveHighToLow(highCd, highAb).Store(target + 3 * toPitch);
            }
        }

        for (int column = 0; column < columns; column++)
        {
            for (int row = column < turnedColumns ? turnedRows : 0; row < rows; row++)
            {
                to[(nint)column * toPitch + row] = from[(nint)row * fromPitch + column];
            }
        }
    }
}
