using System.Buffers.Binary;

namespace ImageCodec.Imaging;

/// <summary>A format that is not read here, told by a file's beginning, so that nobody takes its files for damaged ones.</summary>
/// <param name="Name">What such a file is, with the article, such as «a WebP file».</param>
/// <param name="IsReadBySkia">Whether Skia reads it.</param>
/// <param name="IsPhoto">Whether such files are looked for in folders of pictures, unlike drawings, icons, documents and videos.</param>
internal sealed record OtherFormat(string Name, bool IsReadBySkia = false, bool IsPhoto = true)
{
    /// <summary>What errors call a file that is read by none.</summary>
    public const string Unknown = "Picture";

    private const int BrandAt = 8;

    private static readonly (byte[] Beginning, OtherFormat Format)[] s_beginnings =
    [
        ([.. "GIF8"u8], new("a GIF file", IsReadBySkia: true)),
        ([.. "II*\0"u8], new("a TIFF file, or a camera's raw file")),
        ([.. "MM\0*"u8], new("a TIFF file, or a camera's raw file")),
        ([.. "II+\0"u8], new("a BigTIFF file")),
        ([.. "MM\0+"u8], new("a BigTIFF file")),
        ([.. "II"u8, 0xBC], new("a JPEG XR file")),
        ([.. "IIU\0"u8], new("a camera's raw file (RW2)")),
        ([.. "IIRO"u8], new("a camera's raw file (ORF)")),
        ([.. "IIRS"u8], new("a camera's raw file (ORF)")),
        ([.. "MMOR"u8], new("a camera's raw file (ORF)")),
        ([.. "FUJIFILMCCD-RAW"u8], new("a camera's raw file (RAF)")),
        ([.. "FOVb"u8], new("a camera's raw file (X3F)")),
        ([0, .. "MRM"u8], new("a camera's raw file (MRW)")),
        ([0xFF, 0x0A], new("a JPEG XL file")),
        ([0, 0, 0, 12, .. "JXL \r\n"u8, 0x87, 0x0A], new("a JPEG XL file")),
        ([0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 0x0A], new("a JPEG 2000 file")),
        ([0xFF, 0x4F, 0xFF, 0x51], new("a JPEG 2000 file")),
        ([.. "8BPS"u8], new("a Photoshop file (PSD)")),
        ([0, 0, 1, 0], new("an icon (ICO)", IsReadBySkia: true, IsPhoto: false)),
        ([0, 0, 2, 0], new("a cursor (CUR)", IsReadBySkia: true, IsPhoto: false)),
        ([.. "%PDF"u8], new("a PDF file", IsPhoto: false)),
        ([.. "%!PS"u8], new("a PostScript file", IsPhoto: false)),
        ([.. "<svg"u8], new("an SVG drawing", IsPhoto: false)),
        ([.. "qoif"u8], new("a QOI file")),
        ([.. "farbfeld"u8], new("a farbfeld file")),
        ([.. "#?RADIANCE"u8], new("a Radiance HDR file")),
        ([.. "#?RGBE"u8], new("a Radiance HDR file")),
        ([0x76, 0x2F, 0x31, 0x01], new("an OpenEXR file")),
        ([.. "DDS "u8], new("a DDS file")),
        ([.. "gimp xcf"u8], new("a GIMP file (XCF)")),
        ([.. "BPG"u8, 0xFB], new("a BPG file")),
        ([.. "PF\n"u8], new("a PFM file")),
        ([.. "Pf\n"u8], new("a PFM file")),
        ([0x8A, .. "MNG"u8], new("an MNG file")),
        ([0x8B, .. "JNG"u8], new("a JNG file")),
    ];

    /// <summary>Finds out what a file is; null if it is of none of the known formats.</summary>
    public static OtherFormat? Find(ReadOnlySpan<byte> file)
    {
        if (IcdFile.IsIcd(file))
        {
            return new OtherFormat("an .icd file", IsPhoto: false);
        }

        if (file.StartsWith("RIFF"u8) && file.Length > BrandAt && file[BrandAt..].StartsWith("WEBP"u8))
        {
            return new OtherFormat("a WebP file", IsReadBySkia: true);
        }

        if (file.Length > BrandAt && file[4..].StartsWith("ftyp"u8))
        {
            return OfBrand(file[BrandAt..]);
        }

        // Two letters alone would be too little.
        const int BmpHeadAt = 14;
        if (file.StartsWith("BM"u8) && file.Length > BmpHeadAt + 4 && BinaryPrimitives.ReadUInt32LittleEndian(file[BmpHeadAt..]) is >= 12 and <= 124)
        {
            return new OtherFormat("a BMP file", IsReadBySkia: true);
        }

        foreach ((byte[] beginning, OtherFormat format) in s_beginnings)
        {
            if (file.StartsWith(beginning))
            {
                return format;
            }
        }

        return IsSvg(file) ? new OtherFormat("an SVG drawing", IsPhoto: false) : null;
    }

    private static OtherFormat OfBrand(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("avif"u8) || brand.StartsWith("avis"u8) ? new("an AVIF file")
        : brand.StartsWith("heic"u8) || brand.StartsWith("heix"u8) || brand.StartsWith("hevc"u8) || brand.StartsWith("hevx"u8) ? new("an HEIC file")
        : brand.StartsWith("mif1"u8) || brand.StartsWith("msf1"u8) ? new("an HEIF file (HEIC or AVIF)")
        : brand.StartsWith("crx "u8) ? new("a camera's raw file (CR3)")
        : brand.StartsWith("jxl "u8) ? new("a JPEG XL file")
        : new("a video, or another file of its family", IsPhoto: false);

    /// <summary>XML whose first lines have the element.</summary>
    private static bool IsSvg(ReadOnlySpan<byte> file)
    {
        const int FirstLines = 1024;
        ReadOnlySpan<byte> text = file.StartsWith("\uFEFF"u8) ? file[3..] : file;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'<', (byte)'?' or (byte)'!' or (byte)'s', ..] xml && xml[..Math.Min(xml.Length, FirstLines)].IndexOf("<svg"u8) >= 0;
    }
}
