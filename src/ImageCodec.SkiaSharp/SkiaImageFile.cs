using System.Buffers.Binary;
using ImageCodec.Imaging;
using ImageCodec.Imaging.Jpeg;
using ImageCodec.Imaging.Png;
using ImageCodec.Imaging.Pnm;
using ImageCodec.Skia;
using SkiaSharp;

namespace ImageCodec;

/// <summary>Reads every picture file that <see cref="ImageFile"/> or Skia knows, and writes WebP.</summary>
/// <remarks>
/// <para>PNG, JPEG and PNM are read as <see cref="ImageFile"/> reads them. Skia reads WebP, GIF, BMP, ICO and WBMP; that holds for its native library of version 4.155 for Linux,
/// and others may know more. All become 8-bit RGB, with straight alpha if a pixel is not opaque.</para>
/// <list type="bullet">
/// <item>The orientation is applied, and Exif and XMP then say that the picture stands upright.</item>
/// <item>Of animations the first picture is read, of icons the largest; a warning says so.</item>
/// <item>The ICC profile, Exif and XMP of WebP become metadata as they are. Of other formats the colour space does, as an ICC profile that Skia writes for it; where it writes none,
/// pixels are converted to sRGB. Otherwise they are never converted.</item>
/// </list>
/// <para>Reading takes at most 12 bytes a pixel and what Skia's decoder needs. A picture of more pixels than the limit, <see cref="ImageFile.DefaultMaxPixelCount"/> where none is given, is refused by its
/// header; 536,870,911 are the most that Skia's formats may have. A few bytes may stand for a large flat picture, so for files of strangers set the limit to what you expect.
/// Skia's decoders are native code, and work is stopped before and after them only.
/// All methods are safe to use from several threads at once. Where Skia's native library is not installed, they throw what loading it throws, a
/// <see cref="TypeInitializationException"/> or <see cref="DllNotFoundException"/>; but not for files that <see cref="ImageFile"/> reads.</para>
/// </remarks>
public static partial class SkiaImageFile
{
    /// <summary>Reads a picture file; its contents say which format it is, not its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read, as <see cref="ImageFile"/> does; those that are cut short are tolerated of PNG, JPEG and PNM alone.</param>
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

    /// <summary>Reads a picture file from a stream; its contents say which format it is.</summary>
    /// <param name="source">A stream that holds a picture file; read to its end, and left open.</param>
    /// <param name="options">How it is read, as <see cref="ImageFile"/> does; those that are cut short are tolerated of PNG, JPEG and PNM alone.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="InvalidFileException">The file is damaged or not of a supported format, or the picture has too many pixels.</exception>
    /// <exception cref="IOException">The stream fails.</exception>
    public static RgbImage Read(Stream source, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Read(StreamReading.ReadToEnd(source).Span, options, cancellationToken);
    }

