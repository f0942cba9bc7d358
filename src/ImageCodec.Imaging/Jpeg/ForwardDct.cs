namespace ImageCodec.Imaging.Jpeg;

/// <summary>The transform whose inverse is <see cref="InverseDct"/>, rows first.</summary>
internal static class ForwardDct
{
    private const int Side = JpegFormat.BlockSide;
    private const int SampleCentre = 128;

    /// <summary>Makes the quantized coefficients of a block.</summary>
    /// <param name="samples">The first sample.</param>
    /// <param name="stride">From a row of samples to the next.</param>
    /// <param name="quantizer">The quantization.</param>
    /// <param name="zigzag">The coefficients, in zigzag order.</param>
    public static void Transform(ReadOnlySpan<byte> samples, int stride, Quantizer quantizer, Span<short> zigzag)
    {
        Span<int> block = stackalloc int[JpegFormat.BlockLength];
        for (int y = 0; y < Side; y++)
        {
            ReadOnlySpan<byte> from = samples.Slice(y * stride, Side);
            Span<int> to = block.Slice(Side * y, Side);
            for (int x = 0; x < Side; x++)
            {
                to[x] = from[x] - SampleCentre;
            }

            TransformLine(to, 1, -DctConstants.PassBits);
        }

        for (int x = 0; x < Side; x++)
        {
            TransformLine(block[x..], Side, DctConstants.PassBits);
        }

        quantizer.Quantize(block, zigzag);
    }

    /// <summary>Transforms eight values in place.</summary>
    /// <param name="values">The first.</param>
    /// <param name="stride">From one to the next.</param>
    /// <param name="shift">The bits to be taken off, or added where it is negative.</param>
    private static void TransformLine(Span<int> values, int stride, int shift)
    {
        int sum07 = values[0] + values[7 * stride];
        int sum16 = values[stride] + values[6 * stride];
        int sum25 = values[2 * stride] + values[5 * stride];
        int sum34 = values[3 * stride] + values[4 * stride];
        int odd0 = values[0] - values[7 * stride];
        int odd1 = values[stride] - values[6 * stride];
        int odd2 = values[2 * stride] - values[5 * stride];
        int odd3 = values[3 * stride] - values[4 * stride];

        int outer = sum07 + sum34;
        int inner = sum16 + sum25;
        values[0] = shift < 0 ? (outer + inner) << -shift : Round(outer + inner, shift);
        values[4 * stride] = shift < 0 ? (outer - inner) << -shift : Round(outer - inner, shift);

        int bits = DctConstants.ConstantBits + shift;
        int outerDifference = sum07 - sum34;
        int innerDifference = sum16 - sum25;
        int rotated = (outerDifference + innerDifference) * DctConstants.Fix0541196100;
        values[2 * stride] = Round(rotated + (outerDifference * DctConstants.Fix0765366865), bits);
        values[6 * stride] = Round(rotated - (innerDifference * DctConstants.Fix1847759065), bits);

        int all = (odd0 + odd1 + odd2 + odd3) * DctConstants.Fix1175875602;
        int with13 = all - ((odd1 + odd3) * DctConstants.Fix1961570560);
        int with02 = all - ((odd0 + odd2) * DctConstants.Fix0390180644);
        int with03 = (odd0 + odd3) * -DctConstants.Fix0899976223;
        int with12 = (odd1 + odd2) * -DctConstants.Fix2562915447;
        values[stride] = Round((odd0 * DctConstants.Fix1501321110) + with03 + with02, bits);
        values[3 * stride] = Round((odd1 * DctConstants.Fix3072711026) + with12 + with13, bits);
        values[5 * stride] = Round((odd2 * DctConstants.Fix2053119869) + with12 + with02, bits);
        values[7 * stride] = Round((odd3 * DctConstants.Fix0298631336) + with03 + with13, bits);
    }

    private static int Round(int value, int bits) => (value + (1 << (bits - 1))) >> bits;
}
