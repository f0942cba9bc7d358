using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Sixteen pixels of three colours, between their bytes one after the other and a vector of each colour.</summary>
internal static class PixelVectors
{
    public const int Count = 16;

    /// <summary>Reads the first sixteen pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> Red, Vector128<byte> Green, Vector128<byte> Blue) Load(ReadOnlySpan<byte> rgb)
    {
        Vector128<byte> first = Vector128.Create(rgb);
        Vector128<byte> second = Vector128.Create(rgb[Count..]);
        Vector128<byte> third = Vector128.Create(rgb[(2 * Count)..]);

        // Indices beyond the last lane give 0.
        return (
            Vector128.Shuffle(first, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13)),
            Vector128.Shuffle(first, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14)),
            Vector128.Shuffle(first, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15)));
    }

    /// <summary>Writes sixteen pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, Span<byte> rgb)
    {
        (Vector128.Shuffle(red, Vector128.Create((byte)0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255, 5))
            | Vector128.Shuffle(green, Vector128.Create((byte)255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255))
            | Vector128.Shuffle(blue, Vector128.Create((byte)255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255))).CopyTo(rgb);
        (Vector128.Shuffle(red, Vector128.Create((byte)255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10, 255))
            | Vector128.Shuffle(green, Vector128.Create((byte)5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10))
            | Vector128.Shuffle(blue, Vector128.Create((byte)255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255))).CopyTo(rgb[Count..]);
        (Vector128.Shuffle(red, Vector128.Create((byte)255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255, 255))
            | Vector128.Shuffle(green, Vector128.Create((byte)255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255))
            | Vector128.Shuffle(blue, Vector128.Create((byte)10, 255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15))).CopyTo(rgb[(2 * Count)..]);
    }
}
