namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// Reads the blocks of a sequential frame. Where one scan has all components, each block goes straight on to the picture,
/// so that no more than a few rows are in memory; otherwise the coefficients are kept.
/// </summary>
/// <param name="picture">Where the blocks go; none if they are to be kept.</param>
internal sealed class SequentialDecoder(ReconstructedPicture? picture) : BlockDecoder
{
    private readonly short[] _block = new short[JpegFormat.BlockLength];

    public override bool NeedsAllBlocks => picture is not null;

    public override void Read(ref BitReader bits, Component component, int column, int row)
    {
        if (picture is null)
        {
            ReadCoefficients(ref bits, component, component.Block(column, row));
            return;
        }

        int last = ReadCoefficients(ref bits, component, _block);
        picture.AddBlock(component, column, row, _block, last == 0);
        if (last == 0)
        {
            _block[0] = 0;
        }
        else
        {
            _block.AsSpan().Clear();
        }
    }

    public override void Leave(Component component, int column, int row) => picture?.AddBlock(component, column, row, _block, isDcAlone: true);

    public override void EndMcuRow(int row) => picture?.EndMcuRow(row);

    /// <summary>Reads a block into coefficients that are 0 (F.2.2).</summary>
    /// <returns>The last coefficient, in zigzag order, that may be other than 0.</returns>
    private static int ReadCoefficients(ref BitReader bits, Component component, Span<short> block)
    {
        const int Run = 16;
        int size = component.DcTable!.Read(ref bits);
        if (size > 0)
        {
            component.DcPrediction += bits.ReadSigned(size);
        }

        block[0] = (short)component.DcPrediction;
        HuffmanTable ac = component.AcTable!;
        ReadOnlySpan<byte> zigzag = JpegFormat.Zigzag;
        int last = 0;
        for (int k = 1; k < JpegFormat.BlockLength; k++)
        {
            int symbol = ac.Read(ref bits);
            size = symbol & 15;
            if (size == 0)
            {
                if (symbol < 0xF0)
                {
                    break;
                }

                k += Run - 1;
                continue;
            }

            k += symbol >> 4;
            if (k >= JpegFormat.BlockLength)
            {
                bits.Report("A block has more than 64 coefficients.");
                k = JpegFormat.BlockLength - 1;
            }

            block[zigzag[k]] = (short)bits.ReadSigned(size);
            last = k;
        }

        return last;
    }
}
