using System.Runtime.CompilerServices;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// Colour as JFIF defines it: Y, Cb and Cr of ITU-R BT.601 over the full range of 8 bits. In fixed point with 16 bits behind the point
/// and rounded as the Independent JPEG Group's library does, since files and readers have long agreed on that.
/// </summary>
internal static class ColorConversion
{
    private const int FractionBits = 16;
    private const int Half = 1 << (FractionBits - 1);
    private const int Centre = 128;

    public static void GreyToRgb(ReadOnlySpan<byte> grey, Span<byte> rgb)
    {
        grey = grey[..(rgb.Length / 3)];
        for (int x = 0, to = 0; x < grey.Length && to + 2 < rgb.Length; x++, to += 3)
        {
            byte value = grey[x];
            rgb[to] = value;
            rgb[to + 1] = value;
            rgb[to + 2] = value;
        }
    }

    public static void InterleaveRgb(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> rgb)
    {
        int width = rgb.Length / 3;
        for (int x = 0; x < width; x++)
        {
            rgb[3 * x] = red[x];
            rgb[(3 * x) + 1] = green[x];
            rgb[(3 * x) + 2] = blue[x];
        }
    }

    public static void YCbCrToRgb(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb)
    {
        // 1.402, 1.772, 0.714136… and 0.344136…, which follow from the weights of the way back.
        const int CrToRed = 91881;
        const int CbToBlue = 116130;
        const int CrToGreen = 46802;
        const int CbToGreen = 22554;
        int width = rgb.Length / 3;
        luma = luma[..width];
        cb = cb[..width];
        cr = cr[..width];
        for (int x = 0, to = 0; x < luma.Length && to + 2 < rgb.Length; x++, to += 3)
        {
            int y = luma[x];
            int blue = cb[x] - Centre;
            int red = cr[x] - Centre;
            rgb[to] = Clamp(y + (((CrToRed * red) + Half) >> FractionBits));
            rgb[to + 1] = Clamp(y + (((-CbToGreen * blue) - (CrToGreen * red) + Half) >> FractionBits));
            rgb[to + 2] = Clamp(y + (((CbToBlue * blue) + Half) >> FractionBits));
        }
    }

    /// <summary>The way back, for pixels of one row.</summary>
    public static void RgbToYCbCr(ReadOnlySpan<byte> rgb, Span<byte> luma, Span<byte> cb, Span<byte> cr)
    {
        // 0.299, 0.587, 0.114; -0.168736…, -0.331264…, 0.5; 0.5, -0.418688…, -0.081312….
        const int RedToY = 19595;
        const int GreenToY = 38470;
        const int BlueToY = 7471;
        const int RedToCb = 11059;
        const int GreenToCb = 21709;
        const int GreenToCr = 27439;
        const int BlueToCr = 5329;

        // A little below one half, so that full blue and full red stay at 255.
        const int Offset = (Centre << FractionBits) + Half - 1;
        int width = rgb.Length / 3;
        luma = luma[..width];
        cb = cb[..width];
        cr = cr[..width];
        for (int x = 0, from = 0; x < luma.Length && from + 2 < rgb.Length; x++, from += 3)
        {
            int red = rgb[from];
            int green = rgb[from + 1];
            int blue = rgb[from + 2];
            luma[x] = (byte)(((RedToY * red) + (GreenToY * green) + (BlueToY * blue) + Half) >> FractionBits);
            cb[x] = (byte)(((-RedToCb * red) - (GreenToCb * green) + (blue * Half) + Offset) >> FractionBits);
            cr[x] = (byte)(((red * Half) - (GreenToCr * green) - (BlueToCr * blue) + Offset) >> FractionBits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (uint)value <= 255 ? (byte)value : (byte)(~value >> 31);
}
