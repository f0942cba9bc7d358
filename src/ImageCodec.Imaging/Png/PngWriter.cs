using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageCodec.Imaging.Png;

/// <summary>Writes PNG files of 8 bits a sample, grey or RGB, with alpha where there is some, not interlaced, each row with the filter that looks best for it.</summary>
internal static class PngWriter
{
    public static void Write(RgbImage image, Stream stream, CancellationToken cancellationToken)
    {
        stream.Write(PngFormat.Signature);
        bool isGrey = IccProfiles.IsWrittenGrey(image, image.IsTrulyGrey());
        WriteHeader(image, isGrey, stream);
        PngMetadataWriter.Write(image, isGrey, stream);
        using (ImageDataWriter imageData = new(stream))
        {
            using ZLibStream rows = new(imageData, CompressionLevel.Optimal);
            WriteRows(image, isGrey, rows, cancellationToken);
        }

        WriteChunk(stream, PngFormat.Iend, []);
    }

    public static void WriteChunk(Stream stream, uint type, ReadOnlySpan<byte> data)
    {
        Span<byte> frame = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(frame, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], type);
        stream.Write(frame);
        stream.Write(data);

        Crc32 crc = default;
        crc.Add(frame[4..]);
        crc.Add(data);
        BinaryPrimitives.WriteUInt32BigEndian(frame, crc.Value);
        stream.Write(frame[..4]);
    }

    private static void WriteHeader(RgbImage image, bool isGrey, Stream stream)
    {
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)((isGrey, image.HasAlpha) switch
        {
            (false, false) => ColorType.Rgb,
            (false, true) => ColorType.RgbAlpha,
            (true, false) => ColorType.Grey,
            (true, true) => ColorType.GreyAlpha,
        });
        WriteChunk(stream, PngFormat.Ihdr, header);
    }

    private static void WriteRows(RgbImage image, bool isGrey, ZLibStream stream, CancellationToken cancellationToken)
    {
        int pixelBytes = (isGrey ? 1 : 3) + (image.HasAlpha ? 1 : 0);
        int rowBytes = pixelBytes * image.Width;
        byte[] row = new byte[RowFilters.BufferLength(rowBytes)];
        byte[] previous = new byte[row.Length];

        // Each with its type before it, ready to be written.
        byte[] candidate = new byte[1 + rowBytes];
        byte[] best = new byte[1 + rowBytes];
        for (int y = 0; y < image.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FillRow(image, y, isGrey, row.AsSpan(RowFilters.Start, rowBytes));
            long least = long.MaxValue;
            for (int type = 0; type < RowFilters.TypeCount; type++)
            {
                candidate[0] = (byte)type;
                long sum = RowFilters.Apply(type, row, previous, candidate.AsSpan(1), pixelBytes);
                if (sum < least)
                {
                    least = sum;
                    (candidate, best) = (best, candidate);
                }
            }

            stream.Write(best);
            (row, previous) = (previous, row);
        }
    }

    private static void FillRow(RgbImage image, int y, bool isGrey, Span<byte> row)
    {
        ReadOnlySpan<byte> rgb = image.GetRow(y);
        if (!isGrey && !image.HasAlpha)
        {
            rgb.CopyTo(row);
            return;
        }

        int colors = isGrey ? 1 : 3;
        int size = row.Length / image.Width;
        for (int x = 0; x < image.Width; x++)
        {
            rgb.Slice(3 * x, colors).CopyTo(row[(size * x)..]);
            if (size > colors)
            {
                row[(size * x) + colors] = image.Alpha[(y * image.Width) + x];
            }
        }
    }
}
