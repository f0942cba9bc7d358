namespace ImageCodec.Imaging.Jpeg;

/// <summary>What the segments of a JPEG file say beside its pixels. What is damaged there is left out with a warning.</summary>
internal sealed class JpegMetadata(List<string> warnings)
{
    /// <summary>The number of the segment and how many there are come behind the signature, from 1 on.</summary>
    private const int IccHeadLength = 14;

    private readonly SortedDictionary<int, byte[]> _icc = [];
    private int _iccCount;
    private bool _isIccDamaged;
    private byte[]? _exif;
    private byte[]? _xmp;

    /// <summary>How the picture is to be turned.</summary>
    public Orientation Orientation => ExifNotes.OrientationOf(_exif);

    public static ReadOnlySpan<byte> ExifSignature => "Exif\0\0"u8;

    public static ReadOnlySpan<byte> XmpSignature => "http://ns.adobe.com/xap/1.0/\0"u8;

    public static ReadOnlySpan<byte> IccSignature => "ICC_PROFILE\0"u8;

    /// <summary>Takes an application's segment that comes before the first scan.</summary>
    public void Add(byte marker, ReadOnlySpan<byte> data)
    {
        switch (marker)
        {
            case Marker.App1 when data.StartsWith(ExifSignature) && ExifNotes.IsTiff(data[ExifSignature.Length..]):
                _exif ??= data[ExifSignature.Length..].ToArray();
                break;
            case Marker.App1 when data.StartsWith("Exif\0"u8):
                Warn(ExifNotes.Warning);
                break;
            case Marker.App1 when data.StartsWith(XmpSignature):
                _xmp ??= data[XmpSignature.Length..].ToArray();
                break;
            case Marker.App1 when data.StartsWith("http://ns.adobe.com/xmp/extension/\0"u8):
                Warn("Its XMP is too long for one segment; what is in others was left out.");
                break;
            case Marker.App2 when data.StartsWith(IccSignature) && data.Length > IccHeadLength:
                AddIcc(data);
                break;
            case Marker.App2 when data.StartsWith("MPF\0"u8):
                Warn("It holds more pictures, such as a gain map; only the first was read.");
                break;
            case Marker.App13 when data.StartsWith("Photoshop 3.0\0"u8):
                Warn("Its notes for Photoshop and IPTC were left out.");
                break;
        }
    }

    /// <summary>What there was, for a picture that has been turned.</summary>
    /// <param name="isGrey">Whether the file has one component.</param>
    public PictureMetadata Build(bool isGrey)
    {
        PictureMetadata metadata = new()
        {
            IccProfile = JoinIcc(isGrey),
            Exif = ExifNotes.Turned(_exif),
            Xmp = ExifNotes.TurnedXmp(_xmp, Orientation),
        };
        return metadata.IsEmpty ? PictureMetadata.None : metadata;
    }

    private void AddIcc(ReadOnlySpan<byte> data)
    {
        int number = data[IccHeadLength - 2];
        int count = data[IccHeadLength - 1];
        _isIccDamaged |= number < 1 || number > count || (_iccCount > 0 && count != _iccCount) || !_icc.TryAdd(number, data[IccHeadLength..].ToArray());
        _iccCount = count;
    }

    private ReadOnlyMemory<byte> JoinIcc(bool isGrey)
    {
        if (_icc.Count == 0 && !_isIccDamaged)
        {
            return default;
        }

        byte[] profile = [.. _icc.Values.SelectMany(part => part)];
        if (!_isIccDamaged && _icc.Count == _iccCount && profile.Length <= PictureMetadata.MaxLength && IccProfiles.Fits(profile, isGrey))
        {
            return profile;
        }

        Warn(IccProfiles.Warning);
        return default;
    }

    private void Warn(string warning)
    {
        if (!warnings.Contains(warning))
        {
            warnings.Add(warning);
        }
    }
}
