using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Floats at a fixed address on a border of 64 bytes, zero at first. They live as long as this object does.</summary>
internal sealed unsafe class PinnedFloats
{
    private const int Alignment = 64;

    // On the pinned heap, so the address holds as long as the array does.
    private readonly float[] _memory;

    public PinnedFloats(int length)
    {
        Length = length;
        _memory = GC.AllocateArray<float>(checked(length + Alignment / sizeof(float)), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        Data = (float*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
    }

    public int Length { get; }

    public float* Data { get; }

    public Span<float> Span => new(Data, Length);
}
