namespace ImageCodec.Imaging.Jpeg;

/// <summary>The contents of a scan header (B.2.3), checked against the frame and the scans before.</summary>
/// <param name="Components">The components, with their Huffman tables set.</param>
/// <param name="First">The first coefficient, in zigzag order.</param>
/// <param name="Last">The last coefficient.</param>
/// <param name="MissingBefore">The low bits that were missing before this scan; 0 if it is the first of these coefficients.</param>
/// <param name="MissingAfter">The low bits that are missing after it.</param>
internal sealed record Scan(Component[] Components, int First, int Last, int MissingBefore, int MissingAfter)
{
    private const int MaxBlocksPerMcu = 10;
    private const int MaxMissingBits = 13;

    /// <summary>The blocks that this scan goes through.</summary>
    public long BlockCount(Frame frame) => Components.Length == 1
        ? Components[0].BlockCount
        : (long)frame.McuColumns * frame.McuRows * BlocksPerMcu(Components);

    public static Scan Parse(ReadOnlySpan<byte> data, int offset, Frame frame, DecodingTables tables)
    {
        int count = data.IsEmpty ? 0 : data[0];
        if (count is 0 or > 4 || data.Length != 4 + (2 * count))
        {
            throw JpegFormat.Invalid($"The scan header has {data.Length} bytes and {count} components; it must have 1 to 4, and 4 bytes and 2 a component.", offset);
        }

        Component[] components = new Component[count];
        for (int i = 0; i < count; i++)
        {
            int id = data[1 + (2 * i)];

            // Some writers give all components the same number; then their order counts.
            components[i] = frame.Components.FirstOrDefault(component => component.Id == id && !components.Contains(component))
                ?? throw JpegFormat.Invalid(
                    $"A scan has the component {id}{(frame.Components.Any(component => component.Id == id) ? " twice" : ", which the frame has not")}.", offset + 1 + (2 * i));
        }

        if (count > 1 && BlocksPerMcu(components) > MaxBlocksPerMcu)
        {
            throw JpegFormat.Invalid($"A scan has {BlocksPerMcu(components)} blocks an MCU; there may be at most {MaxBlocksPerMcu}.", offset);
        }

        ReadOnlySpan<byte> rest = data[(1 + (2 * count))..];
        Scan scan;
        if (frame.IsProgressive)
        {
            scan = new Scan(components, rest[0], rest[1], rest[2] >> 4, rest[2] & 15);
            scan.CheckBand(offset);
        }
        else
        {
            // Some cameras write other numbers here, which in a sequential frame mean nothing.
            scan = new Scan(components, 0, JpegFormat.BlockLength - 1, 0, 0);
        }

        scan.SetTables(data, offset, tables, mayBeStandard: !frame.IsProgressive);
        scan.Advance(offset);
        return scan;
    }

    private static int BlocksPerMcu(Component[] components) => components.Sum(component => component.Horizontal * component.Vertical);

    private void CheckBand(int offset)
    {
        bool hasOneKind = First == 0 ? Last == 0 : Components.Length == 1 && Last >= First && Last < JpegFormat.BlockLength;
        if (!hasOneKind)
        {
            throw JpegFormat.Invalid(
                $"A scan of {Components.Length} components has the coefficients {First} to {Last}; it must have 0 alone, or some of 1 to 63 of one component.", offset);
        }

        if (MissingAfter > MaxMissingBits || (MissingBefore != 0 && MissingBefore != MissingAfter + 1))
        {
            throw JpegFormat.Invalid(
                $"A scan goes from {MissingBefore} missing bits to {MissingAfter}; a first scan leaves at most {MaxMissingBits}, others add one bit each.", offset);
        }
    }

    /// <summary>Notes what has come with this scan; each bit of a coefficient may come once only, from the highest on.</summary>
    private void Advance(int offset)
    {
        foreach (Component component in Components)
        {
            if (First > 0 && !component.HasDc)
            {
                throw JpegFormat.Invalid($"The first scan of the component {component.Id} has AC coefficients instead of the DC coefficient.", offset);
            }

            for (int k = First; k <= Last; k++)
            {
                int expected = MissingBefore == 0 ? Component.NotCoded : MissingBefore;
                if (component.MissingBits[k] != expected)
                {
                    throw JpegFormat.Invalid(
                        $"A scan does not go on where the scans before left the coefficient {k} of the component {component.Id}: each bit must come once, from the highest on.",
                        offset);
                }

                component.MissingBits[k] = (sbyte)MissingAfter;
            }
        }
    }

    private void SetTables(ReadOnlySpan<byte> data, int offset, DecodingTables tables, bool mayBeStandard)
    {
        for (int i = 0; i < Components.Length; i++)
        {
            Component component = Components[i];
            int selectors = data[2 + (2 * i)];
            component.Quantization ??= tables.Quantization(component.QuantizationIndex, offset);
            component.DcTable = First == 0 && MissingBefore == 0 ? tables.Dc(selectors >> 4, mayBeStandard, offset) : null;
            component.AcTable = Last > 0 ? tables.Ac(selectors & 15, mayBeStandard, offset) : null;
        }
    }
}
