namespace ImageCodec.Imaging;

/// <summary>The little that readers and writers of files must know of an ICC profile.</summary>
internal static class IccProfiles
{
    /// <summary>What readers say where a file's profile does not fit.</summary>
    public const string Warning = "Its ICC profile is damaged, or for pictures of another kind; it was left out.";

    private const int HeaderLength = 128;
    private const int ColorSpaceAt = 16;
    private const int SignatureAt = 36;

    /// <summary>Whether it is a profile for pictures of this kind: grey ones may have one for RGB, too.</summary>
    public static bool Fits(ReadOnlySpan<byte> profile, bool isGrey) =>
        profile.Length >= HeaderLength
        && profile[SignatureAt..].StartsWith("acsp"u8)
        && (profile[ColorSpaceAt..].StartsWith("RGB "u8) || (isGrey && IsForGrey(profile)));

    /// <summary>Whether it is one for grey pictures alone.</summary>
    public static bool IsForGrey(ReadOnlySpan<byte> profile) => profile.Length >= HeaderLength && profile[ColorSpaceAt..].StartsWith("GRAY"u8);

    /// <summary>Whether files of a picture are to be written grey: it is grey, and its profile does not ask for colours.</summary>
    public static bool IsWrittenGrey(RgbImage image, bool isGrey) =>
        isGrey && (image.Metadata.IccProfile.IsEmpty || IsForGrey(image.Metadata.IccProfile.Span));

    /// <summary>The profile that a file of a picture gets: none where that one would be for other pictures.</summary>
    public static ReadOnlySpan<byte> ForFile(RgbImage image, bool isGrey) =>
        Fits(image.Metadata.IccProfile.Span, isGrey) ? image.Metadata.IccProfile.Span : [];
}
