namespace ImageCodec.Imaging.Jpeg;

/// <summary>The second bytes of the markers; the first is 0xFF.</summary>
internal static class Marker
{
    public const byte Prefix = 0xFF;

    public const byte Temporary = 0x01;

    public const byte StartOfBaselineFrame = 0xC0;
    public const byte StartOfExtendedFrame = 0xC1;
    public const byte StartOfProgressiveFrame = 0xC2;
    public const byte DefineHuffmanTables = 0xC4;
    public const byte FirstRestart = 0xD0;
    public const byte LastRestart = 0xD7;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte DefineQuantizationTables = 0xDB;
    public const byte DefineNumberOfLines = 0xDC;
    public const byte DefineRestartInterval = 0xDD;
    public const byte DefineHierarchicalProgression = 0xDE;
    public const byte ExpandReferences = 0xDF;
    public const byte FirstApplication = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App2 = 0xE2;
    public const byte App13 = 0xED;
    public const byte App14 = 0xEE;
    public const byte LastApplication = 0xEF;
    public const byte StartOfJpegLsFrame = 0xF7;
    public const byte Comment = 0xFE;

    /// <summary>Whether a segment says nothing of the pixels.</summary>
    public static bool IsNote(byte marker) => marker is (>= FirstApplication and <= LastApplication) or Comment or DefineNumberOfLines;

    /// <summary>Kinds of JPEG that are not read, by the marker that begins their frame.</summary>
    public static string? UnsupportedKind(byte marker) => marker switch
    {
        0xC3 => "lossless JPEG",
        0xC5 or 0xC6 or 0xC7 or DefineHierarchicalProgression or ExpandReferences => "hierarchical JPEG",
        0xC9 or 0xCA => "JPEG with arithmetic coding",
        0xCB => "lossless JPEG with arithmetic coding",
        0xCD or 0xCE or 0xCF => "hierarchical JPEG with arithmetic coding",
        StartOfJpegLsFrame => "JPEG-LS",
        _ => null,
    };
}
