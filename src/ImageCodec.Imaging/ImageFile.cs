using ImageCodec.Imaging;
using ImageCodec.Imaging.Jpeg;
using ImageCodec.Imaging.Png;
using ImageCodec.Imaging.Pnm;

namespace ImageCodec;

/// <summary>Reads and writes picture files: PNG, JPEG and PNM.</summary>
/// <remarks>
/// <para>Read is every kind of PNG (all colour types and bit depths, palettes, transparency, interlacing) and of PNM (P1 to P7; of PAM, which is P7, bitmaps, grey and RGB, also with
/// alpha), and JPEG as cameras and the web have it (baseline, extended sequential and progressive, grey, YCbCr, RGB, CMYK and YCCK, any subsampling by whole factors).
/// All of them become 8-bit RGB:</para>
/// <list type="bullet">
/// <item>Grey becomes three equal channels.</item>
/// <item>Samples of other depths are scaled to 0 … 255 and rounded to the nearest: v · 255 / 65535 from 16 bits, v · 255 / max in general.</item>
/// <item>What says how opaque pixels are becomes the picture's alpha channel, if any pixel is not opaque; of 16 bits it is rounded to 8.
/// <see cref="RgbImage.LayOver"/> gives a picture without.</item>
/// <item>The EXIF orientation is applied, all eight of it: a photo stands as its camera was held, and the sides of one that lies
/// on its side are swapped. Damaged EXIF, or none before the picture's data, leaves the picture as it is stored. The picture's own EXIF then says that it stands upright.</item>
/// <item>ICC profile, EXIF and XMP become the picture's metadata; so do cICP and gAMA of PNG. Samples are not converted. What can't be taken along is said in warnings:
/// bits beyond 8, frames and pictures beyond the first, notes for Photoshop and IPTC, what is damaged. Comments, texts and sizes in print are skipped.</item>
/// <item>The pixels of a JPEG are the same on every machine, and those of libjpeg-turbo with its settings at their defaults: the accurate
/// integer transform, and chroma interpolated between samples. Only the blocks of a progressive file whose last scans are missing are not smoothed here; a warning tells of such files.</item>
/// <item>Inks (CMYK and YCCK) become RGB by the plain formula, light times light, without a profile, as in libjpeg-turbo and most programs; the file's samples are taken as Adobe's
/// programs write them, with 255 for no ink.</item>
/// </list>
/// <para>Files that others read without loss are read here, too, with a warning. Of PNG: chunks with a wrong CRC that the picture can do without, which are left out; a tRNS that can't
/// be right, which is too; indices beyond the palette, which are black. Of JPEG: bytes between segments, wrong lengths of notes, a missing end marker where all pixels are there, missing
/// Huffman tables, which are those of the standard then. Without a word are ignored bytes behind the end of the file format, image data beyond the last row or block, and palettes that are
/// only proposals. Of a PNM file with several pictures the first is read.</para>
/// <para>Otherwise a PNG file must be sound: chunk order, the CRC of all that makes the picture, the zlib checksum, the end. So must a JPEG file: whole scans that follow the standard.
/// There are no checksums in JPEG, so damage that still makes sense goes unseen. <see cref="ImageReadOptions.IsTolerant"/> takes of others what there is: of a sequential JPEG that is
/// cut short, the pixels that libjpeg-turbo makes of it. Refused by name are JPEG of 12 bits a sample, lossless, hierarchical and arithmetic-coded JPEG, JPEG-LS, sampling factors that are not whole multiples, and
/// a number of rows that comes in a DNL marker; and files of other formats.</para>
/// <para>Beside the bytes of the file and of the picture, reading needs a few rows of memory (three rows of MCUs of JPEG, up to 96 rows of pixels); a JPEG in several
/// scans, as progressive ones are, needs also 2 bytes for each sample of each component, so 3 bytes a pixel at 4:2:0 and 6 at 4:4:4.
/// A declared size that the data cannot fill is refused before anything is allocated for it: each 8×8 block of a JPEG takes at least two bits, or one
/// if it is progressive. The scans of a progressive file may go through the whole picture 100 times at most, so that work is bounded by size.
/// A picture of more pixels than the limit, <see cref="DefaultMaxPixelCount"/> where none is given, is refused by its header alone.
/// Files of 2 GiB and more cannot be read. All methods are safe to use from several threads at once.</para>
/// </remarks>
public static partial class ImageFile
{
    /// <summary>The pixels of the largest picture that is read where no other limit is given.</summary>
    public const int DefaultMaxPixelCount = 100_000_000;

