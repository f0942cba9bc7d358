namespace ImageCodec.Imaging;

/// <summary>What has been read of a JPEG file so far, segment by segment.</summary>
internal sealed class JpegFileDecoder(long maxPixelCount, CancellationToken cancellationToken)
{
    /// <summary>
    /// How often the scans of a progressive file may go through the whole picture. Files in use do so five to ten times; a hostile one
    /// can ask for hundreds of empty passes in a few bytes each.
    /// </summary>
    private const int MaxPasses = 100;

    private readonly JpegTables _tables = new();
    private JpegFrame? _frame;
    private JpegPicture? _picture;
    private ExifOrientation? _orientation;
    private bool _isJfif;
    private int? _adobeTransform;
    private bool _hasScans;
    private long _blocksVisited;

    /// <summary>Takes a segment other than that of a scan.</summary>
    public void ReadSegment(byte marker, ReadOnlySpan<byte> data, int offset)
    {
        switch (marker)
        {
            case JpegMarker.StartOfBaselineFrame or JpegMarker.StartOfExtendedFrame or JpegMarker.StartOfProgressiveFrame:
                if (_frame is not null)
                {
                    throw JpegFormat.Invalid("There is a second frame header.", offset);
                }

                _frame = JpegFrame.Parse(marker, data, offset, maxPixelCount);
                break;
            case JpegMarker.DefineHuffmanTables:
                _tables.DefineHuffman(data, offset);
                break;
            case JpegMarker.DefineQuantizationTables:
                _tables.DefineQuantization(data, offset);
                break;
            case JpegMarker.DefineRestartInterval:
                _tables.DefineRestartInterval(data, offset);
                break;
            case JpegMarker.FirstApplication:
                _isJfif |= data.StartsWith("JFIF\0"u8);
                break;
            case JpegMarker.App1:
                if (!_hasScans && ExifOrientation.IsExif(data))
                {
                    _orientation ??= ExifOrientation.Parse(data);
                }

                break;
            case JpegMarker.App14:
                const int TransformAt = 11;
                _adobeTransform = data.StartsWith("Adobe"u8) && data.Length > TransformAt ? data[TransformAt] : _adobeTransform;
                break;
            default:
                // Other applications' notes, comments, and the conditioning of a coder that is not in use.
                break;
        }
    }

    /// <summary>Takes a scan with the data behind its header.</summary>
    /// <returns>Where the marker behind it is, or the end of the file.</returns>
    public int ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header, int offset)
    {
        JpegFrame frame = _frame ?? throw JpegFormat.Invalid("A scan comes before the frame header.", offset);
        int position = offset + header.Length;
        if (!_hasScans)
        {
            ColorSpace(frame, offset);
            frame.CheckPlausible(file.Length - position, offset);
            _hasScans = true;
        }

        JpegScan scan = JpegScan.Parse(header, offset, frame, _tables);
        _blocksVisited += scan.BlockCount(frame);
        if (frame.IsProgressive && _blocksVisited > MaxPasses * Math.Max(frame.BlockCount, scan.BlockCount(frame)))
        {
            throw JpegFormat.Invalid($"The scans go through the whole picture more than {MaxPasses} times.", offset);
        }

        return JpegScanDecoder.Read(file, position, frame, scan, _tables.RestartInterval, Decoder(frame, scan, offset), cancellationToken);
    }

    /// <summary>Says what the picture will be, once all is read that comes before its first scan.</summary>
    public ImageFileInfo Identify(int offset)
    {
        JpegFrame frame = _frame ?? throw JpegFormat.Invalid("No frame header comes before the first scan or the file's end.", offset);
        ColorSpace(frame, offset);
        return _orientation is { SwapsSides: true }
            ? new ImageFileInfo(ImageFileFormat.Jpeg, frame.Height, frame.Width)
            : new ImageFileInfo(ImageFileFormat.Jpeg, frame.Width, frame.Height);
    }

    /// <summary>Makes the picture of what has come.</summary>
    public RgbImage Finish(int offset)
    {
        JpegFrame frame = _frame ?? throw JpegFormat.Invalid("The file ends without a frame header.", offset);
        foreach (JpegComponent component in frame.Components)
        {
            if (!component.HasDc)
            {
                throw JpegFormat.Invalid($"The file ends without a scan of the component {component.Id}.", offset);
            }
        }

        if (_picture is null)
        {
            _picture = NewPicture(frame, offset);
            _picture.AddKeptBlocks(cancellationToken);
        }

        return _picture.Image;
    }

    private JpegBlockDecoder Decoder(JpegFrame frame, JpegScan scan, int offset)
    {
        if (!frame.IsProgressive && scan.Components.Length == frame.Components.Length)
        {
            _picture = NewPicture(frame, offset);
            return new JpegSequentialDecoder(_picture);
        }

        foreach (JpegComponent component in scan.Components)
        {
            component.KeepCoefficients(offset);
        }

        return frame.IsProgressive ? new JpegProgressiveDecoder(scan) : new JpegSequentialDecoder(null);
    }

    private JpegPicture NewPicture(JpegFrame frame, int offset) => new(frame, ColorSpace(frame, offset), _orientation ?? default);

    /// <summary>JFIF has one meaning only; without it Adobe's marker says what the components are, and in the last resort their numbers.</summary>
    private JpegColorSpace ColorSpace(JpegFrame frame, int offset)
    {
        JpegComponent[] components = frame.Components;
        switch (components.Length)
        {
            case 1:
                return JpegColorSpace.Grey;
            case 3:
                bool isRgb = !_isJfif
                    && (_adobeTransform is { } transform ? transform == 0 : (components[0].Id, components[1].Id, components[2].Id) == ('R', 'G', 'B'));
                return isRgb ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr;
            case 4:
                throw JpegFormat.Invalid(
                    $"The colours are {(_adobeTransform == 2 ? "YCCK" : "CMYK")}, which is not supported; grey, YCbCr and RGB are.", offset);
            default:
                throw JpegFormat.Invalid($"The picture has {components.Length} components; pictures of 1 and 3 are supported.", offset);
        }
    }
}
