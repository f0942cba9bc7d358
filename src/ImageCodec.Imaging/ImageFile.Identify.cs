using ImageCodec.Imaging;
using ImageCodec.Imaging.Jpeg;
using ImageCodec.Imaging.Png;
using ImageCodec.Imaging.Pnm;

namespace ImageCodec;

/// <content>What files say of themselves.</content>
public static partial class ImageFile
{
    /// <summary>Enough for nearly all headers, with the thumbnails of cameras.</summary>
    private const int FirstHeaderLength = 64 * 1024;

    /// <summary>More than the largest colour profile that a JPEG can have.</summary>
    private const int MaxHeaderLength = 32 * 1024 * 1024;

    /// <summary>
    /// Reads format and size from the header of a picture file. Pixels are neither read nor given memory, however many there are; a limit on them is the
    /// caller's to check. What the header shows to be damaged or not supported is refused as reading would; what comes behind it is not looked at.
    /// </summary>
    /// <param name="file">The file's bytes, or those of its beginning, with the whole header: up to the first IDAT of PNG, the first scan of JPEG, the samples of PNM.</param>
    /// <exception cref="InvalidFileException">The header is damaged or cut short, or the file is not of a supported format.</exception>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file) =>
        PngReader.Recognises(file) ? PngReader.Identify(file)
        : JpegReader.Recognises(file) ? JpegReader.Identify(file)
        : PnmReader.Recognises(file) ? PnmReader.Identify(file)
        : throw Unknown(file);

    /// <inheritdoc cref="Identify(ReadOnlySpan{byte})"/>
    /// <param name="source">
    /// A stream that begins with a picture file. It is read no further than the header needs, in steps from 64 KiB, which double, to 32 MiB at most; it is left
    /// open, and not brought back to where it was.
    /// </param>
    /// <exception cref="IOException">The stream fails.</exception>
    public static ImageFileInfo Identify(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        byte[] beginning = new byte[FirstHeaderLength];
        int length = 0;
        while (true)
        {
            length += source.ReadAtLeast(beginning.AsSpan(length), beginning.Length - length, throwOnEndOfStream: false);
            if (IdentifyOrGrow(ref beginning, length) is { } info)
            {
                return info;
            }
        }
    }

    /// <inheritdoc cref="Identify(Stream)"/>
    /// <param name="source">A stream that begins with a picture file; read as <see cref="Identify(Stream)"/> does.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static Task<ImageFileInfo> IdentifyAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Run();

        async Task<ImageFileInfo> Run()
        {
            byte[] beginning = new byte[FirstHeaderLength];
            int length = 0;
            while (true)
            {
                length += await source.ReadAtLeastAsync(beginning.AsMemory(length), beginning.Length - length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                if (IdentifyOrGrow(ref beginning, length) is { } info)
                {
                    return info;
                }
            }
        }
    }

    /// <inheritdoc cref="Identify(ReadOnlySpan{byte})"/>
    /// <param name="path">The file, of which no more is read than the header needs.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static ImageFileInfo Identify(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = Open(path, FileOptions.None);
        return Identify(stream);
    }

    /// <inheritdoc cref="Identify(string)"/>
    /// <param name="path">The file, of which no more is read than the header needs.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static Task<ImageFileInfo> IdentifyAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Run();

        async Task<ImageFileInfo> Run()
        {
            FileStream stream = Open(path, FileOptions.Asynchronous);
            await using (stream.ConfigureAwait(false))
            {
                return await IdentifyAsync(stream, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static FileStream Open(string path, FileOptions options) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, options);

    /// <summary>A beginning that is refused may only be too short: then there is more room in it, and nothing is returned.</summary>
    private static ImageFileInfo? IdentifyOrGrow(ref byte[] beginning, int length)
    {
        ReadOnlySpan<byte> file = beginning.AsSpan(0, length);
        bool isWhole = length < beginning.Length;
        try
        {
            return Identify(file);
        }
        catch (InvalidFileException e) when (!isWhole && e.Format != OtherFormat.Unknown)
        {
            if (length >= MaxHeaderLength)
            {
                throw new InvalidFileException(e.Format, $"The first {MaxHeaderLength} bytes hold no whole and sound header.", null, e);
            }

            Array.Resize(ref beginning, 2 * length);
            return null;
        }
    }
}
