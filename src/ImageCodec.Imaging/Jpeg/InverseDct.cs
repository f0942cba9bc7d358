using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// The inverse of the discrete cosine transform after Loeffler, Ligtenberg and Moschytz («Practical fast 1-D DCT algorithms with 11
/// multiplications», 1989, the variant with 12), in integers: constants of 13 bits, and 2 more bits than samples have between columns
/// and rows. Together with the roundings this is the transform that is known as «islow» from the Independent JPEG Group's library.
/// </summary>
/// <remarks>Four columns go side by side in the lanes of vectors, then four rows.</remarks>
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
        byte value = (byte)Math.Clamp((((dc * step) + 4) >> 3) + SampleCentre, 0, 255);
        ulong row = value * 0x0101010101010101UL;
        for (int y = 0; y < Side; y++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(samples[(y * stride)..], row);
        }
    }

    /// <summary>Makes the samples of a block.</summary>
    /// <param name="coefficients">The quantized coefficients, row by row.</param>
    /// <param name="steps">The quantization steps, row by row.</param>
    /// <param name="samples">The first sample.</param>
    /// <param name="stride">From a row of samples to the next.</param>
    [SkipLocalsInit]
    public static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> steps, Span<byte> samples, int stride)
    {
        // The left half's upper and lower rows, then the right half's.
        Span<Vector128<int>> lines = stackalloc Vector128<int>[2 * Side];
        for (int y = 0; y < Side; y++)
        {
            (Vector128<int> left, Vector128<int> right) = Vector128.Widen(Vector128.Create(coefficients[(Side * y)..]));
            (Vector128<uint> leftSteps, Vector128<uint> rightSteps) = Vector128.Widen(Vector128.Create(steps[(Side * y)..]));
            lines[y] = left * leftSteps.AsInt32();
            lines[Side + y] = right * rightSteps.AsInt32();
        }

        Span<Vector128<int>> upperLeft = lines[..4];
        Span<Vector128<int>> lowerLeft = lines[4..8];
        Span<Vector128<int>> upperRight = lines[8..12];
        Span<Vector128<int>> lowerRight = lines[12..];

        const int ColumnShift = DctConstants.ConstantBits - DctConstants.PassBits;
        TransformLines(upperLeft, lowerLeft, ColumnShift);
        TransformLines(upperRight, lowerRight, ColumnShift);

        const int RowShift = DctConstants.ConstantBits + DctConstants.PassBits + 3;
        Lanes.Transpose(upperLeft);
        Lanes.Transpose(upperRight);
        TransformLines(upperLeft, upperRight, RowShift);
        PutRows(upperLeft, upperRight, samples, stride);

        Lanes.Transpose(lowerLeft);
        Lanes.Transpose(lowerRight);
        TransformLines(lowerLeft, lowerRight, RowShift);
        PutRows(lowerLeft, lowerRight, samples[(4 * stride)..], stride);
    }

    /// <summary>Writes four rows of samples, given as eight columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutRows(ReadOnlySpan<Vector128<int>> left, ReadOnlySpan<Vector128<int>> right, Span<byte> samples, int stride)
    {
        Vector128<uint> leftRows = Rows(left);
        Vector128<uint> rightRows = Rows(right);
        for (int y = 0; y < 4; y++)
        {
            // Lanes keep the machine's order of bytes, so they are stored in it.
            BitConverter.TryWriteBytes(samples[(y * stride)..], leftRows[y]);
            BitConverter.TryWriteBytes(samples[((y * stride) + (Side / 2))..], rightRows[y]);
        }
    }

    /// <summary>Four columns as samples, with a row in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rows(ReadOnlySpan<Vector128<int>> columns)
    {
        Vector128<sbyte> values = Vector128.NarrowWithSaturation(
            Vector128.NarrowWithSaturation(columns[0], columns[1]), Vector128.NarrowWithSaturation(columns[2], columns[3]));
        Vector128<byte> samples = values.AsByte() ^ Vector128.Create((byte)SampleCentre);
        return Vector128.Shuffle(samples, Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsUInt32();
    }

    /// <summary>Transforms eight values in place, of four lines at once.</summary>
    /// <param name="first">The first four.</param>
    /// <param name="last">The last four.</param>
    /// <param name="shift">The bits to be taken off at the end, with rounding.</param>
    private static void TransformLines(Span<Vector128<int>> first, Span<Vector128<int>> last, int shift)
    {
        (Vector128<int> c0, Vector128<int> c1, Vector128<int> c2, Vector128<int> c3) = (first[0], first[1], first[2], first[3]);
        (Vector128<int> c4, Vector128<int> c5, Vector128<int> c6, Vector128<int> c7) = (last[0], last[1], last[2], last[3]);

        Vector128<int> rotated = (c2 + c6) * DctConstants.Fix0541196100;
        Vector128<int> low = rotated - (c6 * DctConstants.Fix1847759065);
        Vector128<int> high = rotated + (c2 * DctConstants.Fix0765366865);
        Vector128<int> rounding = Vector128.Create(1 << (shift - 1));
        Vector128<int> sum = ((c0 + c4) << DctConstants.ConstantBits) + rounding;
        Vector128<int> difference = ((c0 - c4) << DctConstants.ConstantBits) + rounding;
        Vector128<int> even0 = sum + high;
        Vector128<int> even1 = difference + low;
        Vector128<int> even2 = difference - low;
        Vector128<int> even3 = sum - high;

        Vector128<int> all = (c1 + c3 + c5 + c7) * DctConstants.Fix1175875602;
        Vector128<int> with37 = all - ((c3 + c7) * DctConstants.Fix1961570560);
        Vector128<int> with15 = all - ((c1 + c5) * DctConstants.Fix0390180644);
        Vector128<int> with17 = (c1 + c7) * -DctConstants.Fix0899976223;
        Vector128<int> with35 = (c3 + c5) * -DctConstants.Fix2562915447;
        Vector128<int> odd0 = (c1 * DctConstants.Fix1501321110) + with17 + with15;
        Vector128<int> odd1 = (c3 * DctConstants.Fix3072711026) + with35 + with37;
        Vector128<int> odd2 = (c5 * DctConstants.Fix2053119869) + with35 + with15;
        Vector128<int> odd3 = (c7 * DctConstants.Fix0298631336) + with17 + with37;

        first[0] = (even0 + odd0) >> shift;
        first[1] = (even1 + odd1) >> shift;
        first[2] = (even2 + odd2) >> shift;
        first[3] = (even3 + odd3) >> shift;
        last[0] = (even3 - odd3) >> shift;
        last[1] = (even2 - odd2) >> shift;
        last[2] = (even1 - odd1) >> shift;
        last[3] = (even0 - odd0) >> shift;
    }
}
