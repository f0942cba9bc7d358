namespace ImageCodec.Imaging.Jpeg;

/// <summary>Reads JPEG files: baseline, extended sequential and progressive with Huffman coding and 8 bits a sample, of one, three or four components.</summary>
internal static class JpegReader
{
    private const int MarkerLength = 2;

    public static bool Recognises(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[Marker.Prefix, Marker.StartOfImage, Marker.Prefix]);

    /// <exception cref="InvalidFileException">What comes before the first scan is damaged or of a kind that is not supported.</exception>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        FileDecoder decoder = new([], long.MaxValue, isTolerant: false, CancellationToken.None);
        SegmentReader segments = new(file, MarkerLength);
        ReadToScan(ref segments, decoder, out _, out int offset);
        return segments.Cut is null ? decoder.Identify(offset) : throw segments.Cut;
    }

    /// <exception cref="InvalidFileException">The file is not a whole JPEG file of a supported kind.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file, List<string> warnings, ImageReadOptions options, CancellationToken cancellationToken)
    {
        FileDecoder decoder = new(warnings, options.MaxPixelCount, options.IsTolerant, cancellationToken);
        SegmentReader segments = new(file, MarkerLength);
        InvalidFileException? damage = null;
        try
        {
            while (ReadToScan(ref segments, decoder, out ReadOnlySpan<byte> header, out int offset))
            {
                segments.Position = decoder.ReadScan(file, header, offset);
            }
        }
        catch (InvalidFileException e) when (options.IsTolerant && decoder.HasScans)
        {
            damage = e;
        }

        if (segments.HasSkipped)
        {
            warnings.Add("It has bytes between its segments that belong to none; they were passed over.");
        }

        return decoder.Finish(segments.Position - MarkerLength, damage ?? segments.Cut);
    }

    /// <summary>Reads up to and with the next scan's header.</summary>
    /// <returns>Whether there is one; else the file's end marker has been read, or <see cref="SegmentReader.Cut"/> is set.</returns>
    private static bool ReadToScan(ref SegmentReader segments, FileDecoder decoder, out ReadOnlySpan<byte> header, out int offset)
    {
        while (segments.TryReadMarker(out byte marker) && marker != Marker.EndOfImage)
        {
            if (marker is Marker.Temporary or (>= Marker.FirstRestart and <= Marker.LastRestart))
            {
                // They stand alone. Some writers put a restart marker behind the last interval, too.
                continue;
            }

            int markerOffset = segments.Position - MarkerLength;
            CheckKnown(marker, markerOffset);
            if (!segments.TryReadSegment(marker, out header, out offset))
            {
                return false;
            }

            if (marker == Marker.StartOfScan)
            {
                return true;
            }

            decoder.ReadSegment(marker, header, offset);
        }

        header = default;
        offset = segments.Position - MarkerLength;
        return false;
    }

    private static void CheckKnown(byte marker, int offset)
    {
        if (Marker.UnsupportedKind(marker) is { } kind)
        {
            throw JpegFormat.Invalid($"This is {kind} (marker FF{marker:X2}), which is not supported; baseline, extended sequential and progressive are, with Huffman coding.", offset);
        }

        switch (marker)
        {
            case Marker.StartOfImage:
                throw JpegFormat.Invalid("A second picture begins inside the first, before its end marker (FFD9).", offset);
            case < Marker.StartOfBaselineFrame or 0xC8 or (> Marker.LastApplication and < Marker.Comment) or > Marker.Comment:
                throw JpegFormat.Invalid($"The marker FF{marker:X2} is reserved and stands for nothing.", offset);
        }
    }
}
