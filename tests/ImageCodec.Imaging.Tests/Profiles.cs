namespace ImageCodec.Imaging.Tests;

/// <summary>ICC profiles and Exif, put together by hand, with nothing in them that a reader here would look at but their kind.</summary>
internal static class Profiles
{
    /// <summary>A profile: the head of one, and then noise.</summary>
    public static byte[] Icc(string colorSpace, int length = 400)
    {
        byte[] profile = new byte[length];
        new Random(length).NextBytes(profile);
        System.Text.Encoding.ASCII.GetBytes(colorSpace).CopyTo(profile, 16);
        "acsp"u8.CopyTo(profile.AsSpan(36));
        return profile;
    }

    /// <summary>Exif that says an orientation, and a maker.</summary>
    public static byte[] Exif(byte orientation, bool isLittleEndian = false) => isLittleEndian
        ? [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 3, 0, 0, 0, .. "Me\0\0"u8, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 1, 0x0F, 0, 2, 0, 0, 0, 3, .. "Me\0\0"u8, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    public static byte[] Xmp(int orientation) => System.Text.Encoding.UTF8.GetBytes(
        $"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="{orientation}" dc:title="Zürich"/></x:xmpmeta>""");
}
