namespace ImageCodec.Imaging.Jpeg;

/// <summary>Writes the segments of a picture's metadata.</summary>
internal static class JpegMetadataWriter
{
    /// <summary>What a segment's length, which counts itself, can say.</summary>
    private const int MaxData = 65535 - 2;

    private const int MaxIccParts = 255;

    /// <summary>Bytes of a profile in one segment, beside signature, number and count.</summary>
    private static int IccPartLength => MaxData - JpegMetadata.IccSignature.Length - 2;

    /// <summary>Whether Exif has room in its segment.</summary>
    public static bool HasRoomForExif(ReadOnlyMemory<byte> exif) => exif.Length <= MaxData - JpegMetadata.ExifSignature.Length;

    /// <summary>Whether XMP has.</summary>
    public static bool HasRoomForXmp(ReadOnlyMemory<byte> xmp) => xmp.Length <= MaxData - JpegMetadata.XmpSignature.Length;

    /// <summary>Whether a profile has, in all segments that it may take.</summary>
    public static bool HasRoomForIcc(ReadOnlyMemory<byte> profile) => profile.Length <= MaxIccParts * IccPartLength;

    public static void Write(RgbImage image, bool isGrey, Stream stream)
    {
        PictureMetadata metadata = image.Metadata;
        if (!metadata.Exif.IsEmpty && HasRoomForExif(metadata.Exif))
        {
            JpegWriter.WriteSegment(stream, Marker.App1, [.. JpegMetadata.ExifSignature, .. metadata.Exif.Span]);
        }

        if (!metadata.Xmp.IsEmpty && HasRoomForXmp(metadata.Xmp))
        {
            JpegWriter.WriteSegment(stream, Marker.App1, [.. JpegMetadata.XmpSignature, .. metadata.Xmp.Span]);
        }

        ReadOnlySpan<byte> profile = HasRoomForIcc(metadata.IccProfile) ? IccProfiles.ForFile(image, isGrey) : [];
        int count = JpegFormat.DivideUp(profile.Length, IccPartLength);
        for (int number = 1; number <= count; number++)
        {
            ReadOnlySpan<byte> part = profile[..Math.Min(profile.Length, IccPartLength)];
            profile = profile[part.Length..];
            JpegWriter.WriteSegment(stream, Marker.App2, [.. JpegMetadata.IccSignature, (byte)number, (byte)count, .. part]);
        }
    }
}
