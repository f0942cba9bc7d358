namespace ImageCodec;

/// <content>Streams, and work off the caller's thread.</content>
public static partial class ImageFile
{
    /// <summary>Reads a picture file from a stream; its contents say which format it is.</summary>
    /// <param name="source">A stream that holds a picture file; read to its end, and left open.</param>
    /// <param name="options">How it is read; by default, no picture of more than <see cref="DefaultMaxPixelCount"/> pixels, and none that is cut short.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The file is damaged or not of a supported format, or the picture has too many pixels.</exception>
    /// <exception cref="IOException">The stream fails.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static RgbImage Read(Stream source, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Read(StreamReading.ReadToEnd(source).Span, options, cancellationToken);
    }

    /// <summary>Reads a stream asynchronously, and then its picture on a thread of the pool.</summary>
    /// <inheritdoc cref="Read(Stream, ImageReadOptions?, CancellationToken)"/>
    /// <param name="source">A stream that holds a picture file; read to its end, and left open.</param>
    /// <param name="options">How it is read; by default, no picture of more than <see cref="DefaultMaxPixelCount"/> pixels, and none that is cut short.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<RgbImage> ReadAsync(Stream source, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ReadAsync(StreamReading.ReadToEndAsync(source, cancellationToken), options, cancellationToken);
    }

    /// <summary>Reads a file asynchronously, and then its picture on a thread of the pool.</summary>
    /// <inheritdoc cref="Read(string, ImageReadOptions?, CancellationToken)"/>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; by default, no picture of more than <see cref="DefaultMaxPixelCount"/> pixels, and none that is cut short.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<RgbImage> ReadAsync(string path, ImageReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadAsync(Load(), options, cancellationToken);

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

    private static async Task<RgbImage> ReadAsync(Task<ReadOnlyMemory<byte>> loading, ImageReadOptions? options, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> file = await loading.ConfigureAwait(false);
        return await Task.Run(() => Read(file.Span, options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
