namespace ImageCodec.Imaging.Jpeg;

/// <summary>What the JPEG reader and writer share: the size of a block, the zigzag, the errors. Clauses named in comments are those of ITU-T T.81.</summary>
internal static class JpegFormat
{
    public const string Name = "JPEG";

    /// <summary>Samples on a side of a block.</summary>
    public const int BlockSide = 8;

    /// <summary>Samples, and coefficients, of a block.</summary>
    public const int BlockLength = BlockSide * BlockSide;

    /// <summary>The largest side that a frame header can say.</summary>
    public const int MaxSide = 65535;

    /// <summary>At [i], the place in a block, row by row, of the coefficient that comes i-th in the file.</summary>
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10,
        17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34,
        27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36,
        29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46,
        53, 60, 61, 54, 47, 55, 62, 63,
    ];

    public static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;

    public static InvalidFileException Invalid(string problem, long? offset = null) => new(Name, problem, offset);
}
