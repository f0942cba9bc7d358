using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageCodec.Imaging.Png;

/// <summary>Writes the chunks of a picture's metadata.</summary>
internal static class PngMetadataWriter
{
    public static void Write(RgbImage image, bool isGrey, Stream stream)
    {
        PictureMetadata metadata = image.Metadata;
        if (metadata.CodePoints is { } points)
        {
            PngWriter.WriteChunk(stream, PngFormat.Cicp, [points.Primaries, points.Transfer, points.Matrix, points.IsFullRange ? (byte)1 : (byte)0]);
        }

        if (metadata.Gamma is { } gamma)
        {
            Span<byte> data = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(data, gamma);
            PngWriter.WriteChunk(stream, PngFormat.Gama, data);
        }

        ReadOnlySpan<byte> profile = IccProfiles.ForFile(image, isGrey);
        if (!profile.IsEmpty)
        {
            using MemoryStream data = new();
            data.Write("ICC profile\0\0"u8);
            using (ZLibStream compressed = new(data, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                compressed.Write(profile);
            }

            PngWriter.WriteChunk(stream, PngFormat.Iccp, data.GetBuffer().AsSpan(0, (int)data.Length));
        }

        if (!metadata.Exif.IsEmpty)
        {
            PngWriter.WriteChunk(stream, PngFormat.Exif, metadata.Exif.Span);
        }

        if (!metadata.Xmp.IsEmpty)
        {
            // Not compressed, and without languages.
            PngWriter.WriteChunk(stream, PngFormat.Itxt, [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. metadata.Xmp.Span]);
        }
    }
}
