namespace ImageCodec.Imaging.Png;

/// <summary>What the PNG reader and writer share: the signature, the chunk types, the errors.</summary>
internal static class PngFormat
{
    public const string Name = "PNG";

    public const uint Ihdr = 0x49484452;
    public const uint Plte = 0x504C5445;
    public const uint Trns = 0x74524E53;
    public const uint Idat = 0x49444154;
    public const uint Iend = 0x49454E44;
    public const uint Iccp = 0x69434350;
    public const uint Exif = 0x65584966;
    public const uint Itxt = 0x69545874;
    public const uint Cicp = 0x63494350;
    public const uint Gama = 0x67414D41;
    public const uint Chrm = 0x6348524D;
    public const uint Srgb = 0x73524742;
    public const uint Mdcv = 0x6D444356;
    public const uint Clli = 0x634C4C49;
    public const uint Actl = 0x6163544C;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static string TypeName(uint type)
    {
        Span<char> name = stackalloc char[4];
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = (char)((type >> (24 - (8 * i))) & 0xFF);
        }

        return new string(name);
    }

    public static InvalidFileException Invalid(string problem, long? offset = null, Exception? cause = null) =>
        new(Name, problem, offset, cause);
}
