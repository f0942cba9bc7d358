using System.Buffers.Binary;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// Writes baseline JPEG files with JFIF header: YCbCr 4:2:0, or grey where the picture has no colour, in Huffman codes made for the picture.
/// So that they can be, all coefficients are computed before the first is written, and kept meanwhile: 3 bytes a pixel, 2 in grey.
/// </summary>
internal static class JpegWriter
{
    public const int DefaultQuality = 90;

    public static void Write(RgbImage image, Stream stream, int quality, CancellationToken cancellationToken)
    {
        bool isGrey = IccProfiles.IsWrittenGrey(image, image.FindColor() < 0);
        byte[] lumaSteps = QuantizationTables.Steps(isLuma: true, quality);
        byte[] chromaSteps = QuantizationTables.Steps(isLuma: false, quality);
        PicturePlanes planes = new(image, isGrey, lumaSteps, chromaSteps);

        int kinds = isGrey ? 1 : 2;
        short[][] rows = new short[planes.McuRows][];
        SymbolCounter counter = new(2 * kinds);
        Span<int> predictions = stackalloc int[3];
        predictions.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows[i] = planes.Transform(i);
            Put(rows[i], planes, predictions, ref counter);
        }

        HuffmanCode[] codes = [.. Enumerable.Range(0, 2 * kinds).Select(table => new HuffmanCode(counter.Counts(table)))];

        stream.Write([Marker.Prefix, Marker.StartOfImage]);

        // JFIF 1.1, square pixels of no given size, no thumbnail.
        WriteSegment(stream, Marker.FirstApplication, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        JpegMetadataWriter.Write(image, isGrey, stream);
        WriteSteps(stream, 0, lumaSteps);
        if (!isGrey)
        {
            WriteSteps(stream, 1, chromaSteps);
        }

        WriteFrameHeader(stream, image, isGrey);
        for (int table = 0; table < codes.Length; table++)
        {
            // DC and AC by turns; the class is in the upper half of the byte.
            byte classAndNumber = (byte)(((table & 1) << 4) | (table >> 1));
            WriteSegment(stream, Marker.DefineHuffmanTables, [classAndNumber, .. codes[table].Counts, .. codes[table].Symbols]);
        }

        WriteSegment(stream, Marker.StartOfScan, isGrey ? [1, 1, 0, 0, 63, 0] : [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]);
        SymbolWriter writer = new(stream, codes);
        predictions.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Put(rows[i], planes, predictions, ref writer);
        }

        writer.Finish();
        stream.Write([Marker.Prefix, Marker.EndOfImage]);
    }

    private static void Put<TSink>(ReadOnlySpan<short> coefficients, PicturePlanes planes, Span<int> predictions, ref TSink sink)
        where TSink : struct, ISymbolSink
    {
        while (!coefficients.IsEmpty)
        {
            for (int block = 0; block < planes.BlocksPerMcu; block++)
            {
                int component = planes.Component(block);
                BlockCoder.Put(coefficients[..JpegFormat.BlockLength], ref predictions[component], Math.Min(component, 1), ref sink);
                coefficients = coefficients[JpegFormat.BlockLength..];
            }
        }
    }

    private static void WriteSteps(Stream stream, byte number, byte[] steps)
    {
        byte[] data = new byte[1 + JpegFormat.BlockLength];
        data[0] = number;
        for (int i = 0; i < JpegFormat.BlockLength; i++)
        {
            data[1 + i] = steps[JpegFormat.Zigzag[i]];
        }

        WriteSegment(stream, Marker.DefineQuantizationTables, data);
    }

    private static void WriteFrameHeader(Stream stream, RgbImage image, bool isGrey)
    {
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)image.Height);
        BinaryPrimitives.WriteUInt16BigEndian(size[2..], (ushort)image.Width);

        // For each component: its number, sampling factors, quantization table.
        ReadOnlySpan<byte> components = isGrey ? [1, 1, 0x11, 0] : [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
        WriteSegment(stream, Marker.StartOfBaselineFrame, [8, .. size, .. components]);
    }

    public static void WriteSegment(Stream stream, byte marker, ReadOnlySpan<byte> data)
    {
        Span<byte> frame = stackalloc byte[4];
        frame[0] = Marker.Prefix;
        frame[1] = marker;
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)(2 + data.Length));
        stream.Write(frame);
        stream.Write(data);
    }
}
