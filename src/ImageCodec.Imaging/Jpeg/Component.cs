namespace ImageCodec.Imaging.Jpeg;

/// <summary>A component of a frame: its measures, and what is known of it so far.</summary>
internal sealed class Component(int index, int id, int horizontal, int vertical, int quantizationIndex)
{
    /// <summary>Which component of the frame this is, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>What scans call it.</summary>
    public int Id { get; } = id;

    /// <summary>Blocks side by side in an MCU, 1 to 4; its samples a row are to the picture's as this is to the largest of all components.</summary>
    public int Horizontal { get; } = horizontal;

    /// <summary>Blocks above each other in an MCU, 1 to 4.</summary>
    public int Vertical { get; } = vertical;

    public int QuantizationIndex { get; } = quantizationIndex;

    /// <summary>Samples a row that belong to the picture.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of samples that belong to the picture.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks a row that have samples of the picture; a scan of this component alone has just these.</summary>
    public int BlockColumns { get; private set; }

    public int BlockRows { get; private set; }

    /// <summary>Blocks a row with those that only fill up the last MCU.</summary>
    public int PaddedBlockColumns { get; private set; }

    public int PaddedBlockRows { get; private set; }

    public long BlockCount => (long)BlockColumns * BlockRows;

    /// <summary>The quantization steps, row by row, as they were at the first scan of this component.</summary>
    public ushort[]? Quantization { get; set; }

    /// <summary>The DC Huffman table of the current scan, if it needs one.</summary>
    public HuffmanTable? DcTable { get; set; }

    /// <summary>The AC Huffman table of the current scan, if it needs one.</summary>
    public HuffmanTable? AcTable { get; set; }

    /// <summary>The last DC coefficient that was read, which the next is a difference to.</summary>
    public int DcPrediction { get; set; }

    /// <summary>All coefficients, where a file gives them in several scans: the blocks row by row, the coefficients of each row by row.</summary>
    public short[]? Coefficients { get; private set; }

    /// <summary>How far each coefficient has come, in zigzag order: the number of low bits that are still missing; <see cref="NotCoded"/> where it has not come at all.</summary>
    public sbyte[] MissingBits { get; } = NewMissingBits();

    public const sbyte NotCoded = -1;

    public bool HasDc => MissingBits[0] != NotCoded;

    /// <summary>Sets what follows from the frame.</summary>
    public void Place(Frame frame)
    {
        Width = JpegFormat.DivideUp(frame.Width * Horizontal, frame.MaxHorizontal);
        Height = JpegFormat.DivideUp(frame.Height * Vertical, frame.MaxVertical);
        BlockColumns = JpegFormat.DivideUp(Width, JpegFormat.BlockSide);
        BlockRows = JpegFormat.DivideUp(Height, JpegFormat.BlockSide);
        PaddedBlockColumns = frame.McuColumns * Horizontal;
        PaddedBlockRows = frame.McuRows * Vertical;
    }

    /// <summary>Makes room for <see cref="Coefficients"/>, unless there is some.</summary>
    public void KeepCoefficients(int offset)
    {
        long length = (long)PaddedBlockColumns * PaddedBlockRows * JpegFormat.BlockLength;
        if (length > Array.MaxLength)
        {
            throw JpegFormat.Invalid($"The picture comes in several scans and needs {length} coefficients of one component; at most {Array.MaxLength} are supported.", offset);
        }

        Coefficients ??= new short[length];
    }

    /// <summary>Makes samples of it grey.</summary>
    public void LeaveOut(int offset)
    {
        KeepCoefficients(offset);
        Quantization = new ushort[JpegFormat.BlockLength];
    }

    public Span<short> Block(int column, int row) =>
        Coefficients.AsSpan(((row * PaddedBlockColumns) + column) * JpegFormat.BlockLength, JpegFormat.BlockLength);

    private static sbyte[] NewMissingBits()
    {
        sbyte[] bits = new sbyte[JpegFormat.BlockLength];
        bits.AsSpan().Fill(NotCoded);
        return bits;
    }
}
