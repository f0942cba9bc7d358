using System.Buffers.Binary;

namespace ImageCodec.Imaging;

/// <summary>What the PNG reader and writer share: the signature, the chunk types, the errors.</summary>
internal static class PngFormat
{
    public const string Name = "PNG";

    public const uint Ihdr = 0x49484452;
    public const uint Plte = 0x504C5445;
    public const uint Trns = 0x74524E53;
    public const uint Idat = 0x49444154;
    public const uint Iend = 0x49454E44;

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

/// <summary>The colour types, with the numbers that IHDR gives them.</summary>
internal enum PngColorType
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}

/// <summary>The contents of IHDR, checked.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    private const int Length = 13;

    private int Channels => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GreyAlpha => 2,
        PngColorType.RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>The distance in bytes at which the filters look left; 1 where several pixels share a byte.</summary>
    public int FilterDistance => Math.Max(1, Channels * BitDepth / 8);

    public long RowBytes(int width) => (((long)width * Channels * BitDepth) + 7) / 8;

    public static PngHeader Parse(ReadOnlySpan<byte> data, long offset, long maxPixelCount)
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

        return new PngHeader((int)width, (int)height, data[8], (PngColorType)data[9], data[12] == 1);
    }

    private static void CheckColor(int bitDepth, int colorType, long offset)
    {
        string? depths = (PngColorType)colorType switch
        {
            PngColorType.Grey => bitDepth is 1 or 2 or 4 or 8 or 16 ? "" : "1, 2, 4, 8 or 16",
            PngColorType.Palette => bitDepth is 1 or 2 or 4 or 8 ? "" : "1, 2, 4 or 8",
            PngColorType.Rgb or PngColorType.GreyAlpha or PngColorType.RgbAlpha => bitDepth is 8 or 16 ? "" : "8 or 16",
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
