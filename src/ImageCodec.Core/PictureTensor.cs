using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec;

/// <summary>Between 8-bit pictures and picture tensors whose sides are multiples of a stride.</summary>
internal static class PictureTensor
{
    private const int Channels = 3;

    /// <summary>The smallest shape of such a tensor that holds a picture.</summary>
    public static TensorShape Shape(int width, int height, int stride) => new(RoundUp(height, stride), RoundUp(width, stride), Channels);

    /// <summary>Pixels of a picture whose sides are rounded up to a stride: what the networks really work on.</summary>
    public static long CountPixels(int width, int height, int stride)
    {
        // At most 2^31 each, so their product fits.
        long paddedWidth = ((long)width + stride - 1) / stride * stride;
        long paddedHeight = ((long)height + stride - 1) / stride * stride;
        return paddedWidth * paddedHeight;
    }

    /// <summary>Pixels become values in [0, 1]; beyond the right and lower edge the last pixel goes on.</summary>
    public static void FromImage(RgbImage image, TensorShape shape, Span<float> tensor)
    {
        int rowLength = Channels * shape.Width;
        for (int y = 0; y < shape.Height; y++)
        {
            ReadRow(image, y, 0, tensor.Slice(y * rowLength, rowLength));
        }
    }

    /// <summary>Values become pixels, clipped to [0, 1] and rounded to the nearest of 256 levels; what was padding is left out.</summary>
    public static void ToImage(ReadOnlySpan<float> tensor, TensorShape shape, RgbImage image)
    {
        for (int y = 0; y < image.Height; y++)
        {
            WriteRow(image, y, 0, tensor.Slice(y * Channels * shape.Width, Channels * image.Width));
        }
    }

    /// <summary>A part of a row of what <see cref="FromImage"/> makes, from a column of the picture on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadRow(RgbImage image, int y, int x, Span<float> values)
    {
        ReadOnlySpan<byte> pixels = image.GetRow(Math.Min(y, image.Height - 1))[(Channels * x)..];
        int present = Math.Min(pixels.Length, values.Length);
        int done = 0;
        for (; done <= present - Vector128<byte>.Count; done += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(pixels[done..]));
            Span<float> sixteen = values.Slice(done, Vector128<byte>.Count);
            Shares(low, sixteen);
            Shares(high, sixteen[8..]);
        }

        for (; done < present; done++)
        {
            values[done] = pixels[done] / 255f;
        }

        for (int i = present; i < values.Length; i++)
        {
            values[i] = values[i - Channels];
        }
    }

    /// <summary>Puts a part of a row of a tensor into a picture, from a column of the picture on, as <see cref="ToImage"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteRow(RgbImage image, int y, int x, ReadOnlySpan<float> values)
    {
        if (y >= image.Height)
        {
            return;
        }

        Span<byte> pixels = image.GetRow(y)[(Channels * x)..];
        int count = Math.Min(pixels.Length, values.Length);
        int done = 0;
        for (; done + Vector128<byte>.Count <= count; done += Vector128<byte>.Count)
        {
            ReadOnlySpan<float> sixteen = values.Slice(done, Vector128<byte>.Count);
            Vector128.Narrow(
                Vector128.Narrow(Levels(sixteen), Levels(sixteen[4..])),
                Vector128.Narrow(Levels(sixteen[8..]), Levels(sixteen[12..]))).CopyTo(pixels[done..]);
        }

        for (; done < count; done++)
        {
            pixels[done] = (byte)Levels(Vector128.CreateScalar(values[done])).ToScalar();
        }
    }

    private static void Shares(Vector128<ushort> levels, Span<float> values)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(levels);
        (Vector128.ConvertToSingle(low.AsInt32()) / 255f).CopyTo(values);
        (Vector128.ConvertToSingle(high.AsInt32()) / 255f).CopyTo(values[4..]);
    }

    private static Vector128<uint> Levels(ReadOnlySpan<float> values) => Levels(Vector128.Create(values));

    /// <summary>The levels of four values, by comparisons that NaN fails, so that every machine gives it the same pixel.</summary>
    private static Vector128<uint> Levels(Vector128<float> values)
    {
        Vector128<float> positive = Vector128.ConditionalSelect(Vector128.GreaterThan(values, Vector128<float>.Zero), values, Vector128<float>.Zero);
        Vector128<float> scaled = positive * 255 + Vector128.Create(0.5f);
        Vector128<float> levels = Vector128.ConditionalSelect(Vector128.LessThan(positive, Vector128<float>.One), scaled, Vector128.Create(255f));
        return Vector128.ConvertToInt32(levels).AsUInt32();
    }

    private static int RoundUp(int side, int stride) => checked((side + stride - 1) / stride * stride);
}
