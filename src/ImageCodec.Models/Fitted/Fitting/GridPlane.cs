using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// A plane of floats with a margin, so that kernels may read a few values beyond each edge and up to a vector beyond the end of a row. The margin of a
/// plane of values is zero; what kernels add to the margin of a plane of gradients nobody reads.
/// </summary>
internal sealed unsafe class GridPlane
{
    /// <summary>Values before a row, and at least as many behind it.</summary>
    public const int SideMargin = 16;

    /// <summary>Rows above the first and below the last.</summary>
    public const int RowMargin = 3;

    // On the pinned heap, so the address holds as long as the array does.
    private readonly float[] _memory;
    private readonly float* _first;

    /// <summary>Makes a plane of zeros.</summary>
    public GridPlane(int width, int height)
    {
        Width = width;
        Height = height;
        Stride = SideMargin + (width + 15 & ~15) + SideMargin;
        _memory = GC.AllocateArray<float>(checked(Stride * (height + 2 * RowMargin) + 16), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _first = (float*)((address + 63) & ~63) + RowMargin * Stride + SideMargin;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Values from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The first value of a row, −<see cref="RowMargin"/> … <see cref="Height"/> + <see cref="RowMargin"/> − 1; on a border of 64 bytes.</summary>
    public float* Row(int y) => _first + (nint)y * Stride;

    /// <summary>The values of a row.</summary>
    public Span<float> Values(int y) => new(Row(y), Width);

    /// <summary>Sets everything to zero, the margin too.</summary>
    public void Clear() => _memory.AsSpan().Clear();
}
