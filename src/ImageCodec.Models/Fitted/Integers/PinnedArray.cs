using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>Memory that kernels may keep the address of as long as they keep the array; zeros at first.</summary>
internal sealed unsafe class PinnedArray<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    // On the pinned heap, so the address holds as long as the array does.
    private readonly T[] _memory;

    /// <summary>Makes an array.</summary>
    public PinnedArray(long length)
    {
        _memory = GC.AllocateArray<T>(checked((int)(length + Alignment / sizeof(T))), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        First = (T*)((address + Alignment - 1) & ~(Alignment - 1));
    }

    /// <summary>The first element, on a border of 64 bytes.</summary>
    public T* First { get; }
}
