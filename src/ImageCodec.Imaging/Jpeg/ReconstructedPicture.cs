namespace ImageCodec.Imaging;

/// <summary>
/// Turns blocks into the pixels of a picture: the inverse transform, upsampling, colour and orientation. Of the samples, three rows of MCUs
/// are kept, since upsampling looks at the rows above and below; a row of MCUs becomes pixels when the next one is there.
/// </summary>
internal sealed class JpegPicture
{
    private const int RowsOfMcusKept = 3;

    private readonly JpegFrame _frame;
    private readonly JpegColorSpace _colorSpace;
    private readonly ExifOrientation _orientation;
    private readonly JpegUpsampler[] _upsamplers;

    /// <summary>The pixels of a row of MCUs, where the orientation moves them.</summary>
    private readonly byte[] _band;

    public JpegPicture(JpegFrame frame, JpegColorSpace colorSpace, ExifOrientation orientation)
    {
        _frame = frame;
        _colorSpace = colorSpace;
        _orientation = orientation;
        _upsamplers = [.. frame.Components.Select(component => new JpegUpsampler(component, frame, RowsOfMcusKept))];
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
    public void AddBlock(JpegComponent component, int column, int row, ReadOnlySpan<short> coefficients, bool isDcAlone)
    {
        JpegUpsampler upsampler = _upsamplers[component.Index];
        Span<byte> samples = upsampler.BlockSamples(column, row);
        ushort[] steps = component.Quantization!;
        if (isDcAlone)
        {
            JpegInverseDct.TransformDcAlone(coefficients[0], steps[0], samples, upsampler.Stride);
        }
        else
        {
            JpegInverseDct.Transform(coefficients, steps, samples, upsampler.Stride);
        }
    }

    /// <summary>Adds all blocks, where their coefficients have been kept.</summary>
    public void AddKeptBlocks(CancellationToken cancellationToken)
    {
        for (int mcuRow = 0; mcuRow < _frame.McuRows; mcuRow++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (JpegComponent component in _frame.Components)
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
            _orientation.Place(_band.AsSpan(0, rowBytes * count), first, _frame.Width, _frame.Height, Image);
        }
    }

    private void WriteRow(int y, Span<byte> row)
    {
        ReadOnlySpan<byte> first = _upsamplers[0].Row(y);
        if (_colorSpace == JpegColorSpace.Grey)
        {
            JpegColor.GreyToRgb(first, row);
            return;
        }

        ReadOnlySpan<byte> second = _upsamplers[1].Row(y);
        ReadOnlySpan<byte> third = _upsamplers[2].Row(y);
        if (_colorSpace == JpegColorSpace.Rgb)
        {
            JpegColor.InterleaveRgb(first, second, third, row);
        }
        else
        {
            JpegColor.YCbCrToRgb(first, second, third, row);
        }
    }
}
