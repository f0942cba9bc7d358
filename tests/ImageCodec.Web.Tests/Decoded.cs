using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageCodec.Web.Tests;

/// <summary>What came out of a file, in a line as <c>decode-files.mjs</c> prints it.</summary>
internal static class Decoded
{
    /// <summary>The line of a sound file, or null for one that is refused.</summary>
    public static string? ByLibrary(ImageCompressor compressor, byte[] file, int scale)
    {
        try
        {
            return Describe(compressor.Decompress(file, new DecompressionOptions { Scale = scale }));
        }
        catch (InvalidFileException)
        {
            return null;
        }
    }

    /// <summary>The lines of the script, in the order of the files.</summary>
    public static string[] ByScript(IEnumerable<(byte[] File, int Scale)> files, int maxPixelCount)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, files.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Scale} {maxPixelCount} {Convert.ToBase64String(one.File)}")));
            return NodeCommand.Run(NodeCommand.At("tests", "ImageCodec.Web.Tests", "decode-files.mjs"), path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Describe(RgbImage image)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] pixels = new byte[4 * image.PixelCount];
        for (int i = 0; i < image.PixelCount; i++)
        {
            image.Pixels.Slice(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            pixels[4 * i + 3] = image.HasAlpha ? image.Alpha[i] : (byte)255;
        }

        hash.AppendData(pixels);
        PictureMetadata metadata = image.Metadata;
        foreach (ReadOnlyMemory<byte> bytes in new[] { metadata.IccProfile, metadata.Exif, metadata.Xmp })
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} ")));
            hash.AppendData(bytes.Span);
        }

        string points = metadata.CodePoints is { } p ? string.Create(CultureInfo.InvariantCulture, $"{p.Primaries} {p.Transfer} {p.Matrix} {(p.IsFullRange ? "true" : "false")} ") : "- ";
        string gamma = metadata.Gamma?.ToString(CultureInfo.InvariantCulture) ?? "-";
        hash.AppendData(Encoding.UTF8.GetBytes($"{points}{gamma} {(image.IsGrey ? "true" : "false")}"));
        return $"{image.Width}×{image.Height} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
