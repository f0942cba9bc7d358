using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ImageCodec;

/// <summary>Compresses and restores from stream to stream, such as the bodies of a request and its response, and logs each picture.</summary>
/// <remarks>
/// Safe to use from several threads at once. <see cref="ImageCompressor"/> and <see cref="ImageDecompressor"/> have more ways; they are services too.
/// </remarks>
public sealed class ImageCodecService
{
    private readonly ImageCompressor _compressor;
    private readonly ImageDecompressor _decompressor;
    private readonly ILogger<ImageCodecService> _logger;
    private readonly WorkQueue _queue;

    /// <summary>Joins a codec, those that files may need, and a log. As many pictures are worked on at once, and may wait, as by default of <see cref="ImageCodecOptions"/>.</summary>
    /// <param name="compressor">Compresses; it stays its owner's.</param>
    /// <param name="decompressor">Restores; it stays its owner's.</param>
    /// <param name="logger">Told of each picture (Information) and of files that are refused (Warning).</param>
    public ImageCodecService(ImageCompressor compressor, ImageDecompressor decompressor, ILogger<ImageCodecService> logger)
        : this(compressor, decompressor, logger, new WorkQueue(new ImageCodecOptions()))
    {
    }

    internal ImageCodecService(ImageCompressor compressor, ImageDecompressor decompressor, ILogger<ImageCodecService> logger, WorkQueue queue)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        ArgumentNullException.ThrowIfNull(decompressor);
        ArgumentNullException.ThrowIfNull(logger);
        _compressor = compressor;
        _decompressor = decompressor;
        _logger = logger;
        _queue = queue;
    }

    /// <summary>Reads a picture file and writes it compressed. Streams are read and written asynchronously and stay open.</summary>
    /// <param name="picture">A PNG, JPEG or PNM file, read to its end.</param>
    /// <param name="destination">Receives the <c>.icd</c> file, all at the end: nothing if the work fails.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What the file says of itself.</returns>
    /// <exception cref="InvalidFileException">
    /// The picture file is damaged or not of a supported format, or by its header the picture has more pixels than <see cref="ImageCompressor.MaxPixelCount"/> allows.
    /// </exception>
    /// <exception cref="CodecBusyException">Too many others wait.</exception>
    /// <exception cref="ArgumentException">The options contradict themselves or are out of range; found before the stream is read.</exception>
    /// <exception cref="IOException">A stream fails.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public async Task<IcdInfo> CompressAsync(
        Stream picture, Stream destination, CompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= new CompressionOptions();
        _compressor.Check(options);
        byte[] file;
        long start;
        try
        {
            ReadOnlyMemory<byte> upload = await StreamReading.ReadToEndAsync(picture, cancellationToken).ConfigureAwait(false);
            ImageFileInfo header = ImageFile.Identify(upload.Span);
            ImageCompressorFiles.CheckSize(_compressor, header.Width, header.Height);
            using WorkQueue.Turn turn = await _queue.EnterAsync(header.Width, header.Height, cancellationToken).ConfigureAwait(false);
            start = Stopwatch.GetTimestamp();
            file = await Task.Run(
                () => _compressor.Compress(ImageFile.Read(upload.Span, new ImageReadOptions { MaxPixelCount = _compressor.MaxPixelCount }, cancellationToken), options, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidFileException e)
        {
            Messages.Refused(_logger, e.Message);
            throw;
        }

        IcdInfo info = ImageCompressor.Identify(file);
        await destination.WriteAsync(file, cancellationToken).ConfigureAwait(false);
        Messages.Compressed(_logger, info.Width, info.Height, info.FileLength, info.BitsPerPixel, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return info;
    }

    /// <summary>Reads a compressed picture of any codec at hand and writes it as a picture file. Streams are read and written asynchronously and stay open.</summary>
    /// <param name="source">An <c>.icd</c> file, read to its end.</param>
    /// <param name="destination">Receives the picture file, all at the end: nothing if the work fails.</param>
    /// <param name="format">The picture file's format.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">
    /// The file is damaged or needs a codec that is not at hand, or the picture has more pixels than <see cref="ImageDecompressor.MaxPixelCount"/> allows.
    /// </exception>
    /// <exception cref="CodecBusyException">Too many others wait.</exception>
    /// <exception cref="ArgumentException"><paramref name="format"/> is none, or cannot hold the picture.</exception>
    /// <exception cref="IOException">A stream fails.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public async Task DecompressAsync(
        Stream source, Stream destination, ImageFileFormat format = ImageFileFormat.Png, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ReadOnlyMemory<byte> file = await StreamReading.ReadToEndAsync(source, cancellationToken).ConfigureAwait(false);
        long start;
        byte[] restored;
        IcdInfo header;
        try
        {
            header = ImageCompressor.Identify(file);
            using WorkQueue.Turn turn = await _queue.EnterAsync(header.Width, header.Height, cancellationToken).ConfigureAwait(false);
            start = Stopwatch.GetTimestamp();
            restored = await Task.Run(
                () => ImageFile.Encode(_decompressor.Decompress(file, cancellationToken: cancellationToken), format, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidFileException e)
        {
            Messages.Refused(_logger, e.Message);
            throw;
        }

        await destination.WriteAsync(restored, cancellationToken).ConfigureAwait(false);
        Messages.Restored(_logger, header.Width, header.Height, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
