using System.Buffers.Binary;

namespace ImageCodec.Imaging.Pnm;

/// <summary>Reads raw PGM and PPM files: P5 and P6, with one or two bytes a sample.</summary>
internal static class PnmReader
{
    private const string Name = "PNM";
    private const int MaxMaxValue = 65535;
    private const int MaxByte = 255;

    public static bool Recognises(ReadOnlySpan<byte> file) => file.Length >= 2 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'7';

    /// <exception cref="InvalidFileException">The file does not begin as a raw PGM or PPM file does.</exception>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        (int channels, int width, int height, int maxValue) = ReadHeader(file, out _);
        bool isDeep = maxValue > MaxByte;
        ImageFileFormat format = channels == 1
            ? (isDeep ? ImageFileFormat.Pgm16 : ImageFileFormat.Pgm)
            : (isDeep ? ImageFileFormat.Ppm16 : ImageFileFormat.Ppm);
        return new ImageFileInfo(format, width, height);
    }

    /// <exception cref="InvalidFileException">The file is not a raw PGM or PPM file.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file, int maxPixelCount, CancellationToken cancellationToken)
    {
        (int channels, int width, int height, int maxValue) = ReadHeader(file, out int offset);
        if ((long)width * height > maxPixelCount)
        {
            throw Invalid($"The declared size is {width}×{height}, but at most {maxPixelCount} pixels are to be read.", 0);
        }

        int bytesPerSample = maxValue > MaxByte ? 2 : 1;
        long length = (long)width * height * channels * bytesPerSample;
        if (file.Length - offset < length)
        {
            throw Invalid(
                $"The declared size of {width}×{height} with {channels * bytesPerSample} bytes a pixel needs {length} bytes, but {file.Length - offset} follow.",
                offset);
        }

        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> row = image.GetRow(y);
            Span<byte> samples = row[..(channels * width)];
            Convert(file, offset + (y * samples.Length * bytesPerSample), maxValue, samples);
            if (channels == 3)
            {
                continue;
            }

            // From the right, so that no grey is overwritten before it is used.
            for (int x = width - 1; x >= 0; x--)
            {
                row.Slice(3 * x, 3).Fill(samples[x]);
            }
        }

        image.IsGrey = channels == 1;
        return image;
    }

    /// <summary>Brings samples of 0 … maxValue to 0 … 255, to the nearest, halves up.</summary>
    private static void Convert(ReadOnlySpan<byte> file, int offset, int maxValue, Span<byte> result)
    {
        if (maxValue == MaxByte)
        {
            file.Slice(offset, result.Length).CopyTo(result);
            return;
        }

        int bytesPerSample = maxValue > MaxByte ? 2 : 1;
        for (int i = 0; i < result.Length; i++)
        {
            int at = offset + (bytesPerSample * i);
            int value = bytesPerSample == 1 ? file[at] : BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (value > maxValue)
            {
                throw Invalid($"A sample is {value}, but the header says that the largest is {maxValue}.", at);
            }

            result[i] = (byte)(((2 * MaxByte * value) + maxValue) / (2 * maxValue));
        }
    }

    private static (int Channels, int Width, int Height, int MaxValue) ReadHeader(ReadOnlySpan<byte> file, out int offset)
    {
        if (file[1] is not ((byte)'5' or (byte)'6'))
        {
            throw Invalid($"The file is of the kind P{(char)file[1]}; only raw grey (P5) and raw RGB (P6) are supported.", 0);
        }

        offset = 2;
        int width = ReadNumber(file, ref offset, "width", int.MaxValue);
        int height = ReadNumber(file, ref offset, "height", int.MaxValue);
        int maxValue = ReadNumber(file, ref offset, "largest sample", MaxMaxValue);
        SkipOneSpace(file, ref offset, "largest sample");
        return (file[1] == '5' ? 1 : 3, width, height, maxValue);
    }

    private static int ReadNumber(ReadOnlySpan<byte> file, ref int offset, string what, int max)
    {
        SkipOneSpace(file, ref offset, what);
        while (offset < file.Length && (IsSpace(file[offset]) || file[offset] == '#'))
        {
            SkipOneSpace(file, ref offset, what);
        }

        int start = offset;
        long value = 0;
        for (; offset < file.Length && char.IsAsciiDigit((char)file[offset]); offset++)
        {
            value = (10 * value) + file[offset] - '0';
            if (value > max)
            {
                throw Invalid($"The {what} is more than {max}.", start);
            }
        }

        if (offset == start)
        {
            throw Invalid($"The {what} was expected here, in digits.", start);
        }

        return value > 0 ? (int)value : throw Invalid($"The {what} is 0; it must be at least 1.", start);
    }

    /// <summary>A comment, from # to the end of its line, counts as the white space that ends it.</summary>
    private static void SkipOneSpace(ReadOnlySpan<byte> file, ref int offset, string what)
    {
        if (offset < file.Length && file[offset] == '#')
        {
            int length = file[offset..].IndexOfAny((byte)'\n', (byte)'\r');
            offset = length < 0 ? file.Length : offset + length;
        }

        if (offset >= file.Length || !IsSpace(file[offset]))
        {
            throw Invalid($"White space was expected here, in the header, next to the {what}.", offset);
        }

        offset++;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);

    private static InvalidFileException Invalid(string problem, int offset) => new(Name, problem, offset);
}
