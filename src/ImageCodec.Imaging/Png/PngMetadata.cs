using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageCodec.Imaging.Png;

/// <summary>What the ancillary chunks of a PNG file say of its colours, and its notes. What is damaged there is left out with a warning.</summary>
internal sealed class PngMetadata(List<string> warnings)
{
    /// <summary>The gamma of sRGB, which is what is meant where nothing is said.</summary>
    private const uint UsualGamma = 45455;

    private const int MaxProfileName = 79;

    private byte[]? _icc;
    private bool _hasProfile;
    private byte[]? _exif;
    private byte[]? _xmp;
    private ColorCodePoints? _codePoints;
    private uint? _gamma;
    private bool _isSrgb;
    private bool _hasOtherPrimaries;

    /// <summary>How the picture is to be turned.</summary>
    public Orientation Orientation => ExifNotes.OrientationOf(_exif);

    /// <summary>White, red, green and blue of sRGB, each x and y, times 100,000.</summary>
    private static ReadOnlySpan<uint> UsualChromaticities => [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

    private static ReadOnlySpan<byte> XmpKeyword => "XML:com.adobe.xmp"u8;

    /// <summary>Takes an ancillary chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isBehindPicture">Whether the picture's data comes before it; then it is too late to say how the picture is to be turned.</param>
    public void Add(Chunk chunk, bool isBehindPicture = false)
    {
        ReadOnlySpan<byte> data = chunk.Data;
        switch (chunk.Type)
        {
            case PngFormat.Iccp when _hasProfile:
                warnings.Add("It has a second ICC profile, which was left out.");
                break;
            case PngFormat.Iccp:
                _hasProfile = true;
                _icc = ReadProfile(data);
                break;
            case PngFormat.Exif when isBehindPicture && !ExifNotes.OrientationOf(data).IsUpright:
                warnings.Add("Its Exif comes behind the picture, too late to turn it; it was left out.");
                break;
            case PngFormat.Exif when ExifNotes.IsTiff(data) && data.Length <= PictureMetadata.MaxLength:
                _exif ??= data.ToArray();
                break;
            case PngFormat.Exif:
                warnings.Add(ExifNotes.Warning);
                break;
            case PngFormat.Itxt when data.StartsWith(XmpKeyword):
                _xmp ??= ReadText(data[XmpKeyword.Length..]);
                break;
            case PngFormat.Cicp when data.Length == 4 && data[2] == 0 && data[3] <= 1:
                _codePoints = new ColorCodePoints(data[0], data[1], data[2], data[3] == 1);
                break;
            case PngFormat.Cicp:
                Damaged("chunk cICP, on what its colours mean,");
                break;
            case PngFormat.Gama when data.Length == 4:
                _gamma = BinaryPrimitives.ReadUInt32BigEndian(data);
                break;
            case PngFormat.Chrm when data.Length == 4 * UsualChromaticities.Length:
                _hasOtherPrimaries = !AreUsual(data);
                break;
            case PngFormat.Srgb:
                _isSrgb = true;
                break;
            case PngFormat.Mdcv or PngFormat.Clli:
                warnings.Add($"Its chunk {PngFormat.TypeName(chunk.Type)}, on the light of the screen that it was made for, was left out.");
                break;
            case PngFormat.Actl:
                warnings.Add("It is animated; only the first picture was read.");
                break;
        }
    }

    /// <summary>What there was, for a picture that has been turned.</summary>
    /// <param name="isGrey">Whether the file is of grey pixels.</param>
    public PictureMetadata Build(bool isGrey)
    {
        if (_icc is not null && !IccProfiles.Fits(_icc, isGrey))
        {
            warnings.Add(IccProfiles.Warning);
            _icc = null;
        }

        bool saysMore = _icc is not null || _codePoints is not null || _isSrgb;
        if (_hasOtherPrimaries && !saysMore)
        {
            warnings.Add("Its primary colours are not those of sRGB and are told by a chunk cHRM, which was left out; colours may look different.");
        }

        PictureMetadata metadata = new()
        {
            IccProfile = _icc,
            Exif = ExifNotes.Turned(_exif),
            Xmp = ExifNotes.TurnedXmp(_xmp, Orientation),
            CodePoints = _codePoints,
            Gamma = saysMore || _gamma is null or 0 or UsualGamma or > int.MaxValue ? null : (int)_gamma,
        };
        return metadata.IsEmpty ? PictureMetadata.None : metadata;
    }

    /// <summary>Whether chromaticities are those of sRGB, but for rounding.</summary>
    private static bool AreUsual(ReadOnlySpan<byte> data)
    {
        const int Rounding = 100;
        for (int i = 0; i < UsualChromaticities.Length; i++)
        {
            if (Math.Abs(BinaryPrimitives.ReadUInt32BigEndian(data[(4 * i)..]) - (long)UsualChromaticities[i]) > Rounding)
            {
                return false;
            }
        }

        return true;
    }

    private byte[]? ReadProfile(ReadOnlySpan<byte> data)
    {
        int nameEnd = data[..Math.Min(data.Length, MaxProfileName + 1)].IndexOf((byte)0);
        byte[]? profile = nameEnd > 0 && data.Length > nameEnd + 2 && data[nameEnd + 1] == 0 ? Inflate(data[(nameEnd + 2)..]) : null;
        return profile ?? Damaged("ICC profile");
    }

    /// <summary>Reads what follows the keyword of an iTXt: whether and how it is compressed, language, keyword in that language, text.</summary>
    private byte[]? ReadText(ReadOnlySpan<byte> data)
    {
        if (data.Length < 3 || data[0] != 0 || data[1] > 1 || data[2] != 0)
        {
            return Damaged("XMP");
        }

        bool isCompressed = data[1] == 1;
        data = data[3..];
        for (int i = 0; i < 2; i++)
        {
            int end = data.IndexOf((byte)0);
            if (end < 0)
            {
                return Damaged("XMP");
            }

            data = data[(end + 1)..];
        }

        return isCompressed ? Inflate(data) ?? Damaged("XMP")
            : data.Length <= PictureMetadata.MaxLength ? data.ToArray()
            : Damaged("XMP");
    }

    private byte[]? Damaged(string what)
    {
        warnings.Add($"Its {what} is damaged or too long; it was left out.");
        return null;
    }

    private static byte[]? Inflate(ReadOnlySpan<byte> compressed)
    {
        long most = Math.Min(PictureMetadata.MaxLength, (long)PngReader.MaxExpansion * compressed.Length);
        using MemoryStream source = new(compressed.ToArray());
        using ZLibStream stream = new(source, CompressionMode.Decompress);
        using MemoryStream result = new();
        Span<byte> block = stackalloc byte[4096];
        try
        {
            for (int count; (count = stream.Read(block)) > 0;)
            {
                if (result.Length + count > most)
                {
                    return null;
                }

                result.Write(block[..count]);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }

        return result.Length > 0 ? result.ToArray() : null;
    }
}
