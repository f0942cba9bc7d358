using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    // 1.402, 1.772, 0.714136… and 0.344136…, which follow from the weights of the way back.
    private const int CrToRed = 91881;
    private const int CbToBlue = 116130;
    private const int CrToGreen = 46802;
    private const int CbToGreen = 22554;

    // 0.299, 0.587, 0.114; -0.168736…, -0.331264…, 0.5; 0.5, -0.418688…, -0.081312….
    private const int RedToY = 19595;
    private const int GreenToY = 38470;
    private const int BlueToY = 7471;
    private const int RedToCb = 11059;
    private const int GreenToCb = 21709;
    private const int GreenToCr = 27439;
    private const int BlueToCr = 5329;

    /// <summary>A little below one half over the centre, so that full blue and full red stay at 255.</summary>
    private const int Offset = (Centre << FractionBits) + Half - 1;

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
        int width = rgb.Length / 3;
        int x = 0;
        for (; x <= width - PixelVectors.Count; x += PixelVectors.Count)
        {
            (Vector128<short> lumaLow, Vector128<short> lumaHigh) = Centred(luma[x..]);
            (Vector128<short> cbLow, Vector128<short> cbHigh) = Centred(cb[x..]);
            (Vector128<short> crLow, Vector128<short> crHigh) = Centred(cr[x..]);
            PixelVectors.Store(
                Bytes(Sum(lumaLow, cbLow, 0, crLow, CrToRed), Sum(lumaHigh, cbHigh, 0, crHigh, CrToRed)),
                Bytes(Sum(lumaLow, cbLow, -CbToGreen, crLow, -CrToGreen), Sum(lumaHigh, cbHigh, -CbToGreen, crHigh, -CrToGreen)),
                Bytes(Sum(lumaLow, cbLow, CbToBlue, crLow, 0), Sum(lumaHigh, cbHigh, CbToBlue, crHigh, 0)),
                rgb[(3 * x)..]);
        }

        for (; x < width; x++)
        {
            int y = luma[x];
            int blue = cb[x] - Centre;
            int red = cr[x] - Centre;
            rgb[3 * x] = Clamp(y + (((CrToRed * red) + Half) >> FractionBits));
            rgb[(3 * x) + 1] = Clamp(y + (((-CbToGreen * blue) - (CrToGreen * red) + Half) >> FractionBits));
            rgb[(3 * x) + 2] = Clamp(y + (((CbToBlue * blue) + Half) >> FractionBits));
        }
    }

    /// <summary>Lays black ink over light that other inks leave: 255 where there is no black, as in the files.</summary>
    public static void Darken(Span<byte> rgb, ReadOnlySpan<byte> black)
    {
        for (int x = 0; x < rgb.Length / 3; x++)
        {
            for (int i = 3 * x; i < (3 * x) + 3; i++)
            {
                rgb[i] = (byte)(((rgb[i] * black[x]) + 127) / 255);
            }
        }
    }

    public static void Invert(Span<byte> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] ^= 255;
        }
    }

    /// <summary>The way back, for pixels of one row.</summary>
    public static void RgbToYCbCr(ReadOnlySpan<byte> rgb, Span<byte> luma, Span<byte> cb, Span<byte> cr)
    {
        int width = rgb.Length / 3;
        int x = 0;
        for (; x <= width - PixelVectors.Count; x += PixelVectors.Count)
        {
            (Vector128<byte> reds, Vector128<byte> greens, Vector128<byte> blues) = PixelVectors.Load(rgb[(3 * x)..]);
            Sum(reds, RedToY, greens, GreenToY, blues, BlueToY, Half).CopyTo(luma[x..]);
            Sum(reds, -RedToCb, greens, -GreenToCb, blues, Half, Offset).CopyTo(cb[x..]);
            Sum(reds, Half, greens, -GreenToCr, blues, -BlueToCr, Offset).CopyTo(cr[x..]);
        }

        for (; x < width; x++)
        {
            int red = rgb[3 * x];
            int green = rgb[(3 * x) + 1];
            int blue = rgb[(3 * x) + 2];
            luma[x] = (byte)(((RedToY * red) + (GreenToY * green) + (BlueToY * blue) + Half) >> FractionBits);
            cb[x] = (byte)(((-RedToCb * red) - (GreenToCb * green) + (Half * blue) + Offset) >> FractionBits);
            cr[x] = (byte)(((Half * red) - (GreenToCr * green) - (BlueToCr * blue) + Offset) >> FractionBits);
        }
    }

    /// <summary>Sixteen samples less 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short> Low, Vector128<short> High) Centred(ReadOnlySpan<byte> samples) =>
        Vector128.Widen((Vector128.Create(samples) ^ Vector128.Create((byte)Centre)).AsSByte());

    /// <summary>Sixteen bytes of values less 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector128<short> low, Vector128<short> high) =>
        Vector128.NarrowWithSaturation(low, high).AsByte() ^ Vector128.Create((byte)Centre);

    /// <summary>Eight lumas and what the chromas add; a weight of 0 takes no time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Sum(Vector128<short> luma, Vector128<short> cb, int cbWeight, Vector128<short> cr, int crWeight)
    {
        (Vector128<int> cbLow, Vector128<int> cbHigh) = Vector128.Widen(cb);
        (Vector128<int> crLow, Vector128<int> crHigh) = Vector128.Widen(cr);
        Vector128<int> low = Vector128.Create(Half);
        Vector128<int> high = low;
        if (cbWeight != 0)
        {
            low += cbLow * cbWeight;
            high += cbHigh * cbWeight;
        }

        if (crWeight != 0)
        {
            low += crLow * crWeight;
            high += crHigh * crWeight;
        }

        return luma + Vector128.Narrow(low >> FractionBits, high >> FractionBits);
    }

    /// <summary>Sixteen weighted sums, which stay within a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Sum(Vector128<byte> red, int redWeight, Vector128<byte> green, int greenWeight, Vector128<byte> blue, int blueWeight, int offset)
    {
        (Vector128<ushort> redLow, Vector128<ushort> redHigh) = Vector128.Widen(red);
        (Vector128<ushort> greenLow, Vector128<ushort> greenHigh) = Vector128.Widen(green);
        (Vector128<ushort> blueLow, Vector128<ushort> blueHigh) = Vector128.Widen(blue);
        return Vector128.Narrow(
            Sum(redLow, redWeight, greenLow, greenWeight, blueLow, blueWeight, offset),
            Sum(redHigh, redWeight, greenHigh, greenWeight, blueHigh, blueWeight, offset));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Sum(
        Vector128<ushort> red, int redWeight, Vector128<ushort> green, int greenWeight, Vector128<ushort> blue, int blueWeight, int offset)
    {
        (Vector128<uint> redLow, Vector128<uint> redHigh) = Vector128.Widen(red);
        (Vector128<uint> greenLow, Vector128<uint> greenHigh) = Vector128.Widen(green);
        (Vector128<uint> blueLow, Vector128<uint> blueHigh) = Vector128.Widen(blue);
        Vector128<int> low = (redLow.AsInt32() * redWeight) + (greenLow.AsInt32() * greenWeight) + (blueLow.AsInt32() * blueWeight) + Vector128.Create(offset);
        Vector128<int> high = (redHigh.AsInt32() * redWeight) + (greenHigh.AsInt32() * greenWeight) + (blueHigh.AsInt32() * blueWeight) + Vector128.Create(offset);
        return Vector128.Narrow(low >> FractionBits, high >> FractionBits).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (uint)value <= 255 ? (byte)value : (byte)(~value >> 31);
}
