namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// Turns blocks into the pixels of a picture: the inverse transform, upsampling, colour and orientation. Of the samples, three rows of MCUs
/// are kept, since upsampling looks at the rows above and below; a row of MCUs becomes pixels when the next one is there.
/// </summary>
internal sealed class ReconstructedPicture
{
    private const int RowsOfMcusKept = 3;

    private readonly Frame _frame;
    private readonly ColorSpace _colorSpace;
    private readonly Orientation _orientation;
    private readonly Upsampler[] _upsamplers;

    /// <summary>The pixels of a row of MCUs, where the orientation moves them.</summary>
    private readonly byte[] _band;

    public ReconstructedPicture(Frame frame, ColorSpace colorSpace, Orientation orientation)
    {
        _frame = frame;
        _colorSpace = colorSpace;
        _orientation = orientation;
        _upsamplers = [.. frame.Components.Select(component => new Upsampler(component, frame, RowsOfMcusKept))];
        _band = new byte[orientation.IsUpright ? 0 : 3 * frame.Width * frame.McuHeight];
        Image = orientation.SwapsSides ? new RgbImage(frame.Height, frame.Width) : new RgbImage(frame.Width, frame.Height);
    }

    public RgbImage Image { get; }

    /// <summary>Adds the coefficients of one block; those of a row of MCUs come together.</summary>
    /// <param name="component">The block's component.</param>
    /// <param name="column">The column, in blocks of this component.</param>
    /// <param name="row">The row, in blocks of this component.</param>
    /// <param name="coefficients">The coefficients, row by row.</param>
    /// <param name="isDcAlone">All but the first are 0.</param>
    public void AddBlock(Component component, int column, int row, ReadOnlySpan<short> coefficients, bool isDcAlone)
    {
        Upsampler upsampler = _upsamplers[component.Index];
        Span<byte> samples = upsampler.BlockSamples(column, row);
        ushort[] steps = component.Quantization!;
        if (isDcAlone)
        {
            InverseDct.TransformDcAlone(coefficients[0], steps[0], samples, upsampler.Stride);
        }
        else
        {
            InverseDct.Transform(coefficients, steps, samples, upsampler.Stride);
        }
    }

    /// <summary>Adds all blocks, where their coefficients have been kept.</summary>
    public void AddKeptBlocks(CancellationToken cancellationToken)
    {
        for (int mcuRow = 0; mcuRow < _frame.McuRows; mcuRow++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Component component in _frame.Components)
            {
                int first = mcuRow * component.Vertical;
                int end = Math.Min(first + component.Vertical, component.BlockRows);
                for (int row = first; row < end; row++)
                {
                    for (int column = 0; column < component.BlockColumns; column++)
                    {
                        ReadOnlySpan<short> block = component.Block(column, row);
                        AddBlock(component, column, row, block, !block[1..].ContainsAnyExcept((short)0));
                    }
                }
            }

            EndMcuRow(mcuRow);
        }
    }

    /// <summary>Says that all blocks of a row of MCUs are there.</summary>
    public void EndMcuRow(int row)
    {
        if (row > 0)
        {
            WritePixels(row - 1);
        }

        if (row == _frame.McuRows - 1)
        {
            WritePixels(row);
        }
    }

    private void WritePixels(int mcuRow)
    {
        int first = mcuRow * _frame.McuHeight;
        int count = Math.Min(_frame.McuHeight, _frame.Height - first);
        int rowBytes = 3 * _frame.Width;
        for (int i = 0; i < count; i++)
        {
            Span<byte> row = _orientation.IsUpright ? Image.GetRow(first + i) : _band.AsSpan(rowBytes * i, rowBytes);
            WriteRow(first + i, row);
        }

        if (!_orientation.IsUpright)
        {
            _orientation.Place(_band.AsSpan(0, rowBytes * count), 3, first, _frame.Width, _frame.Height, Image.Pixels);
        }
    }

    private void WriteRow(int y, Span<byte> row)
    {
        ReadOnlySpan<byte> first = _upsamplers[0].Row(y);
        if (_colorSpace == ColorSpace.Grey)
        {
            ColorConversion.GreyToRgb(first, row);
            return;
        }

        ReadOnlySpan<byte> second = _upsamplers[1].Row(y);
        ReadOnlySpan<byte> third = _upsamplers[2].Row(y);
        if (_colorSpace is ColorSpace.Rgb or ColorSpace.Cmyk)
        {
            ColorConversion.InterleaveRgb(first, second, third, row);
        }
        else
        {
            ColorConversion.YCbCrToRgb(first, second, third, row);
        }

        if (_colorSpace == ColorSpace.Ycck)
        {
            ColorConversion.Invert(row);
        }

        if (_colorSpace is ColorSpace.Cmyk or ColorSpace.Ycck)
        {
            ColorConversion.Darken(row, _upsamplers[3].Row(y));
        }
    }
}