    /// <summary>Reads a picture from the bytes of a file; they say which format it is.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="options">How it is read, as <see cref="ImageFile"/> does; those that are cut short are tolerated of PNG, JPEG and PNM alone.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="InvalidFileException">The bytes are damaged or not of a supported format, or the picture has too many pixels.</exception>
    public static RgbImage Read(ReadOnlySpan<byte> file, ImageReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Read(file, out _, options, cancellationToken);

    /// <summary>Reads a picture from the bytes of a file, and says what the picture does not hold of it.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="warnings">Sentences, for people, on what was left out: other frames, bits beyond 8, damaged notes; and on what was wrong with the file.</param>
    /// <param name="options">How it is read, as <see cref="ImageFile"/> does; those that are cut short are tolerated of PNG, JPEG and PNM alone.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="InvalidFileException">The bytes are damaged or not of a supported format, or the picture has too many pixels.</exception>
    public static RgbImage Read(
        ReadOnlySpan<byte> file, out IReadOnlyList<string> warnings, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (IsOfImageFile(file) || file.IsEmpty)
        {
            return ImageFile.Read(file, out warnings, options, cancellationToken);
        }

        options ??= ImageReadOptions.Default;
        cancellationToken.ThrowIfCancellationRequested();
        List<string> found = [];
        warnings = found;
        RgbImage image = Decode(file, found, Math.Min(options.MaxPixelCount, SkiaConversions.MaxPixelCount));
        cancellationToken.ThrowIfCancellationRequested();
        return image;
    }

    /// <summary>Reads the size from the header of a picture file, before turning where Skia reads it.</summary>
    /// <exception cref="InvalidFileException">The header is damaged or not of a supported format.</exception>
    internal static unsafe (int Width, int Height) ReadSize(ReadOnlySpan<byte> file)
    {
        if (IsOfImageFile(file) || file.IsEmpty)
        {
            ImageFileInfo info = ImageFile.Identify(file);
            return (info.Width, info.Height);
        }

        fixed (byte* start = file)
        {
            using SKData data = SKData.Create((nint)start, file.Length);
            using SKCodec codec = Open(file, data);
            return (codec.Info.Width, codec.Info.Height);
        }
    }

    private static bool IsOfImageFile(ReadOnlySpan<byte> file) => PngReader.Recognises(file) || JpegReader.Recognises(file) || PnmReader.Recognises(file);

    private static unsafe RgbImage Decode(ReadOnlySpan<byte> file, List<string> warnings, int maxPixelCount)
    {
        fixed (byte* start = file)
        {
            using SKData data = SKData.Create((nint)start, file.Length);
            using SKCodec codec = Open(file, data);
            SKImageInfo info = codec.Info;
            string format = NameOf(codec);
            if ((long)info.Width * info.Height > maxPixelCount)
            {
                throw new InvalidFileException(format, $"The declared size is {info.Width}×{info.Height}, but at most {maxPixelCount} pixels are to be read.");
            }

            SKColorSpace? space = info.ColorSpace;
            (PictureMetadata metadata, Orientation orientation) = codec.EncodedFormat == SKEncodedImageFormat.Webp
                ? ReadWebpNotes(file, warnings, (int)codec.EncodedOrigin)
                : (ColorSpaces.Describe(ref space), new Orientation((int)codec.EncodedOrigin));
            WarnOfOthers(file, codec, warnings);

            // Skia converts nothing where no colour space is asked for.
            SKColorSpace? wanted = ReferenceEquals(space, info.ColorSpace) ? null : space;
            byte[] pixels = new byte[SkiaConversions.PixelSize * info.Width * info.Height];
            fixed (byte* target = pixels)
            {
                SKImageInfo straight = new(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, wanted);
                SKCodecResult result = codec.GetPixels(straight, (nint)target, straight.RowBytes, SKCodecOptions.Default);
                if (result != SKCodecResult.Success)
                {
                    throw new InvalidFileException(format, result == SKCodecResult.IncompleteInput
                        ? "The file ends before the picture does."
                        : $"The picture's data can't be decoded; Skia says {result}.");
                }
            }

            RgbImage stored = RgbImage.FromPixels(info.Width, info.Height, pixels, PixelLayout.Rgba32);
            stored.IsGrey = info.ColorType == SKColorType.Gray8;
            RgbImage image = orientation.Apply(stored);
            image.Metadata = metadata;
            return image;
        }
    }

    private static SKCodec Open(ReadOnlySpan<byte> file, SKData data) => SKCodec.Create(data) ?? throw Unreadable(file);

    private static InvalidFileException Unreadable(ReadOnlySpan<byte> file)
    {
        string problem = OtherFormat.Find(file) switch
        {
            null => $"The file begins with the bytes {Convert.ToHexString(file[..Math.Min(4, file.Length)])}. It is none of PNG, JPEG and PNM, nor of the formats that Skia reads.",
            { IsReadBySkia: true } known => $"This is {known.Name}, but its header is damaged or cut short.",
            { } other => $"This is {other.Name}, which can't be read here. {(IcdFile.IsIcd(file) ? "ImageDecompressor reads it" : "Convert it to PNG first")}.",
        };
        return new InvalidFileException(OtherFormat.Unknown, problem, 0);
    }

    private static string NameOf(SKCodec codec) => codec.EncodedFormat switch
    {
        SKEncodedImageFormat.Webp => WebpFile.Format,
        { } other => other.ToString().ToUpperInvariant(),
    };

    private static (PictureMetadata Metadata, Orientation Orientation) ReadWebpNotes(ReadOnlySpan<byte> file, List<string> warnings, int origin)
    {
        ReadOnlySpan<byte> icc = WebpFile.Find(file, WebpFile.Icc);
        if (!icc.IsEmpty && (icc.Length > PictureMetadata.MaxLength || !IccProfiles.Fits(icc, isGrey: false)))
        {
            warnings.Add(IccProfiles.Warning);
            icc = [];
        }

        // Some writers put the signature of JPEG's segment before it.
        ReadOnlySpan<byte> exif = WebpFile.Find(file, WebpFile.Exif);
        exif = exif.StartsWith(JpegMetadata.ExifSignature) ? exif[JpegMetadata.ExifSignature.Length..] : exif;
        if (!exif.IsEmpty && (exif.Length > PictureMetadata.MaxLength || !ExifNotes.IsTiff(exif)))
        {
            warnings.Add(ExifNotes.Warning);
            exif = [];
        }

        ReadOnlySpan<byte> xmp = WebpFile.Find(file, WebpFile.Xmp);
        if (xmp.Length > PictureMetadata.MaxLength)
        {
            warnings.Add("Its XMP is too long; it was left out.");
            xmp = [];
        }

        Orientation orientation = exif.IsEmpty ? new Orientation(origin) : ExifNotes.OrientationOf(exif);
        PictureMetadata metadata = new() { IccProfile = icc.ToArray(), Exif = ExifNotes.Turned(exif), Xmp = ExifNotes.TurnedXmp(xmp, orientation) };
        return (metadata.IsEmpty ? PictureMetadata.None : metadata, orientation);
    }

    private static void WarnOfOthers(ReadOnlySpan<byte> file, SKCodec codec, List<string> warnings)
    {
        if (codec.FrameCount > 1)
        {
            warnings.Add("It is animated; only the first picture was read.");
        }

        // The number of pictures comes third in the head of an icon or a cursor.
        if (codec.EncodedFormat == SKEncodedImageFormat.Ico && BinaryPrimitives.ReadUInt16LittleEndian(file[4..]) is > 1 and { } count)
        {
            warnings.Add($"It holds {count} pictures; only the largest was read.");
        }

        if (codec.Info.BytesPerPixel > SkiaConversions.PixelSize || codec.Info.ColorType is SKColorType.Rgba1010102 or SKColorType.Bgra1010102)
        {
            warnings.Add("It has more than 8 bits a sample; 8 were kept.");
        }
    }
}
