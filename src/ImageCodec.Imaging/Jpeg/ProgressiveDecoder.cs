namespace ImageCodec.Imaging.Jpeg;

/// <summary>Reads the blocks of one scan of a progressive frame (clause G.1.2): some bits of some coefficients, added to those that have come before.</summary>
internal sealed class ProgressiveDecoder(Scan scan) : BlockDecoder
{
    private readonly int _first = scan.First;
    private readonly int _last = scan.Last;
    private readonly int _missing = scan.MissingAfter;
    private readonly bool _isRefinement = scan.MissingBefore > 0;

    /// <summary>The blocks still to come that have nothing new in this scan.</summary>
    private int _endOfBandRun;

    public override void Restart() => _endOfBandRun = 0;

    public override void Read(ref BitReader bits, Component component, int column, int row)
    {
        Span<short> block = component.Block(column, row);
        if (_first == 0)
        {
            ReadDc(ref bits, component, block);
        }
        else if (_isRefinement)
        {
            RefineAc(ref bits, component.AcTable!, block);
        }
        else if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
        }
        else
        {
            ReadAc(ref bits, component.AcTable!, block);
        }
    }

    private void ReadDc(ref BitReader bits, Component component, Span<short> block)
    {
        if (_isRefinement)
        {
            block[0] |= (short)(bits.ReadBit() << _missing);
            return;
        }

        int size = component.DcTable!.Read(ref bits);
        if (size > 0)
        {
            component.DcPrediction += bits.ReadSigned(size);
        }

        block[0] = (short)(component.DcPrediction << _missing);
    }

    private void ReadAc(ref BitReader bits, HuffmanTable table, Span<short> block)
    {
        ReadOnlySpan<byte> zigzag = JpegFormat.Zigzag;
        for (int k = _first; k <= _last; k++)
        {
            int symbol = table.Read(ref bits);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size > 0)
            {
                k += run;
                k = CheckInBand(k, ref bits);
                block[zigzag[k]] = (short)(bits.ReadSigned(size) << _missing);
            }
            else if (run == 15)
            {
                k += run;
            }
            else
            {
                // This block is the first of the run.
                _endOfBandRun = (1 << run) - 1 + bits.ReadBits(run);
                break;
            }
        }
    }

    /// <summary>
    /// Reads one more bit of each coefficient that is not 0, and those that become other than 0 with this bit.
    /// A run counts the coefficients that stay 0; the bits of others in between come as they are passed.
    /// </summary>
    private void RefineAc(ref BitReader bits, HuffmanTable table, Span<short> block)
    {
        ReadOnlySpan<byte> zigzag = JpegFormat.Zigzag;
        int k = _first;
        while (_endOfBandRun == 0 && k <= _last)
        {
            int symbol = table.Read(ref bits);
            int run = symbol >> 4;
            int size = symbol & 15;
            int value = 0;
            if (size > 1)
            {
                bits.Report($"A refinement scan has a new coefficient of {size} bits; it must have 1.");
                size = 1;
            }

            if (size == 1)
            {
                value = bits.ReadBit() == 1 ? 1 << _missing : -(1 << _missing);
            }
            else if (run < 15)
            {
                _endOfBandRun = (1 << run) + bits.ReadBits(run);
                break;
            }

            for (; k <= _last; k++)
            {
                ref short coefficient = ref block[zigzag[k]];
                if (coefficient != 0)
                {
                    Refine(ref bits, ref coefficient);
                }
                else if (run-- == 0)
                {
                    break;
                }
            }

            if (value != 0)
            {
                block[zigzag[CheckInBand(k, ref bits)]] = (short)value;
            }

            k++;
        }

        if (_endOfBandRun > 0)
        {
            for (; k <= _last; k++)
            {
                ref short coefficient = ref block[zigzag[k]];
                if (coefficient != 0)
                {
                    Refine(ref bits, ref coefficient);
                }
            }

            _endOfBandRun--;
        }
    }

    private void Refine(ref BitReader bits, ref short coefficient)
    {
        if (bits.ReadBit() == 1)
        {
            coefficient += (short)(coefficient > 0 ? 1 << _missing : -(1 << _missing));
        }
    }

    /// <summary>The coefficient, or, where that is tolerated, one of the block that it stands for.</summary>
    private int CheckInBand(int k, ref BitReader bits)
    {
        if (k > _last)
        {
            bits.Report("A block has a coefficient behind the last of its scan.");
            return Math.Min(k, JpegFormat.BlockLength - 1);
        }

        return k;
    }
}
