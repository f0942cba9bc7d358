using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace ImageCodec.Imaging;

/// <summary>What Exif, as a TIFF structure, and XMP say of how the picture is to be turned; and the same notes for the picture as it stands when that has been done.</summary>
internal static partial class ExifNotes
{
    /// <summary>What readers say where a file's Exif is none.</summary>
    public const string Warning = "Its Exif does not begin as Exif does, or is too long; it was left out.";

    private const int HeadLength = 8;
    private const int DirectoryEntryLength = 12;
    private const int ValueAt = 8;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Whether bytes begin as Exif does.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> exif) => exif.StartsWith("II"u8) || exif.StartsWith("MM"u8);

    /// <summary>Reads the orientation.</summary>
    /// <returns>Upright where none is said or it is damaged, since a picture shall not be lost with its notes.</returns>
    public static Orientation OrientationOf(ReadOnlySpan<byte> exif) =>
        FindOrientations(exif) is [int at, ..] ? new Orientation(Read16(exif[at..], IsLittleEndian(exif))) : default;

    /// <summary>The same Exif for a picture that has been turned.</summary>
    public static byte[] Turned(ReadOnlySpan<byte> exif)
    {
        byte[] turned = exif.ToArray();
        foreach (int at in FindOrientations(exif))
        {
            bool isLittleEndian = IsLittleEndian(exif);
            (turned[at], turned[at + 1]) = isLittleEndian ? ((byte)1, (byte)0) : ((byte)0, (byte)1);
        }

        return turned;
    }

    /// <summary>The same XMP for a picture that has been turned as Exif said, with a text of the same length. Where there was nothing to turn, XMP keeps what it says.</summary>
    public static byte[] TurnedXmp(ReadOnlySpan<byte> xmp, Orientation orientation)
    {
        if (orientation.IsUpright)
        {
            return xmp.ToArray();
        }

        // Latin-1 keeps every byte as it is.
        string text = System.Text.Encoding.Latin1.GetString(xmp);
        return System.Text.Encoding.Latin1.GetBytes(XmpOrientation().Replace(text, "${before}1"));
    }

    [GeneratedRegex("""(?<before>\btiff:Orientation\s*=\s*["']|<tiff:Orientation>\s*)[2-8]""", RegexOptions.ExplicitCapture)]
    private static partial Regex XmpOrientation();

    /// <summary>Where the two bytes of each orientation are. There should be one; of several, readers take the first or the last.</summary>
    private static List<int> FindOrientations(ReadOnlySpan<byte> exif)
    {
        List<int> found = [];
        if (!IsTiff(exif) || exif.Length < HeadLength)
        {
            return found;
        }

        bool isLittleEndian = IsLittleEndian(exif);
        uint directory = isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (directory > exif.Length - 2)
        {
            return found;
        }

        int count = Read16(exif[(int)directory..], isLittleEndian);
        int at = (int)directory + 2;
        for (; count > 0 && exif.Length - at >= DirectoryEntryLength; count--, at += DirectoryEntryLength)
        {
            if (Read16(exif[at..], isLittleEndian) == OrientationTag && Read16(exif[(at + 2)..], isLittleEndian) == ShortType)
            {
                found.Add(at + ValueAt);
            }
        }

        return found;
    }

    private static bool IsLittleEndian(ReadOnlySpan<byte> exif) => exif[0] == 'I';

    private static ushort Read16(ReadOnlySpan<byte> data, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);
}
