using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// The inverse of the discrete cosine transform after Loeffler, Ligtenberg and Moschytz («Practical fast 1-D DCT algorithms with 11
/// multiplications», 1989, the variant with 12), in integers: constants of 13 bits, and 2 more bits than samples have between columns
/// and rows. Together with the roundings this is the transform that is known as «islow» from the Independent JPEG Group's library.
/// </summary>
internal static class InverseDct
{
    private const int Side = JpegFormat.BlockSide;
    private const int SampleCentre = 128;

    /// <summary>A block of one colour: what all samples are.</summary>
    /// <param name="dc">The DC coefficient.</param>
    /// <param name="step">Its quantization step.</param>
    /// <param name="samples">The first sample.</param>
    /// <param name="stride">From a row of samples to the next.</param>
    public static void TransformDcAlone(int dc, int step, Span<byte> samples, int stride)
    {
        // The same as all other roundings of the transform together.
        byte value = Clamp((((dc * step) + 4) >> 3) + SampleCentre);
        for (int y = 0; y < Side; y++)
        {
            samples.Slice(y * stride, Side).Fill(value);
        }
    }

    /// <summary>Makes the samples of a block.</summary>
    /// <param name="coefficients">The quantized coefficients, row by row.</param>
    /// <param name="steps">The quantization steps, row by row.</param>
    /// <param name="samples">The first sample.</param>
    /// <param name="stride">From a row of samples to the next.</param>
    public static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> steps, Span<byte> samples, int stride)
    {
        coefficients = coefficients[..JpegFormat.BlockLength];
        steps = steps[..JpegFormat.BlockLength];
        Span<int> columns = stackalloc int[JpegFormat.BlockLength];
        Vector128<short> below = Vector128<short>.Zero;
        for (int y = 1; y < Side; y++)
        {
            below |= Vector128.Create(coefficients[(Side * y)..]);
        }

        for (int x = 0; x < Side; x++)
        {
            int dc = coefficients[x] * steps[x];
            if (below[x] == 0)
            {
                // Most columns of most blocks have nothing below their first row.
                int value = dc << DctConstants.PassBits;
                for (int y = 0; y < Side; y++)
                {
                    columns[(Side * y) + x] = value;
                }

                continue;
            }

            Line line = new(
                dc,
                coefficients[x + 8] * steps[x + 8],
                coefficients[x + 16] * steps[x + 16],
                coefficients[x + 24] * steps[x + 24],
                coefficients[x + 32] * steps[x + 32],
                coefficients[x + 40] * steps[x + 40],
                coefficients[x + 48] * steps[x + 48],
                coefficients[x + 56] * steps[x + 56],
                1 << (DctConstants.ConstantBits - DctConstants.PassBits - 1));
            const int Shift = DctConstants.ConstantBits - DctConstants.PassBits;
            columns[x] = (line.Even0 + line.Odd0) >> Shift;
            columns[x + 56] = (line.Even0 - line.Odd0) >> Shift;
            columns[x + 8] = (line.Even1 + line.Odd1) >> Shift;
            columns[x + 48] = (line.Even1 - line.Odd1) >> Shift;
            columns[x + 16] = (line.Even2 + line.Odd2) >> Shift;
            columns[x + 40] = (line.Even2 - line.Odd2) >> Shift;
            columns[x + 24] = (line.Even3 + line.Odd3) >> Shift;
            columns[x + 32] = (line.Even3 - line.Odd3) >> Shift;
        }

        for (int y = 0; y < Side; y++)
        {
            ReadOnlySpan<int> row = columns.Slice(Side * y, Side);
            const int Shift = DctConstants.ConstantBits + DctConstants.PassBits + 3;
            Line line = new(
                row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7],
                (1 << (Shift - 1)) + (SampleCentre << Shift));
            Span<byte> to = samples.Slice(y * stride, Side);
            to[7] = Clamp((line.Even0 - line.Odd0) >> Shift);
            to[0] = Clamp((line.Even0 + line.Odd0) >> Shift);
            to[1] = Clamp((line.Even1 + line.Odd1) >> Shift);
            to[6] = Clamp((line.Even1 - line.Odd1) >> Shift);
            to[2] = Clamp((line.Even2 + line.Odd2) >> Shift);
            to[5] = Clamp((line.Even2 - line.Odd2) >> Shift);
            to[3] = Clamp((line.Even3 + line.Odd3) >> Shift);
            to[4] = Clamp((line.Even3 - line.Odd3) >> Shift);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (uint)value <= 255 ? (byte)value : (byte)(~value >> 31);

    /// <summary>Eight values transformed: value n is Even(n) + Odd(n), and value 7 - n is Even(n) - Odd(n), both scaled by 2^<see cref="DctConstants.ConstantBits"/>.</summary>
    private readonly ref struct Line
    {
        public readonly int Even0;
        public readonly int Even1;
        public readonly int Even2;
        public readonly int Even3;
        public readonly int Odd0;
        public readonly int Odd1;
        public readonly int Odd2;
        public readonly int Odd3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Line(int c0, int c1, int c2, int c3, int c4, int c5, int c6, int c7, int rounding)
        {
            int rotated = (c2 + c6) * DctConstants.Fix0541196100;
            int low = rotated - (c6 * DctConstants.Fix1847759065);
            int high = rotated + (c2 * DctConstants.Fix0765366865);
            int sum = ((c0 + c4) << DctConstants.ConstantBits) + rounding;
            int difference = ((c0 - c4) << DctConstants.ConstantBits) + rounding;
            Even0 = sum + high;
            Even3 = sum - high;
            Even1 = difference + low;
            Even2 = difference - low;

            int all = (c1 + c3 + c5 + c7) * DctConstants.Fix1175875602;
            int with37 = all - ((c3 + c7) * DctConstants.Fix1961570560);
            int with15 = all - ((c1 + c5) * DctConstants.Fix0390180644);
            int with17 = (c1 + c7) * -DctConstants.Fix0899976223;
            int with35 = (c3 + c5) * -DctConstants.Fix2562915447;
            Odd0 = (c1 * DctConstants.Fix1501321110) + with17 + with15;
            Odd1 = (c3 * DctConstants.Fix3072711026) + with35 + with37;
            Odd2 = (c5 * DctConstants.Fix2053119869) + with35 + with15;
            Odd3 = (c7 * DctConstants.Fix0298631336) + with17 + with37;
        }
    }
}
