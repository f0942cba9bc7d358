using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageCodec.Imaging.Png;

/// <summary>Writes 8-bit RGB PNG files, not interlaced, each row with the filter that looks best for it.</summary>
internal static class PngWriter
{
    private const int BytesPerPixel = 3;

    public static void Write(RgbImage image, Stream stream, CancellationToken cancellationToken)
    {
        stream.Write(PngFormat.Signature);
        WriteHeader(image, stream);
        using (ImageDataWriter imageData = new(stream))
        {
            using ZLibStream rows = new(imageData, CompressionLevel.Optimal);
            WriteRows(image, rows, cancellationToken);
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

    private static void WriteHeader(RgbImage image, Stream stream)
    {
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)ColorType.Rgb;
        WriteChunk(stream, PngFormat.Ihdr, header);
    }

    private static void WriteRows(RgbImage image, ZLibStream stream, CancellationToken cancellationToken)
    {
        int rowBytes = BytesPerPixel * image.Width;
        byte[] row = new byte[RowFilters.BufferLength(rowBytes)];
        byte[] previous = new byte[row.Length];

        // Each with its type before it, ready to be written.
        byte[] candidate = new byte[1 + rowBytes];
        byte[] best = new byte[1 + rowBytes];
        for (int y = 0; y < image.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            image.GetRow(y).CopyTo(row.AsSpan(RowFilters.Start));
            long least = long.MaxValue;
            for (int type = 0; type < RowFilters.TypeCount; type++)
            {
                candidate[0] = (byte)type;
                long sum = RowFilters.Apply(type, row, previous, candidate.AsSpan(1), BytesPerPixel);
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
}
