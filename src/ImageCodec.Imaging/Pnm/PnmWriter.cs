using System.Buffers.Binary;
using System.Text;

namespace ImageCodec.Imaging.Pnm;

/// <summary>Writes raw PGM and PPM files: P5 and P6, with one or two bytes a sample.</summary>
internal static class PnmWriter
{
    /// <summary>Writes RGB.</summary>
    public static void WriteColor(RgbImage image, Stream stream, int bitsPerSample, CancellationToken cancellationToken)
    {
        WriteHeader('6', image, stream, bitsPerSample);
        for (int y = 0; y < image.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteSamples(image.GetRow(y), stream, bitsPerSample);
        }
    }

    /// <summary>Writes grey.</summary>
    /// <exception cref="ArgumentException">A pixel is not grey.</exception>
    public static void WriteGrey(RgbImage image, Stream stream, int bitsPerSample, CancellationToken cancellationToken)
    {
        CheckGrey(image);
        WriteHeader('5', image, stream, bitsPerSample);
        byte[] grey = new byte[image.Width];
        for (int y = 0; y < image.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> row = image.GetRow(y);
            for (int x = 0; x < grey.Length; x++)
            {
                grey[x] = row[3 * x];
            }

            WriteSamples(grey, stream, bitsPerSample);
        }
    }

    private static void CheckGrey(RgbImage image)
    {
        if (image.FindColor() is >= 0 and var pixel)
        {
            ReadOnlySpan<byte> rgb = image.Pixels.Slice(3 * pixel, 3);
            throw new ArgumentException(
                $"PGM holds grey alone, but the pixel ({pixel % image.Width}, {pixel / image.Width}) is ({rgb[0]}, {rgb[1]}, {rgb[2]}). PPM and PNG hold colour.",
                nameof(image));
        }
    }

    private static void WriteHeader(char kind, RgbImage image, Stream stream, int bitsPerSample) =>
        stream.Write(Encoding.ASCII.GetBytes($"P{kind}\n{image.Width} {image.Height}\n{(1 << bitsPerSample) - 1}\n"));

    /// <summary>At 16 bits a sample is 257 times itself, which is twice the same byte and reads back as the same 8 bits.</summary>
    private static void WriteSamples(ReadOnlySpan<byte> samples, Stream stream, int bitsPerSample)
    {
        if (bitsPerSample == 8)
        {
            stream.Write(samples);
            return;
        }

        Span<byte> pairs = stackalloc byte[1024];
        while (!samples.IsEmpty)
        {
            int count = Math.Min(samples.Length, pairs.Length / 2);
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(pairs[(2 * i)..], (ushort)(257 * samples[i]));
            }

            stream.Write(pairs[..(2 * count)]);
            samples = samples[count..];
        }
    }
}
