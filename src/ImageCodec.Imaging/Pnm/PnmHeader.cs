using System.Text;

namespace ImageCodec.Imaging.Pnm;

/// <summary>The header of a PNM file: P1 to P3 have their samples as text, P4 to P6 as bytes, of bits, grey and RGB; P7 is PAM, of bytes, which may have alpha.</summary>
/// <param name="Kind">The digit behind the P.</param>
/// <param name="Channels">Samples of a pixel, 1 to 4; alpha is one of 2 or 4.</param>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="MaxValue">What stands for 255, up to 65535.</param>
internal readonly record struct PnmHeader(char Kind, int Channels, int Width, int Height, int MaxValue)
{
    private const int MaxMaxValue = 65535;
    private const int MaxByte = 255;

    /// <summary>One sample is a bit, and 1 is black.</summary>
    public bool IsBitmap => Kind is '1' or '4';

    public bool IsText => Kind <= '3';

    public bool HasAlpha => Channels is 2 or 4;

    public bool IsGrey => Channels <= 2;

    /// <summary>Whether samples have more than 8 bits.</summary>
    public bool IsDeep => MaxValue > MaxByte;

    public int BytesPerSample => IsDeep ? 2 : 1;

    public int SamplesPerRow => Channels * Width;

    /// <summary>The bytes that the samples take; as text, the least that they can.</summary>
    public long Length => Kind switch
    {
        '1' => (long)Width * Height,
        '2' or '3' => (2L * Width * Height * Channels) - 1,
        '4' => (Width + 7L) / 8 * Height,
        _ => (long)Width * Height * Channels * BytesPerSample,
    };

    /// <param name="file">The file.</param>
    /// <param name="offset">Where the samples begin.</param>
    /// <exception cref="InvalidFileException">The header is damaged or cut short.</exception>
    public static PnmHeader Parse(ReadOnlySpan<byte> file, out int offset)
    {
        offset = 2;
        char kind = (char)file[1];
        if (kind == '7')
        {
            return ParsePam(file, ref offset);
        }

        int width = ReadNumber(file, ref offset, "width", int.MaxValue);
        int height = ReadNumber(file, ref offset, "height", int.MaxValue);
        int maxValue = kind is '1' or '4' ? 1 : ReadNumber(file, ref offset, "largest sample", MaxMaxValue);
        SkipOneSpace(file, ref offset, "size");
        return new PnmHeader(kind, kind is '3' or '6' ? 3 : 1, width, height, maxValue);
    }

    /// <summary>Lines of a word and a value, up to ENDHDR.</summary>
    private static PnmHeader ParsePam(ReadOnlySpan<byte> file, ref int offset)
    {
        int width = 0;
        int height = 0;
        int depth = 0;
        int maxValue = 0;
        string tupleType = "";
        while (true)
        {
            int start = offset;
            int end = PnmFormat.FindLineEnd(file, offset);
            if (end == file.Length)
            {
                throw PnmFormat.Invalid("The header of the PAM file has no line ENDHDR.", start);
            }

            offset = end + 1;
            ReadOnlySpan<byte> line = file[start..end].Trim(" \t"u8);
            int wordLength = line.IndexOfAny((byte)' ', (byte)'\t');
            ReadOnlySpan<byte> word = wordLength < 0 ? line : line[..wordLength];
            ReadOnlySpan<byte> value = wordLength < 0 ? [] : line[wordLength..].Trim(" \t"u8);
            switch (Encoding.Latin1.GetString(word))
            {
                case "WIDTH":
                    width = ParseNumber(value, "width", int.MaxValue, start);
                    break;
                case "HEIGHT":
                    height = ParseNumber(value, "height", int.MaxValue, start);
                    break;
                case "DEPTH":
                    depth = ParseNumber(value, "depth", int.MaxValue, start);
                    break;
                case "MAXVAL":
                    maxValue = ParseNumber(value, "largest sample", MaxMaxValue, start);
                    break;
                case "TUPLTYPE":
                    tupleType = Encoding.Latin1.GetString(value);
                    break;
                case "ENDHDR" when width > 0 && height > 0 && depth > 0 && maxValue > 0:
                    return new PnmHeader('7', CheckTuple(tupleType, depth, start), width, height, maxValue);
                case "ENDHDR":
                    throw PnmFormat.Invalid("The header of the PAM file must have WIDTH, HEIGHT, DEPTH and MAXVAL.", start);
                case "":
                case ['#', ..]:
                    break;
                default:
                    throw PnmFormat.Invalid("The header of the PAM file has a line that is none of WIDTH, HEIGHT, DEPTH, MAXVAL, TUPLTYPE and ENDHDR.", start);
            }
        }
    }

    private static int CheckTuple(string type, int depth, int offset)
    {
        int expected = type switch
        {
            "" when depth <= 4 => depth,
            "BLACKANDWHITE" or "GRAYSCALE" => 1,
            "BLACKANDWHITE_ALPHA" or "GRAYSCALE_ALPHA" => 2,
            "RGB" => 3,
            "RGB_ALPHA" => 4,
            _ => throw PnmFormat.Invalid($"The PAM file has {depth} samples a pixel of the type «{type}»; BLACKANDWHITE, GRAYSCALE and RGB are supported, also with _ALPHA.", offset),
        };
        return depth == expected ? depth : throw PnmFormat.Invalid($"The PAM file has {depth} samples a pixel; those of the type {type} have {expected}.", offset);
    }

    private static int ReadNumber(ReadOnlySpan<byte> file, ref int offset, string what, int max)
    {
        SkipOneSpace(file, ref offset, what);
        while (offset < file.Length && (PnmFormat.IsSpace(file[offset]) || file[offset] == '#'))
        {
            SkipOneSpace(file, ref offset, what);
        }

        int start = offset;
        while (offset < file.Length && char.IsAsciiDigit((char)file[offset]))
        {
            offset++;
        }

        return ParseNumber(file[start..offset], what, max, start);
    }

    private static int ParseNumber(ReadOnlySpan<byte> digits, string what, int max, int offset)
    {
        long value = 0;
        foreach (byte digit in digits)
        {
            value = char.IsAsciiDigit((char)digit) ? (10 * value) + digit - '0' : throw PnmFormat.Invalid($"The {what} was expected here, in digits.", offset);
            if (value > max)
            {
                throw PnmFormat.Invalid($"The {what} is more than {max}.", offset);
            }
        }

        return digits.IsEmpty ? throw PnmFormat.Invalid($"The {what} was expected here, in digits.", offset)
            : value > 0 ? (int)value
            : throw PnmFormat.Invalid($"The {what} is 0; it must be at least 1.", offset);
    }

    /// <summary>A comment, from # to the end of its line, counts as the white space that ends it.</summary>
    private static void SkipOneSpace(ReadOnlySpan<byte> file, ref int offset, string what)
    {
        if (offset < file.Length && file[offset] == '#')
        {
            offset = PnmFormat.FindLineEnd(file, offset);
        }

        if (offset >= file.Length || !PnmFormat.IsSpace(file[offset]))
        {
            throw PnmFormat.Invalid($"White space was expected here, in the header, next to the {what}.", offset);
        }

        offset++;
    }
}
