namespace ImageCodec.Imaging.Jpeg;

/// <summary>Reads JPEG files: baseline, extended sequential and progressive with Huffman coding and 8 bits a sample, grey or of three components.</summary>
internal static class JpegReader
{
    private const int MarkerLength = 2;

    public static bool Recognises(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[Marker.Prefix, Marker.StartOfImage, Marker.Prefix]);

    /// <exception cref="InvalidFileException">What comes before the first scan is damaged or of a kind that is not supported.</exception>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        FileDecoder decoder = new([], long.MaxValue, CancellationToken.None);
        SegmentReader segments = new(file, MarkerLength);
        ReadToScan(ref segments, decoder, out _, out int offset);
        return decoder.Identify(offset);
    }

    /// <exception cref="InvalidFileException">The file is not a whole JPEG file of a supported kind.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file, List<string> warnings, int maxPixelCount, CancellationToken cancellationToken)
    {
        FileDecoder decoder = new(warnings, maxPixelCount, cancellationToken);
        SegmentReader segments = new(file, MarkerLength);
        while (ReadToScan(ref segments, decoder, out ReadOnlySpan<byte> header, out int offset))
        {
            segments.Position = decoder.ReadScan(file, header, offset);
        }

        return decoder.Finish(segments.Position - MarkerLength);
    }

    /// <summary>Reads up to and with the next scan's header.</summary>
    /// <returns>Whether there is one; else the file's end marker has been read.</returns>
    private static bool ReadToScan(ref SegmentReader segments, FileDecoder decoder, out ReadOnlySpan<byte> header, out int offset)
    {
        while (segments.ReadMarker() is var marker && marker != Marker.EndOfImage)
        {
            if (marker is >= Marker.FirstRestart and <= Marker.LastRestart)
            {
                // Some writers put one behind the last interval, too.
                continue;
            }

            int markerOffset = segments.Position - MarkerLength;
            CheckKnown(marker, markerOffset);
            header = segments.ReadSegment(marker, out offset);
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
            case Marker.DefineNumberOfLines:
                throw JpegFormat.Invalid("The number of rows comes in a marker DNL, which is not supported.", offset);
            case < Marker.StartOfBaselineFrame or 0xC8 or (> Marker.LastApplication and < Marker.Comment) or > Marker.Comment:
                throw JpegFormat.Invalid($"The marker FF{marker:X2} is reserved and stands for nothing.", offset);
        }
    }
}
