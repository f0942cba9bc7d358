namespace ImageCodec;

/// <summary>Picture files straight to <c>.icd</c> files and back.</summary>
/// <remarks>Safe to use from several threads at once, as <see cref="ImageCompressor"/> and <see cref="ImageDecompressor"/> are.</remarks>
public static class ImageCompressorFiles
{
    /// <summary>
    /// Compresses a picture file. The file is read asynchronously; what takes long runs on threads of the pool, as does writing, since no system
    /// can bring a file to the disk asynchronously. The file is written whole or not at all; an older one is replaced in one step, where that is allowed.
    /// </summary>
    /// <param name="compressor">The codec.</param>
    /// <param name="picturePath">A PNG, JPEG or PNM file, read as <see cref="ImageFile"/> says.</param>
    /// <param name="icdPath">The <c>.icd</c> file to write.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="overwrite">Whether an older file may be replaced. If not, one that is not empty is an error, found before any work.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What the file says of itself.</returns>
    /// <exception cref="ArgumentException">A path is empty, or the options contradict themselves.</exception>
    /// <exception cref="InvalidFileException">
    /// The picture file is damaged or not of a supported format, or the picture has more pixels than <see cref="ImageCompressor.MaxPixelCount"/> allows.
    /// </exception>
    /// <exception cref="IOException">A file can't be read or written; or there is an older one, which may not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static Task<IcdInfo> CompressFileAsync(
        this ImageCompressor compressor,
        string picturePath,
        string icdPath,
        CompressionOptions? options = null,
        bool overwrite = false,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        ArgumentException.ThrowIfNullOrEmpty(picturePath);
        ArgumentException.ThrowIfNullOrEmpty(icdPath);
        options ??= new CompressionOptions();
        compressor.Check(options);
        return Run();

        async Task<IcdInfo> Run()
        {
            CheckOverwriting(icdPath, overwrite);
            RgbImage picture = await ImageFile.ReadAsync(picturePath, new ImageReadOptions { MaxPixelCount = compressor.MaxPixelCount }, cancellationToken).ConfigureAwait(false);
            CheckSize(compressor, picture.Width, picture.Height);
            byte[] file = await compressor.CompressAsync(picture, options, progress, cancellationToken).ConfigureAwait(false);
            await Task.Run(() => AtomicFile.Write(icdPath, stream => stream.Write(file), overwrite), cancellationToken).ConfigureAwait(false);
            return ImageCompressor.Identify(file);
        }
    }

    /// <summary>Restores a picture file, as <see cref="CompressFileAsync"/> compresses one.</summary>
    /// <param name="compressor">The codec that the file needs.</param>
    /// <param name="icdPath">The <c>.icd</c> file.</param>
    /// <param name="picturePath">The picture file to write; its extension says the format, as <see cref="ImageFile.Write(string, RgbImage, CancellationToken)"/> lists them.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="overwrite">Whether an older file may be replaced. If not, one that is not empty is an error, found before any work.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no such scale, or a path is empty or has another extension.</exception>
    /// <exception cref="InvalidFileException">The file is damaged or needs another codec.</exception>
    /// <exception cref="IOException">A file can't be read or written; or there is an older one, which may not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written.</exception>
    /// <exception cref="NotSupportedException">A scale is asked for that the codec's files do not have.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static Task DecompressFileAsync(
        this ImageCompressor compressor,
        string icdPath,
        string picturePath,
        DecompressionOptions? options = null,
        bool overwrite = false,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        return DecompressFileAsync(file => compressor.DecompressAsync(file, options, progress, cancellationToken), icdPath, picturePath, overwrite, cancellationToken);
    }

    /// <summary>Restores a picture file by the codec that it needs.</summary>
    /// <param name="decompressor">Has the codecs.</param>
    /// <param name="icdPath">The <c>.icd</c> file.</param>
    /// <param name="picturePath">The picture file to write; its extension says the format, as <see cref="ImageFile.Write(string, RgbImage, CancellationToken)"/> lists them.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="overwrite">Whether an older file may be replaced. If not, one that is not empty is an error, found before any work.</param>
    /// <param name="progress">Told the part of the work that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="DecompressFileAsync(ImageCompressor, string, string, DecompressionOptions?, bool, IProgress{double}?, CancellationToken)"/>
    /// <exception cref="InvalidFileException">The file is damaged or needs a codec that is not at hand.</exception>
    public static Task DecompressFileAsync(
        this ImageDecompressor decompressor,
        string icdPath,
        string picturePath,
        DecompressionOptions? options = null,
        bool overwrite = false,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decompressor);
        return DecompressFileAsync(file => decompressor.DecompressAsync(file, options, progress, cancellationToken), icdPath, picturePath, overwrite, cancellationToken);
    }

    private static Task DecompressFileAsync(
        Func<ReadOnlyMemory<byte>, Task<RgbImage>> decompress, string icdPath, string picturePath, bool overwrite, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(icdPath);
        ArgumentException.ThrowIfNullOrEmpty(picturePath);
        ImageFileFormat format = ImageFile.FormatOf(picturePath);
        return Run();

        async Task Run()
        {
            CheckOverwriting(picturePath, overwrite);
            byte[] file = await File.ReadAllBytesAsync(icdPath, cancellationToken).ConfigureAwait(false);
            RgbImage picture = await decompress(file).ConfigureAwait(false);
            await Task.Run(() => ImageFile.Write(picturePath, picture, format, overwrite, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    private static void CheckOverwriting(string path, bool overwrite)
    {
        if (!overwrite)
        {
            AtomicFile.CheckIsFree(path);
        }
    }

    /// <summary>Refuses a picture that is within the limit, but not with its sides rounded up to whole blocks. That is the file's fault, as any other excess is.</summary>
    internal static void CheckSize(ImageCompressor compressor, int width, int height)
    {
        if (!compressor.Takes(width, height))
        {
            throw new InvalidFileException(
                "Picture", $"the picture of {width}×{height} has in whole blocks of the codec more than the {compressor.MaxPixelCount} pixels that are taken.");
        }
    }
}
