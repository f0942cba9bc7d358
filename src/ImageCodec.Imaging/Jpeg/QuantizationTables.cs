namespace ImageCodec.Imaging.Jpeg;

/// <summary>The quantization steps that the standard's Annex K proposes, scaled by a quality as the Independent JPEG Group's library does.</summary>
internal static class QuantizationTables
{
    public const int MinQuality = 1;
    public const int MaxQuality = 100;

    /// <summary>Table K.1, row by row.</summary>
    private static ReadOnlySpan<byte> Luma =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <summary>Table K.2, row by row.</summary>
    private static ReadOnlySpan<byte> Chroma =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>The steps, row by row: the proposed ones at quality 50, half of them at 75, 1 at 100, at most 255, which a baseline file can say.</summary>
    public static byte[] Steps(bool isLuma, int quality)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        ReadOnlySpan<byte> proposed = isLuma ? Luma : Chroma;
        byte[] steps = new byte[JpegFormat.BlockLength];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = (byte)Math.Clamp(((proposed[i] * percent) + 50) / 100, 1, 255);
        }

        return steps;
    }
}
