namespace ImageCodec;

/// <content>Streams, and work off the caller's thread.</content>
public static partial class ImageFile
{
    /// <summary>Reads a picture file from a stream; its contents say which format it is.</summary>
    /// <param name="source">A stream that holds a picture file; read to its end, and left open.</param>
    /// <param name="maxPixelCount">The most pixels that a picture may have, 1 to <see cref="RgbImage.MaxPixelCount"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The file is damaged or not of a supported format, or the picture has too many pixels.</exception>
    /// <exception cref="IOException">The stream fails.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static RgbImage Read(Stream source, int maxPixelCount = DefaultMaxPixelCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Read(StreamReading.ReadToEnd(source).Span, maxPixelCount, cancellationToken);
    }

    /// <summary>Reads a stream asynchronously, and then its picture on a thread of the pool.</summary>
    /// <inheritdoc cref="Read(Stream, int, CancellationToken)"/>
    /// <param name="source">A stream that holds a picture file; read to its end, and left open.</param>
    /// <param name="maxPixelCount">The most pixels that a picture may have, 1 to <see cref="RgbImage.MaxPixelCount"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<RgbImage> ReadAsync(Stream source, int maxPixelCount = DefaultMaxPixelCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ReadAsync(StreamReading.ReadToEndAsync(source, cancellationToken), maxPixelCount, cancellationToken);
    }

    /// <summary>Reads a file asynchronously, and then its picture on a thread of the pool.</summary>
    /// <inheritdoc cref="Read(string, int, CancellationToken)"/>
    /// <param name="path">The file.</param>
    /// <param name="maxPixelCount">The most pixels that a picture may have, 1 to <see cref="RgbImage.MaxPixelCount"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<RgbImage> ReadAsync(string path, int maxPixelCount = DefaultMaxPixelCount, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadAsync(Load(), maxPixelCount, cancellationToken);

        async Task<ReadOnlyMemory<byte>> Load() => await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a picture file to a stream, which stays open.</summary>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentException"><paramref name="format"/> is none, or it cannot hold the picture, as <see cref="Encode"/> says.</exception>
    /// <exception cref="IOException">The stream fails.</exception>
    public static void Write(Stream destination, RgbImage image, ImageFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(image);
        WriteFormat(destination, image, format, CancellationToken.None);
    }

    /// <summary>Makes the bytes of a picture file on a thread of the pool, and then writes them to a stream asynchronously; it stays open.</summary>
    /// <inheritdoc cref="Write(Stream, RgbImage, ImageFileFormat)"/>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="image">The picture; not to be changed until the task has ended.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static Task WriteAsync(Stream destination, RgbImage image, ImageFileFormat format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(image);
        return Run();

        async Task Run()
        {
            byte[] file = await Task.Run(() => Encode(image, format, cancellationToken), cancellationToken).ConfigureAwait(false);
            await destination.WriteAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes a picture file as <see cref="Write(string, RgbImage, CancellationToken)"/> does, on a thread of the pool from beginning to end: no system can
    /// bring a file to the disk asynchronously.
    /// </summary>
    /// <inheritdoc cref="Write(string, RgbImage, CancellationToken)"/>
    /// <param name="path">The file.</param>
    /// <param name="image">The picture; not to be changed until the task has ended.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static Task WriteAsync(string path, RgbImage image, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(image);
        return Task.Run(() => Write(path, image, cancellationToken), cancellationToken);
    }

    private static async Task<RgbImage> ReadAsync(Task<ReadOnlyMemory<byte>> loading, int maxPixelCount, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> file = await loading.ConfigureAwait(false);
        return await Task.Run(() => Read(file.Span, maxPixelCount, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
