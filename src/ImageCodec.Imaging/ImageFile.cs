using ImageCodec.Imaging;

namespace ImageCodec;

/// <summary>Reads and writes picture files: PNG and raw PNM (PGM and PPM).</summary>
/// <remarks>
/// <para>Read is every kind of PNG (all colour types and bit depths, palettes, transparency, interlacing) and of P5 and P6 PNM.
/// All of them become 8-bit RGB:</para>
/// <list type="bullet">
/// <item>Grey becomes three equal channels.</item>
/// <item>Samples of other depths are scaled to 0 … 255 and rounded to the nearest: v · 255 / 65535 from 16 bits, v · 255 / max in general.</item>
/// <item>What is transparent, wholly or in part, is laid over white: (v · a + max · (max − a)) / max on the sample values as they are,
/// without gamma, rounded once. So a picture looks as it does on a white page, and what its writer left in invisible pixels does not matter.</item>
/// <item>Samples are taken as they are: gamma, colour profiles, orientation and all other ancillary PNG chunks are skipped, animation too.</item>
/// </list>
/// <para>A PNG file must be sound: chunk order, every CRC, the zlib checksum. Tolerated is only what cannot change the picture: bytes behind
/// the end of the file format, and image data beyond the last row. Of a PNM file with several pictures the first is read.</para>
/// <para>Beside the bytes of the file and of the picture, reading needs a few rows of memory. A declared size that the data cannot fill is refused before
/// anything is allocated for it. Files of 2 GiB and more cannot be read. All methods are safe to use from several threads at once.</para>
/// </remarks>
public static class ImageFile
{
    /// <summary>Reads a picture file; its contents say which format it is, not its name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="InvalidFileException">The file is damaged or not of a supported format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static RgbImage Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(File.ReadAllBytes(path));
    }

    /// <summary>Reads a picture from the bytes of a file; they say which format it is.</summary>
    /// <param name="file">The bytes.</param>
    /// <exception cref="InvalidFileException">The bytes are damaged or not of a supported format.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file)
    {
        if (PngReader.Recognises(file))
        {
            return PngReader.Read(file);
        }

        if (PnmReader.Recognises(file))
        {
            return PnmReader.Read(file);
        }

        string found = file.IsEmpty ? "is empty" : $"begins with the bytes {Convert.ToHexString(file[..Math.Min(4, file.Length)])}";
        throw new InvalidFileException("Picture", $"The file {found}, which is neither PNG nor PNM, the formats that can be read.", 0);
    }

    /// <summary>
    /// Writes a picture file in the format that the name's extension says: .png, .ppm, .pnm (both <see cref="ImageFileFormat.Ppm"/>)
    /// or .pgm. An older file is replaced in one step; if anything fails, it stays and nothing is left beside it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or has another extension; or the format is PGM and a pixel is not grey.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, RgbImage image)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string extension = Path.GetExtension(path);
        ImageFileFormat format = extension.ToUpperInvariant() switch
        {
            ".PNG" => ImageFileFormat.Png,
            ".PPM" or ".PNM" => ImageFileFormat.Ppm,
            ".PGM" => ImageFileFormat.Pgm,
            _ => throw new ArgumentException(
                $"The file '{path}' has the extension '{extension}'; pictures can be written as .png, .ppm, .pnm and .pgm.", nameof(path)),
        };
        Write(path, image, format);
    }

    /// <summary>Writes a picture file, whatever its name. An older file is replaced in one step; if anything fails, it stays and nothing is left beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, <paramref name="format"/> is none, or it is PGM and a pixel is not grey.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, RgbImage image, ImageFileFormat format)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(image);
        AtomicFile.Write(path, stream => Write(stream, image, format));
    }

    /// <summary>Makes the bytes of a picture file.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentException"><paramref name="format"/> is none, or it is PGM and a pixel is not grey.</exception>
    /// <exception cref="IOException">The file would have 2 GiB or more.</exception>
    public static byte[] Encode(RgbImage image, ImageFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(image);
        using MemoryStream stream = new();
        Write(stream, image, format);
        return stream.ToArray();
    }

    private static void Write(Stream stream, RgbImage image, ImageFileFormat format)
    {
        switch (format)
        {
            case ImageFileFormat.Png:
                PngWriter.Write(image, stream);
                break;
            case ImageFileFormat.Ppm:
                PnmWriter.WriteColor(image, stream, 8);
                break;
            case ImageFileFormat.Ppm16:
                PnmWriter.WriteColor(image, stream, 16);
                break;
            case ImageFileFormat.Pgm:
                PnmWriter.WriteGrey(image, stream, 8);
                break;
            case ImageFileFormat.Pgm16:
                PnmWriter.WriteGrey(image, stream, 16);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of picture files.");
        }
    }
}