    /// <summary>Reads a picture file; its contents say which format it is, not its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; by default, no picture of more than <see cref="DefaultMaxPixelCount"/> pixels, and none that is cut short.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="InvalidFileException">The file is damaged or not of a supported format, or the picture has too many pixels.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static RgbImage Read(string path, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(File.ReadAllBytes(path), options, cancellationToken);
    }

    /// <summary>Reads a picture from the bytes of a file; they say which format it is.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="options">How it is read; by default, no picture of more than <see cref="DefaultMaxPixelCount"/> pixels, and none that is cut short.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The bytes are damaged or not of a supported format, or the picture has too many pixels.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file, ImageReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Read(file, out _, options, cancellationToken);

    /// <summary>Reads a picture from the bytes of a file, and says what the picture does not hold of it.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="warnings">Sentences, for people, on what was left out: other frames, bits beyond 8, damaged notes; and on what was wrong with the file.</param>
    /// <param name="options">How it is read; by default, no picture of more than <see cref="DefaultMaxPixelCount"/> pixels, and none that is cut short.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The bytes are damaged or not of a supported format, or the picture has too many pixels.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static RgbImage Read(
        ReadOnlySpan<byte> file, out IReadOnlyList<string> warnings, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= ImageReadOptions.Default;
        cancellationToken.ThrowIfCancellationRequested();
        List<string> found = [];
        warnings = found;
        if (PngReader.Recognises(file))
        {
            return PngReader.Read(file, found, options, cancellationToken);
        }

        if (JpegReader.Recognises(file))
        {
            return JpegReader.Read(file, found, options, cancellationToken);
        }

        if (PnmReader.Recognises(file))
        {
            return PnmReader.Read(file, found, options, cancellationToken);
        }

        throw Unknown(file);
    }

    /// <summary>
    /// Writes a picture file in the format that the name's extension says: .png, .jpg or .jpeg (both <see cref="ImageFileFormat.Jpeg"/>),
    /// .ppm or .pnm (both <see cref="ImageFileFormat.Ppm"/>), or .pgm. An older file is replaced in one step; if anything fails, it stays and nothing is left beside it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The picture.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or has another extension; or the format cannot hold the picture, as <see cref="Encode"/> says.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, RgbImage image, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Write(path, image, FormatOf(path), cancellationToken);
    }

    /// <summary>The format that a name's extension says: the one that <see cref="Write(string, RgbImage, CancellationToken)"/> writes.</summary>
    /// <param name="path">The file, which need not be there.</param>
    /// <exception cref="ArgumentException">It has another extension.</exception>
    public static ImageFileFormat FormatOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string extension = Path.GetExtension(path);
        return extension.ToUpperInvariant() switch
        {
            ".PNG" => ImageFileFormat.Png,
            ".JPG" or ".JPEG" => ImageFileFormat.Jpeg,
            ".PPM" or ".PNM" => ImageFileFormat.Ppm,
            ".PGM" => ImageFileFormat.Pgm,
            _ => throw new ArgumentException(
                $"The file '{path}' has the extension '{extension}'; pictures can be written as .png, .jpg, .jpeg, .ppm, .pnm and .pgm.", nameof(path)),
        };
    }

    /// <summary>Writes a picture file, whatever its name. An older file is replaced in one step; if anything fails, it stays and nothing is left beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, <paramref name="format"/> is none, or it cannot hold the picture, as <see cref="Encode"/> says.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, RgbImage image, ImageFileFormat format, CancellationToken cancellationToken = default) =>
        Write(path, image, format, overwrite: true, cancellationToken);

    /// <summary>Makes the bytes of a picture file.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="format"/> is none; or it is PGM and a pixel is not grey, or JPEG and a side has more than 65535 pixels.
    /// </exception>
    /// <exception cref="IOException">The file would have 2 GiB or more.</exception>
    public static byte[] Encode(RgbImage image, ImageFileFormat format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using MemoryStream stream = new();
        WriteFormat(stream, image, format, cancellationToken);
        return stream.ToArray();
    }

    /// <summary>
    /// Makes the bytes of a JPEG file: baseline, YCbCr with chroma halved in both directions (4:2:0), or grey if the picture has no colour,
    /// with Huffman codes made for the picture. It is the file that libjpeg-turbo's <c>cjpeg -optimize -baseline</c> writes at the same quality.
    /// Making it needs 3 bytes a pixel beside picture and file, 2 in grey.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 to 100, as that of most programs: it scales the standard's proposed quantization tables,
    /// which are those of 50. Below 24 some steps stay at 255, the most that a baseline file can say.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A side of the picture has more than 65535 pixels.</exception>
    /// <exception cref="IOException">The file would have 2 GiB or more.</exception>
    public static byte[] EncodeJpeg(RgbImage image, int quality = JpegWriter.DefaultQuality, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, QuantizationTables.MinQuality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, QuantizationTables.MaxQuality);
        using MemoryStream stream = new();
        WriteJpeg(stream, image.LayOver(RgbColor.White), quality, cancellationToken);
        return stream.ToArray();
    }

    /// <summary>Writes a picture file; an older one is an error unless it may be replaced.</summary>
    internal static void Write(string path, RgbImage image, ImageFileFormat format, bool overwrite, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(image);
        AtomicFile.Write(path, stream => WriteFormat(stream, image, format, cancellationToken), overwrite);
    }

    private static InvalidFileException Unknown(ReadOnlySpan<byte> file)
    {
        if (OtherFormat.Find(file) is { } other)
        {
            string way = IcdFile.IsIcd(file) ? "ImageDecompressor reads it" : "Convert it to one of them; the package ImageCodec.SkiaSharp reads some others";
            return new InvalidFileException(OtherFormat.Unknown, $"This is {other.Name}, which is none of PNG, JPEG and PNM, the formats that can be read here. {way}.");
        }

        string found = file.IsEmpty ? "is empty" : $"begins with the bytes {Convert.ToHexString(file[..Math.Min(4, file.Length)])}";
        return new InvalidFileException(OtherFormat.Unknown, $"The file {found}, which is none of PNG, JPEG and PNM, the formats that can be read.", 0);
    }

    private static void WriteJpeg(Stream stream, RgbImage image, int quality, CancellationToken cancellationToken)
    {
        if (Math.Max(image.Width, image.Height) > JpegFormat.MaxSide)
        {
            throw new ArgumentException(
                $"A JPEG picture has at most {JpegFormat.MaxSide} pixels on a side, but this has {image.Width}×{image.Height}. PNG holds it.", nameof(image));
        }

        JpegWriter.Write(image, stream, quality, cancellationToken);
    }

    private static void WriteFormat(Stream stream, RgbImage image, ImageFileFormat format, CancellationToken cancellationToken)
    {
        if (format != ImageFileFormat.Png)
        {
            image = image.LayOver(RgbColor.White);
        }

        switch (format)
        {
            case ImageFileFormat.Png:
                PngWriter.Write(image, stream, cancellationToken);
                break;
            case ImageFileFormat.Jpeg:
                WriteJpeg(stream, image, JpegWriter.DefaultQuality, cancellationToken);
                break;
            case ImageFileFormat.Ppm:
                PnmWriter.WriteColor(image, stream, 8, cancellationToken);
                break;
            case ImageFileFormat.Ppm16:
                PnmWriter.WriteColor(image, stream, 16, cancellationToken);
                break;
            case ImageFileFormat.Pgm:
                PnmWriter.WriteGrey(image, stream, 8, cancellationToken);
                break;
            case ImageFileFormat.Pgm16:
                PnmWriter.WriteGrey(image, stream, 16, cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of picture files.");
        }
    }
}
