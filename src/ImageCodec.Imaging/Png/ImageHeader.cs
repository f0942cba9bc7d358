using System.Buffers.Binary;

namespace ImageCodec.Imaging.Png;

/// <summary>The contents of IHDR, checked.</summary>
internal readonly record struct ImageHeader(int Width, int Height, int BitDepth, ColorType ColorType, bool Interlaced)
{
    private const int Length = 13;

    private int Channels => ColorType switch
    {
        ColorType.Rgb => 3,
        ColorType.GreyAlpha => 2,
        ColorType.RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>The distance in bytes at which the filters look left; 1 where several pixels share a byte.</summary>
    public int FilterDistance => Math.Max(1, Channels * BitDepth / 8);

    public long RowBytes(int width) => (((long)width * Channels * BitDepth) + 7) / 8;

    public static ImageHeader Parse(ReadOnlySpan<byte> data, long offset, long maxPixelCount)
    {
        if (data.Length != Length)
        {
            throw PngFormat.Invalid($"IHDR has {data.Length} bytes instead of {Length}.", offset);
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
        {
            throw PngFormat.Invalid($"The declared size is {width}×{height}; both sides must be 1 to {int.MaxValue}.", offset);
        }

        if ((long)width * height > maxPixelCount)
        {
            throw PngFormat.Invalid(
                $"The declared size is {width}×{height}, but at most {maxPixelCount} pixels are to be read.", offset);
        }

        CheckColor(data[8], data[9], offset + 8);
        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw PngFormat.Invalid(
                $"The compression, filter and interlace methods are {data[10]}, {data[11]} and {data[12]}; PNG knows 0, 0 and 0 or 1.",
                offset + 10);
        }

        return new ImageHeader((int)width, (int)height, data[8], (ColorType)data[9], data[12] == 1);
    }

    private static void CheckColor(int bitDepth, int colorType, long offset)
    {
        string? depths = (ColorType)colorType switch
        {
            ColorType.Grey => bitDepth is 1 or 2 or 4 or 8 or 16 ? "" : "1, 2, 4, 8 or 16",
            ColorType.Palette => bitDepth is 1 or 2 or 4 or 8 ? "" : "1, 2, 4 or 8",
            ColorType.Rgb or ColorType.GreyAlpha or ColorType.RgbAlpha => bitDepth is 8 or 16 ? "" : "8 or 16",
            _ => null,
        };
        if (depths is null)
        {
            throw PngFormat.Invalid($"The colour type is {colorType}; PNG knows 0, 2, 3, 4 and 6.", offset + 1);
        }

        if (depths.Length > 0)
        {
            throw PngFormat.Invalid($"The bit depth is {bitDepth}; with colour type {colorType} it must be {depths}.", offset);
        }
    }
}
