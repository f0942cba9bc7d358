using System.Buffers;

namespace ImageCodec;

/// <content>Streams, files and buffers, and work off the caller's thread.</content>
public sealed partial class ImageCompressor
{
    /// <summary>Compresses a picture into a buffer.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="destination">Receives the bytes of an <c>.icd</c> file, all at the end: nothing if the work fails.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Compress(RgbImage, CompressionOptions?, CancellationToken)"/>
    public void Compress(
        RgbImage image, IBufferWriter<byte> destination, CompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(Compress(image, options, cancellationToken));
    }

    /// <summary>Compresses a picture into a stream.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="destination">Receives the bytes of an <c>.icd</c> file, all at the end, and stays open.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Compress(RgbImage, CompressionOptions?, CancellationToken)"/>
    /// <exception cref="IOException">The stream fails.</exception>
    public void Compress(RgbImage image, Stream destination, CompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(Compress(image, options, cancellationToken));
    }

    /// <summary>Compresses a picture on threads of the pool.</summary>
    /// <param name="image">The picture; not to be changed until the task has ended.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Compress(RgbImage, CompressionOptions?, CancellationToken)"/>
    public Task<byte[]> CompressAsync(
        RgbImage image, CompressionOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckBeforeStart(image, options);
        return Task.Run(
            () => Encode(image, options ?? new CompressionOptions(), needsReconstruction: false, progress, cancellationToken).File, cancellationToken);
    }

    /// <summary>Compresses a picture on threads of the pool, and gives what will come out of the file too.</summary>
    /// <param name="image">The picture; not to be changed until the task has ended.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="CompressAndReconstruct(RgbImage, CompressionOptions?, CancellationToken)"/>
    public Task<CompressionResult> CompressAndReconstructAsync(
        RgbImage image, CompressionOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckBeforeStart(image, options);
        return Task.Run(
            () => CompressAndReconstruct(image, options ?? new CompressionOptions(), progress, cancellationToken), cancellationToken);
    }

    /// <summary>Compresses a picture on threads of the pool, and then writes it to a stream asynchronously.</summary>
    /// <param name="image">The picture; not to be changed until the task has ended.</param>
    /// <param name="destination">Receives the bytes of an <c>.icd</c> file, all at the end, and stays open.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Compress(RgbImage, Stream, CompressionOptions?, CancellationToken)"/>
    public Task CompressAsync(
        RgbImage image,
        Stream destination,
        CompressionOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckBeforeStart(image, options);
        ArgumentNullException.ThrowIfNull(destination);
        return Run();

        async Task Run()
        {
            byte[] file = await CompressAsync(image, options, progress, cancellationToken).ConfigureAwait(false);
            await destination.WriteAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Restores a picture from a stream.</summary>
    /// <param name="source">A stream that holds an <c>.icd</c> file and nothing behind it; read to its end, and left open.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Decompress(ReadOnlyMemory{byte}, DecompressionOptions?, CancellationToken)"/>
    /// <exception cref="IOException">The stream fails.</exception>
    public RgbImage Decompress(Stream source, DecompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Decompress(StreamReading.ReadToEnd(source), options, cancellationToken);
    }

    /// <summary>Restores a picture on threads of the pool.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Decompress(ReadOnlyMemory{byte}, DecompressionOptions?, CancellationToken)"/>
    public Task<RgbImage> DecompressAsync(
        ReadOnlyMemory<byte> file, DecompressionOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ScaleOf(options);
        return Task.Run(() => Decompress(file, options, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Reads a stream asynchronously, and then restores its picture on threads of the pool.</summary>
    /// <param name="source">A stream that holds an <c>.icd</c> file and nothing behind it; read to its end, and left open.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Decompress(Stream, DecompressionOptions?, CancellationToken)"/>
    public Task<RgbImage> DecompressAsync(
        Stream source, DecompressionOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ScaleOf(options);
        ArgumentNullException.ThrowIfNull(source);
        return Run();

        async Task<RgbImage> Run()
        {
            ReadOnlyMemory<byte> file = await StreamReading.ReadToEndAsync(source, cancellationToken).ConfigureAwait(false);
            return await DecompressAsync(file, options, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A caller's mistake is thrown at once, not by the task.</summary>
    private void CheckBeforeStart(RgbImage image, CompressionOptions? options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(image);
        Check(options ?? new CompressionOptions());
    }
}
