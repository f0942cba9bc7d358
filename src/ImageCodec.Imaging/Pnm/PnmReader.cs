namespace ImageCodec.Imaging.Pnm;

/// <summary>Reads PNM files: bitmaps, grey and RGB (P1 to P6), and PAM (P7), which may have alpha.</summary>
internal static class PnmReader
{
    public static bool Recognises(ReadOnlySpan<byte> file) => file.Length >= 2 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'7';

    /// <exception cref="InvalidFileException">The file does not begin as a PNM file does.</exception>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        PnmHeader header = PnmHeader.Parse(file, out _);
        ImageFileFormat format = header.IsGrey
            ? (header.IsDeep ? ImageFileFormat.Pgm16 : ImageFileFormat.Pgm)
            : (header.IsDeep ? ImageFileFormat.Ppm16 : ImageFileFormat.Ppm);
        return new ImageFileInfo(format, header.Width, header.Height);
    }

    /// <exception cref="InvalidFileException">The file is not a PNM file.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file, List<string> warnings, ImageReadOptions options, CancellationToken cancellationToken)
    {
        PnmHeader header = PnmHeader.Parse(file, out int offset);
        if ((long)header.Width * header.Height > options.MaxPixelCount)
        {
            throw PnmFormat.Invalid($"The declared size is {header.Width}×{header.Height}, but at most {options.MaxPixelCount} pixels are to be read.", 0);
        }

        if (file.Length - offset < header.Length && !options.IsTolerant)
        {
            throw PnmFormat.Invalid(
                $"The declared size of {header.Width}×{header.Height} with {header.Channels} samples a pixel needs {header.Length} bytes, but {file.Length - offset} follow.",
                offset);
        }

        PnmSamples samples = new(file, header, offset);
        RgbImage image = new(header.Width, header.Height) { IsGrey = header.IsGrey };
        if (header.HasAlpha)
        {
            // What turns out to be missing is transparent.
            image.AddAlpha().Clear();
        }

        try
        {
            ReadRows(ref samples, header, image, cancellationToken);
            WarnOfOthers(file[samples.Offset..], warnings);
        }
        catch (InvalidFileException e) when (options.IsTolerant)
        {
            warnings.Add($"It is damaged or cut short, and was read as far as it goes; what is missing is black, or transparent. {e.Message}");
        }

        if (header.IsDeep)
        {
            warnings.Add("Its samples have more than 8 bits; they were rounded to 8.");
        }

        image.RemoveOpaqueAlpha();
        return image;
    }

    private static void ReadRows(ref PnmSamples samples, PnmHeader header, RgbImage image, CancellationToken cancellationToken)
    {
        byte[] row = header.Channels == 3 ? [] : new byte[header.SamplesPerRow];
        for (int y = 0; y < header.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (header.Channels == 3)
            {
                samples.ReadRow(image.GetRow(y));
                continue;
            }

            row.AsSpan().Clear();
            try
            {
                samples.ReadRow(row);
            }
            finally
            {
                Spread(row, header.Channels, image.GetRow(y), header.HasAlpha ? image.Alpha.Slice(y * header.Width, header.Width) : []);
            }
        }
    }

    /// <summary>Puts the samples of a row where they belong.</summary>
    private static void Spread(ReadOnlySpan<byte> samples, int channels, Span<byte> rgb, Span<byte> alpha)
    {
        for (int x = 0; x < rgb.Length / 3; x++)
        {
            ReadOnlySpan<byte> pixel = samples.Slice(channels * x, channels);
            Span<byte> to = rgb.Slice(3 * x, 3);
            if (channels <= 2)
            {
                to.Fill(pixel[0]);
            }
            else
            {
                pixel[..3].CopyTo(to);
            }

            if (!alpha.IsEmpty)
            {
                alpha[x] = pixel[^1];
            }
        }
    }

    private static void WarnOfOthers(ReadOnlySpan<byte> rest, List<string> warnings)
    {
        if (Recognises(rest))
        {
            warnings.Add("It holds more pictures; only the first was read.");
        }
    }
}
