using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>Rows of colours to pixels.</summary>
internal static unsafe class PixelRows
{
    /// <summary>Joins levels 0 … 255 of three colours to pixels of three bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleave(short* red, short* green, short* blue, byte* pixels, int count)
    {
        int x = 0;
        for (; Vector128.IsHardwareAccelerated && x <= count - 16; x += 16)
        {
            Vector128<byte> r = Levels(red + x), g = Levels(green + x), b = Levels(blue + x);
            byte* to = pixels + 3 * x;
            Join(
                Vector128.Shuffle(r, Vector128.Create((byte)0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255, 5)),
                Vector128.Shuffle(g, Vector128.Create((byte)255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255)),
                Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255)),
                to);
            Join(
                Vector128.Shuffle(r, Vector128.Create((byte)255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10, 255)),
                Vector128.Shuffle(g, Vector128.Create((byte)5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10)),
                Vector128.Shuffle(b, Vector128.Create((byte)255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255)),
                to + 16);
            Join(
                Vector128.Shuffle(r, Vector128.Create((byte)255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255, 255)),
                Vector128.Shuffle(g, Vector128.Create((byte)255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255)),
                Vector128.Shuffle(b, Vector128.Create((byte)10, 255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15)),
                to + 32);
        }

        for (; x < count; x++)
        {
            pixels[3 * x] = (byte)red[x];
            pixels[3 * x + 1] = (byte)green[x];
            pixels[3 * x + 2] = (byte)blue[x];
        }
    }

    private static Vector128<byte> Levels(short* from) => Vector128.Narrow(Vector128.Load(from).AsUInt16(), Vector128.Load(from + 8).AsUInt16());

    private static void Join(Vector128<byte> r, Vector128<byte> g, Vector128<byte> b, byte* to) => (r | g | b).Store(to);
}
