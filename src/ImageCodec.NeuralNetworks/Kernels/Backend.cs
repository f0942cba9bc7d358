using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// The kernels for one vector width. They are on the way from bytes to pixels, so all widths give the same bits; <see cref="Current"/> is the
/// widest that the processor has.
/// </summary>
internal abstract class Backend
{
    /// <summary>Every width, for tests that compare them.</summary>
    public static IReadOnlyList<Backend> All { get; } =
    [
        new Backend<Vector512<float>, Simd512>(),
        new Backend<Vector256<float>, Simd256>(),
        new Backend<Vector128<float>, Simd128>(),
        new Backend<float, SimdScalar>(),
    ];

    /// <summary>
    /// The backend in use. Where processors of an older kind slow down a little for 512-bit vectors, .NET does not recommend them; for long runs of
    /// multiply-adds they are worth it there too.
    /// </summary>
    public static Backend Current { get; } =
        Vector512.IsHardwareAccelerated || Avx512F.IsSupported ? All[0] :
        Vector256.IsHardwareAccelerated ? All[1] :
        Vector128.IsHardwareAccelerated ? All[2] : All[3];

    /// <summary>Lanes in a vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>Rows of the largest tile.</summary>
    public abstract int MaxTileRows { get; }

    /// <summary>Runs <see cref="TileKernel"/> with 1 … <see cref="MaxTileRows"/> rows of 1 or 2 vectors.</summary>
    public abstract void RunTile(int rows, int vectors, ref readonly TileArguments arguments);

    /// <summary>values[i] = 1 / (1 + e^−values[i]), for i below <paramref name="length"/>.</summary>
    public abstract unsafe void Sigmoid(float* values, nint length);

    /// <summary>result[i] = the largest of four values, for i below <paramref name="length"/>.</summary>
    public abstract unsafe void LargestOfFour(float* a, float* b, float* c, float* d, float* result, nint length);

    /// <summary>Runs a kernel that stands elsewhere.</summary>
    public abstract void Run<TKernel>(TKernel kernel)
        where TKernel : struct, IKernel;
}

/// <inheritdoc/>
internal sealed unsafe class Backend<TVector, TSimd> : Backend
    where TVector : struct
    where TSimd : struct, ISimd<TVector>
{
    public override int Lanes => TSimd.Lanes;

    public override int MaxTileRows => TSimd.MaxTile;

    public override void RunTile(int rows, int vectors, ref readonly TileArguments arguments)
    {
        if (vectors == 2)
        {
            RunTile<Constant2>(rows, in arguments);
        }
        else
        {
            RunTile<Constant1>(rows, in arguments);
        }
    }

    public override void Sigmoid(float* values, nint length) => ElementwiseKernels.Sigmoid<TVector, TSimd>(values, length);

    public override void LargestOfFour(float* a, float* b, float* c, float* d, float* result, nint length) =>
        ElementwiseKernels.LargestOfFour<TVector, TSimd>(a, b, c, d, result, length);

    public override void Run<TKernel>(TKernel kernel) => kernel.Run<TVector, TSimd>();

    private static void RunTile<TVectors>(int rows, ref readonly TileArguments arguments)
        where TVectors : struct, IConstant
    {
        switch (rows)
        {
            case 1: TileKernel.Run<TVector, TSimd, Constant1, TVectors>(in arguments); break;
            case 2: TileKernel.Run<TVector, TSimd, Constant2, TVectors>(in arguments); break;
            case 3: TileKernel.Run<TVector, TSimd, Constant3, TVectors>(in arguments); break;
            case 4: TileKernel.Run<TVector, TSimd, Constant4, TVectors>(in arguments); break;
            case 5: TileKernel.Run<TVector, TSimd, Constant5, TVectors>(in arguments); break;
            case 6: TileKernel.Run<TVector, TSimd, Constant6, TVectors>(in arguments); break;
            case 7: TileKernel.Run<TVector, TSimd, Constant7, TVectors>(in arguments); break;
            case 8: TileKernel.Run<TVector, TSimd, Constant8, TVectors>(in arguments); break;
            case 9: TileKernel.Run<TVector, TSimd, Constant9, TVectors>(in arguments); break;
            case 10: TileKernel.Run<TVector, TSimd, Constant10, TVectors>(in arguments); break;
            case 11: TileKernel.Run<TVector, TSimd, Constant11, TVectors>(in arguments); break;
            case 12: TileKernel.Run<TVector, TSimd, Constant12, TVectors>(in arguments); break;
            case 13: TileKernel.Run<TVector, TSimd, Constant13, TVectors>(in arguments); break;
            case 14: TileKernel.Run<TVector, TSimd, Constant14, TVectors>(in arguments); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, $"A tile has 1 to {TSimd.MaxTile} rows.");
        }
    }
}
