using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Moves numbers between the lanes of vectors.</summary>
internal static class Lanes
{
    /// <summary>Makes columns of four rows of four numbers, or rows of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(Span<Vector128<int>> lines)
    {
        Vector128<int> evenLow = ZipLow(lines[0], lines[2]);
        Vector128<int> evenHigh = ZipHigh(lines[0], lines[2]);
        Vector128<int> oddLow = ZipLow(lines[1], lines[3]);
        Vector128<int> oddHigh = ZipHigh(lines[1], lines[3]);
        lines[0] = ZipLow(evenLow, oddLow);
        lines[1] = ZipHigh(evenLow, oddLow);
        lines[2] = ZipLow(evenHigh, oddHigh);
        lines[3] = ZipHigh(evenHigh, oddHigh);
    }

    /// <summary>The first lanes of two vectors by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ZipLow(Vector128<int> a, Vector128<int> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>The last lanes of two vectors by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ZipHigh(Vector128<int> a, Vector128<int> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
