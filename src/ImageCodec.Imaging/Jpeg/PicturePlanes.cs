using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Turns a row of MCUs of a picture into quantized coefficients: grey, or YCbCr with chroma halved in both directions.</summary>
/// <remarks>Beyond its right and lower edge a picture goes on as it ends there, sample by sample.</remarks>
internal sealed class PicturePlanes
{
    private const int Side = JpegFormat.BlockSide;

    /// <summary>Luma blocks on a side of an MCU in colour, and luma samples to one of chroma.</summary>
    private const int Ratio = 2;

    private readonly RgbImage _image;
    private readonly Quantizer _lumaQuantizer;
    private readonly Quantizer _chromaQuantizer;

    private readonly byte[] _luma;
    private readonly byte[] _cb;
    private readonly byte[] _cr;
    private readonly byte[] _smallCb;
    private readonly byte[] _smallCr;

    public PicturePlanes(RgbImage image, bool isGrey, byte[] lumaSteps, byte[] chromaSteps)
    {
        _image = image;
        IsGrey = isGrey;
        _lumaQuantizer = new Quantizer(lumaSteps);
        _chromaQuantizer = new Quantizer(chromaSteps);
        McuHeight = isGrey ? Side : Ratio * Side;
        McuColumns = JpegFormat.DivideUp(image.Width, McuHeight);
        McuRows = JpegFormat.DivideUp(image.Height, McuHeight);
        int rowLength = Stride * McuHeight;
        _luma = new byte[rowLength];
        _cb = new byte[rowLength];
        _cr = new byte[rowLength];
        _smallCb = new byte[rowLength / (Ratio * Ratio)];
        _smallCr = new byte[rowLength / (Ratio * Ratio)];
    }

    public bool IsGrey { get; }

    public int McuRows { get; }

    public int BlocksPerMcu => IsGrey ? 1 : (Ratio * Ratio) + 2;

    private int McuColumns { get; }

    private int McuHeight { get; }

    private int Stride => McuColumns * McuHeight;

    private int SmallStride => Stride / Ratio;

    /// <summary>0 for luma, 1 for Cb, 2 for Cr, by a block's number in its MCU.</summary>
    public int Component(int block) => IsGrey ? 0 : Math.Max(0, block - (Ratio * Ratio) + 1);

    /// <summary>The coefficients of a row of MCUs, each block in zigzag order, in the order of the file.</summary>
    public short[] Transform(int mcuRow)
    {
        FillPlanes(mcuRow);
        short[] coefficients = new short[McuColumns * BlocksPerMcu * JpegFormat.BlockLength];
        Span<short> left = coefficients;
        for (int mcu = 0; mcu < McuColumns; mcu++)
        {
            if (IsGrey)
            {
                ForwardDct.Transform(_luma.AsSpan(mcu * Side), Stride, _lumaQuantizer, Next(ref left));
            }
            else
            {
                TransformLuma(mcuRow, mcu, ref left);
                ForwardDct.Transform(_smallCb.AsSpan(mcu * Side), SmallStride, _chromaQuantizer, Next(ref left));
                ForwardDct.Transform(_smallCr.AsSpan(mcu * Side), SmallStride, _chromaQuantizer, Next(ref left));
            }
        }

        return coefficients;
    }

    /// <summary>
    /// The four luma blocks of an MCU. A block with no sample of the picture, which no reader shows, costs least when it is flat and
    /// as bright as the one before it.
    /// </summary>
    private void TransformLuma(int mcuRow, int mcu, ref Span<short> left)
    {
        short dc = 0;
        for (int y = 0; y < Ratio; y++)
        {
            for (int x = 0; x < Ratio; x++)
            {
                Span<short> block = Next(ref left);
                int column = (Ratio * mcu) + x;
                int row = (Ratio * mcuRow) + y;
                if (Side * column < _image.Width && Side * row < _image.Height)
                {
                    ForwardDct.Transform(_luma.AsSpan((y * Side * Stride) + (column * Side)), Stride, _lumaQuantizer, block);
                    dc = block[0];
                }
                else
                {
                    block[0] = dc;
                }
            }
        }
    }

    private static Span<short> Next(ref Span<short> left)
    {
        Span<short> block = left[..JpegFormat.BlockLength];
        left = left[JpegFormat.BlockLength..];
        return block;
    }

    private void FillPlanes(int mcuRow)
    {
        int first = mcuRow * McuHeight;
        int width = _image.Width;
        for (int y = 0; y < McuHeight; y++)
        {
            Span<byte> luma = _luma.AsSpan(y * Stride, Stride);
            Span<byte> cb = _cb.AsSpan(y * Stride, Stride);
            Span<byte> cr = _cr.AsSpan(y * Stride, Stride);
            ColorConversion.RgbToYCbCr(_image.GetRow(Math.Min(first + y, _image.Height - 1)), luma, cb, cr);
            luma[width..].Fill(luma[width - 1]);
            cb[width..].Fill(cb[width - 1]);
            cr[width..].Fill(cr[width - 1]);
        }

        if (!IsGrey)
        {
            int rows = Math.Min(Side, JpegFormat.DivideUp(_image.Height - first, Ratio));
            Halve(_cb, _smallCb, rows);
            Halve(_cr, _smallCr, rows);
        }
    }

    /// <summary>Takes the mean of each four samples, halves rounded down and up by turns, so that the whole gets neither darker nor brighter.</summary>
    private void Halve(byte[] plane, byte[] small, int rows)
    {
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> upper = plane.AsSpan(Ratio * y * Stride, Stride);
            ReadOnlySpan<byte> lower = plane.AsSpan(((Ratio * y) + 1) * Stride, Stride);
            Span<byte> to = small.AsSpan(y * SmallStride, SmallStride);
            int x = 0;
            Vector128<ushort> roundings = Vector128.Create((ushort)1, 2, 1, 2, 1, 2, 1, 2);
            for (; x <= to.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                Vector128<ushort> low = (Pairs(upper[(2 * x)..]) + Pairs(lower[(2 * x)..]) + roundings) >> 2;
                int next = 2 * (x + Vector128<ushort>.Count);
                Vector128<ushort> high = (Pairs(upper[next..]) + Pairs(lower[next..]) + roundings) >> 2;
                Vector128.Narrow(low, high).CopyTo(to[x..]);
            }

            for (; x < to.Length; x++)
            {
                int sum = upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1];
                to[x] = (byte)((sum + 1 + (x & 1)) >> 2);
            }
        }

        for (int y = rows; y < Side; y++)
        {
            small.AsSpan((rows - 1) * SmallStride, SmallStride).CopyTo(small.AsSpan(y * SmallStride));
        }
    }

    /// <summary>The sums of samples side by side, of sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Pairs(ReadOnlySpan<byte> samples)
    {
        Vector128<ushort> both = Vector128.Create(samples).AsUInt16();
        return (both & Vector128.Create((ushort)0xFF)) + (both >> 8);
    }
}
