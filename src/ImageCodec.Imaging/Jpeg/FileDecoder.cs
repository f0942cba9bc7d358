namespace ImageCodec.Imaging.Jpeg;

/// <summary>What has been read of a JPEG file so far, segment by segment.</summary>
internal sealed class FileDecoder(List<string> warnings, long maxPixelCount, bool isTolerant, CancellationToken cancellationToken)
{
    /// <summary>
    /// How often the scans of a progressive file may go through the whole picture. Files in use do so five to ten times; a hostile one
    /// can ask for hundreds of empty passes in a few bytes each.
    /// </summary>
    private const int MaxPasses = 100;

    /// <summary>What JFIF's segment has at least; other readers take a shorter one for none.</summary>
    private const int JfifLength = 14;

    private readonly DecodingTables _tables = new();
    private readonly JpegMetadata _metadata = new(warnings);
    private Frame? _frame;
    private ReconstructedPicture? _picture;
    private bool _isJfif;
    private int? _adobeTransform;
    private long _blocksVisited;

    /// <summary>What of a scan was damaged, and tolerated.</summary>
    private InvalidFileException? _damage;

    /// <summary>Whether there is something of the picture.</summary>
    public bool HasScans { get; private set; }

    /// <summary>Takes a segment other than that of a scan.</summary>
    public void ReadSegment(byte marker, ReadOnlySpan<byte> data, int offset)
    {
        switch (marker)
        {
            case Marker.StartOfBaselineFrame or Marker.StartOfExtendedFrame or Marker.StartOfProgressiveFrame:
                if (_frame is not null)
                {
                    throw JpegFormat.Invalid("There is a second frame header.", offset);
                }

                _frame = Frame.Parse(marker, data, offset, maxPixelCount);
                break;
            case Marker.DefineHuffmanTables:
                _tables.DefineHuffman(data, offset);
                break;
            case Marker.DefineQuantizationTables:
                _tables.DefineQuantization(data, offset);
                break;
            case Marker.DefineRestartInterval:
                _tables.DefineRestartInterval(data, offset);
                break;
            case Marker.FirstApplication:
                _isJfif |= data.StartsWith("JFIF\0"u8) && data.Length >= JfifLength;
                break;
            case Marker.App1 or Marker.App2 or Marker.App13 when !HasScans:
                _metadata.Add(marker, data);
                break;
            case Marker.App14:
                const int TransformAt = 11;
                _adobeTransform = data.StartsWith("Adobe"u8) && data.Length > TransformAt ? data[TransformAt] : _adobeTransform;
                break;
            default:
                // Other applications' notes, comments, the number of lines once more, and the conditioning of a coder that is not in use.
                break;
        }
    }

