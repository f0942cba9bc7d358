using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>The transform whose inverse is <see cref="InverseDct"/>, rows first. Four rows go side by side in the lanes of vectors, then four columns.</summary>
internal static class ForwardDct
{
    private const int Side = JpegFormat.BlockSide;
    private const int SampleCentre = 128;

    /// <summary>Makes the quantized coefficients of a block.</summary>
    /// <param name="samples">The first sample.</param>
    /// <param name="stride">From a row of samples to the next.</param>
    /// <param name="quantizer">The quantization.</param>
    /// <param name="zigzag">The coefficients, in zigzag order.</param>
    [SkipLocalsInit]
    public static void Transform(ReadOnlySpan<byte> samples, int stride, Quantizer quantizer, Span<short> zigzag)
    {
        // The left half's upper and lower rows, then the right half's.
        Span<Vector128<int>> lines = stackalloc Vector128<int>[2 * Side];
        for (int y = 0; y < Side; y++)
        {
            Vector128<short> row = Vector128.WidenLower(Vector128.CreateScalarUnsafe(BitConverter.ToUInt64(samples[(y * stride)..])).AsByte()).AsInt16();
            (lines[y], lines[Side + y]) = Vector128.Widen(row - Vector128.Create((short)SampleCentre));
        }

        Span<Vector128<int>> upperLeft = lines[..4];
        Span<Vector128<int>> lowerLeft = lines[4..8];
        Span<Vector128<int>> upperRight = lines[8..12];
        Span<Vector128<int>> lowerRight = lines[12..];
        TransformRows(upperLeft, upperRight);
        TransformRows(lowerLeft, lowerRight);
        TransformLines(upperLeft, lowerLeft, DctConstants.PassBits);
        TransformLines(upperRight, lowerRight, DctConstants.PassBits);
        quantizer.Quantize(lines, zigzag);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformRows(Span<Vector128<int>> left, Span<Vector128<int>> right)
    {
        Lanes.Transpose(left);
        Lanes.Transpose(right);
        TransformLines(left, right, -DctConstants.PassBits);
        Lanes.Transpose(left);
        Lanes.Transpose(right);
    }

    /// <summary>Transforms eight values in place, of four lines at once.</summary>
    /// <param name="first">The first four.</param>
    /// <param name="last">The last four.</param>
    /// <param name="shift">The bits to be taken off, or added where it is negative.</param>
    private static void TransformLines(Span<Vector128<int>> first, Span<Vector128<int>> last, int shift)
    {
        Vector128<int> sum07 = first[0] + last[3];
        Vector128<int> sum16 = first[1] + last[2];
        Vector128<int> sum25 = first[2] + last[1];
        Vector128<int> sum34 = first[3] + last[0];
        Vector128<int> odd0 = first[0] - last[3];
        Vector128<int> odd1 = first[1] - last[2];
        Vector128<int> odd2 = first[2] - last[1];
        Vector128<int> odd3 = first[3] - last[0];

        Vector128<int> outer = sum07 + sum34;
        Vector128<int> inner = sum16 + sum25;
        first[0] = shift < 0 ? (outer + inner) << -shift : Round(outer + inner, shift);
        last[0] = shift < 0 ? (outer - inner) << -shift : Round(outer - inner, shift);

        int bits = DctConstants.ConstantBits + shift;
        Vector128<int> outerDifference = sum07 - sum34;
        Vector128<int> innerDifference = sum16 - sum25;
        Vector128<int> rotated = (outerDifference + innerDifference) * DctConstants.Fix0541196100;
        first[2] = Round(rotated + (outerDifference * DctConstants.Fix0765366865), bits);
        last[2] = Round(rotated - (innerDifference * DctConstants.Fix1847759065), bits);

        Vector128<int> all = (odd0 + odd1 + odd2 + odd3) * DctConstants.Fix1175875602;
        Vector128<int> with13 = all - ((odd1 + odd3) * DctConstants.Fix1961570560);
        Vector128<int> with02 = all - ((odd0 + odd2) * DctConstants.Fix0390180644);
        Vector128<int> with03 = (odd0 + odd3) * -DctConstants.Fix0899976223;
        Vector128<int> with12 = (odd1 + odd2) * -DctConstants.Fix2562915447;
        first[1] = Round((odd0 * DctConstants.Fix1501321110) + with03 + with02, bits);
        first[3] = Round((odd1 * DctConstants.Fix3072711026) + with12 + with13, bits);
        last[1] = Round((odd2 * DctConstants.Fix2053119869) + with12 + with02, bits);
        last[3] = Round((odd3 * DctConstants.Fix0298631336) + with03 + with13, bits);
    }

    private static Vector128<int> Round(Vector128<int> values, int bits) => (values + Vector128.Create(1 << (bits - 1))) >> bits;
}
