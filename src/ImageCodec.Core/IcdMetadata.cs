using System.Buffers;
using System.IO.Compression;

namespace ImageCodec;

/// <summary>Metadata as boxes of a file, and back.</summary>
internal static class IcdMetadata
{
    private const string Format = "ICD";

    /// <summary>DEFLATE spends at least two bits on a copy, and a copy makes at most 258 bytes.</summary>
    private const int MaxExpansion = 1032;

    private const int CodePointsLength = 4;

    /// <summary>The boxes, in the order of their kinds.</summary>
    public static IEnumerable<IcdBox> ToBoxes(PictureMetadata metadata)
    {
        foreach ((int kind, ReadOnlyMemory<byte> bytes) in new[] { (IcdBox.IccProfile, metadata.IccProfile), (IcdBox.Exif, metadata.Exif), (IcdBox.Xmp, metadata.Xmp) })
        {
            if (!bytes.IsEmpty)
            {
                yield return Deflate(kind, bytes);
            }
        }

        if (metadata.CodePoints is { } points)
        {
            yield return new IcdBox(IcdBox.CodePoints, new byte[] { points.Primaries, points.Transfer, points.Matrix, points.IsFullRange ? (byte)1 : (byte)0 });
        }

        if (metadata.Gamma is { } gamma)
        {
            ArrayBufferWriter<byte> payload = new(5);
            VariableLength.Write(payload, gamma);
            yield return new IcdBox(IcdBox.Gamma, payload.WrittenMemory);
        }
    }

    /// <summary>What boxes hold; those of other things are left alone.</summary>
    /// <exception cref="InvalidFileException">A box is damaged.</exception>
    public static PictureMetadata FromBoxes(IReadOnlyList<IcdBox> boxes)
    {
        ReadOnlyMemory<byte> Bytes(int kind) => boxes.FirstOrDefault(box => box.Kind == kind) is { } box ? Inflate(box) : default;
        IcdBox? points = boxes.FirstOrDefault(box => box.Kind == IcdBox.CodePoints);
        IcdBox? gamma = boxes.FirstOrDefault(box => box.Kind == IcdBox.Gamma);
        PictureMetadata metadata = new()
        {
            IccProfile = Bytes(IcdBox.IccProfile),
            Exif = Bytes(IcdBox.Exif),
            Xmp = Bytes(IcdBox.Xmp),
            CodePoints = points is null ? null : ReadCodePoints(points.Payload.Span),
            Gamma = gamma is null ? null : ReadGamma(gamma.Payload.Span),
        };
        return metadata.IsEmpty ? PictureMetadata.None : metadata;
    }

    private static ColorCodePoints ReadCodePoints(ReadOnlySpan<byte> payload) => payload.Length == CodePointsLength && payload[3] <= 1
        ? new ColorCodePoints(payload[0], payload[1], payload[2], payload[3] == 1)
        : throw new InvalidFileException(Format, $"the box cicp has not {CodePointsLength} bytes, the last of them 0 or 1.");

    private static int ReadGamma(ReadOnlySpan<byte> payload)
    {
        int position = 0;
        int gamma = VariableLength.Read(payload, ref position, "the gamma");
        return gamma > 0 && position == payload.Length ? gamma : throw new InvalidFileException(Format, "the box gamma holds no gamma, or more.");
    }

    /// <summary>A box of bytes, compressed if that makes it shorter.</summary>
    private static IcdBox Deflate(int kind, ReadOnlyMemory<byte> bytes)
    {
        ArrayBufferWriter<byte> payload = new(bytes.Length);
        VariableLength.Write(payload, bytes.Length);
        using (MemoryStream compressed = new())
        {
            using (DeflateStream stream = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                stream.Write(bytes.Span);
            }

            payload.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        }

        return payload.WrittenCount < bytes.Length ? new IcdBox(kind, payload.WrittenMemory, isCompressed: true) : new IcdBox(kind, bytes);
    }

    private static ReadOnlyMemory<byte> Inflate(IcdBox box)
    {
        if (!box.IsCompressed)
        {
            return box.Payload.Length <= PictureMetadata.MaxLength
                ? box.Payload.ToArray()
                : throw new InvalidFileException(Format, $"the box {box.Name} has {box.Payload.Length} bytes; at most {PictureMetadata.MaxLength} are taken.");
        }

        ReadOnlySpan<byte> payload = box.Payload.Span;
        int position = 0;
        int length = VariableLength.Read(payload, ref position, $"the length of the box {box.Name}");
        long most = Math.Min(PictureMetadata.MaxLength, (long)MaxExpansion * (payload.Length - position));
        if (length > most)
        {
            throw new InvalidFileException(Format, $"the box {box.Name} is said to hold {length} bytes, but can't hold more than {most}.");
        }

        byte[] bytes = new byte[length];
        using MemoryStream compressed = new(payload[position..].ToArray());
        using DeflateStream stream = new(compressed, CompressionMode.Decompress);
        try
        {
            if (stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length || stream.ReadByte() >= 0)
            {
                throw new InvalidFileException(Format, $"the box {box.Name} does not hold the {length} bytes that it says.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new InvalidFileException(Format, $"the box {box.Name} is no DEFLATE stream.", null, e);
        }

        return bytes;
    }
}