    /// <summary>Takes a scan with the data behind its header.</summary>
    /// <returns>Where the marker behind it is, or the end of the file.</returns>
    public int ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header, int offset)
    {
        Frame frame = _frame ?? throw JpegFormat.Invalid("A scan comes before the frame header.", offset);
        int position = offset + header.Length;
        if (!HasScans)
        {
            GetColorSpace(frame, offset);
            if (!isTolerant)
            {
                frame.CheckPlausible(file.Length - position, offset);
            }
        }

        Scan scan = Scan.Parse(header, offset, frame, _tables);
        _blocksVisited += scan.BlockCount(frame);
        if (frame.IsProgressive && _blocksVisited > MaxPasses * Math.Max(frame.BlockCount, scan.BlockCount(frame)))
        {
            throw JpegFormat.Invalid($"The scans go through the whole picture more than {MaxPasses} times.", offset);
        }

        BlockDecoder decoder = Decoder(frame, scan, offset);
        HasScans = true;
        BitReader bits = new(file, position, isTolerant);
        ScanDecoder.Read(ref bits, frame, scan, _tables.RestartInterval, decoder, cancellationToken);
        _damage ??= bits.Damage;
        return bits.FindMarker();
    }

    /// <summary>Says what the picture will be, once all is read that comes before its first scan.</summary>
    public ImageFileInfo Identify(int offset)
    {
        Frame frame = _frame ?? throw JpegFormat.Invalid("No frame header comes before the first scan or the file's end.", offset);
        GetColorSpace(frame, offset);
        return _metadata.Orientation.SwapsSides
            ? new ImageFileInfo(ImageFileFormat.Jpeg, frame.Height, frame.Width)
            : new ImageFileInfo(ImageFileFormat.Jpeg, frame.Width, frame.Height);
    }

    /// <summary>Makes the picture of what has come.</summary>
    /// <param name="offset">Where the end marker is.</param>
    /// <param name="cut">Why the file was not read up to it, if so.</param>
    public RgbImage Finish(int offset, InvalidFileException? cut)
    {
        Frame frame = _frame ?? throw cut ?? JpegFormat.Invalid("The file ends without a frame header.", offset);
        bool isWhole = true;
        foreach (Component component in frame.Components)
        {
            isWhole &= !component.MissingBits.AsSpan().ContainsAnyExcept((sbyte)0);
            if (!component.HasDc)
            {
                InvalidFileException missing = cut ?? JpegFormat.Invalid($"The file ends without a scan of the component {component.Id}.", offset);
                _damage ??= isTolerant && HasScans ? missing : throw missing;
            }
        }

        if (cut is not null && !isWhole)
        {
            _damage ??= isTolerant ? cut : throw cut;
        }

        WarnOfEnd(cut is not null, isWhole);
        if (_tables.UsesStandardHuffman)
        {
            warnings.Add("It lacks Huffman tables, as frames of video do; those of the standard were used.");
        }

        if (frame.Components.Length == 4)
        {
            warnings.Add("Its colours are inks (CMYK); they were made RGB by the plain formula, without a profile, and may look different.");
        }

        if (_picture is null)
        {
            foreach (Component component in frame.Components.Where(component => component.Coefficients is null))
            {
                component.LeaveOut(offset);
            }

            _picture = NewPicture(frame, offset);
            _picture.AddKeptBlocks(cancellationToken);
        }

        RgbImage image = _picture.Image;
        image.IsGrey = frame.Components.Length == 1;
        image.Metadata = _metadata.Build(image.IsGrey);
        return image;
    }

    private void WarnOfEnd(bool isCut, bool isWhole)
    {
        if (_damage is not null)
        {
            warnings.Add($"It is damaged or cut short, and was read as far as it goes; what is missing is grey or coarse. {_damage.Message}");
        }
        else if (isCut)
        {
            warnings.Add("Its end marker is missing; its pixels are all there.");
        }
        else if (!isWhole)
        {
            warnings.Add("It is progressive, and its last scans are missing; it has less detail than others, and readers that smooth its blocks show it in another way.");
        }
    }

    private BlockDecoder Decoder(Frame frame, Scan scan, int offset)
    {
        if (!frame.IsProgressive && scan.Components.Length == frame.Components.Length)
        {
            _picture = NewPicture(frame, offset);
            return new SequentialDecoder(_picture);
        }

        foreach (Component component in scan.Components)
        {
            component.KeepCoefficients(offset);
        }

        return frame.IsProgressive ? new ProgressiveDecoder(scan) : new SequentialDecoder(null);
    }

    private ReconstructedPicture NewPicture(Frame frame, int offset) => new(frame, GetColorSpace(frame, offset), _metadata.Orientation);

    /// <summary>JFIF has one meaning only; without it Adobe's marker says what the components are, and in the last resort their numbers.</summary>
    private ColorSpace GetColorSpace(Frame frame, int offset)
    {
        Component[] components = frame.Components;
        switch (components.Length)
        {
            case 1:
                return ColorSpace.Grey;
            case 3:
                bool isRgb = !_isJfif
                    && (_adobeTransform is { } transform ? transform == 0 : (components[0].Id, components[1].Id, components[2].Id) == ('R', 'G', 'B'));
                return isRgb ? ColorSpace.Rgb : ColorSpace.YCbCr;
            case 4:
                return _adobeTransform is null or 0 ? ColorSpace.Cmyk : ColorSpace.Ycck;
            default:
                throw JpegFormat.Invalid($"The picture has {components.Length} components; pictures of 1, 3 and 4 are supported.", offset);
        }
    }
}
