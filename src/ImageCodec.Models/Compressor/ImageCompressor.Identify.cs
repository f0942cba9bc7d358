namespace ImageCodec;

/// <content>What files say of themselves.</content>
public sealed partial class ImageCompressor
{
    /// <summary>Reads size, model and rate of a compressed picture, and checks the checksum, without running a network.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <exception cref="InvalidFileException">It is damaged, cut short, of a later version or no such file at all.</exception>
    public static IcdInfo Identify(ReadOnlyMemory<byte> file) => new(IcdFile.Read(file));

    /// <inheritdoc cref="Identify(ReadOnlyMemory{byte})"/>
    /// <param name="source">A stream that holds an <c>.icd</c> file and nothing behind it; read to its end, and left open.</param>
    /// <exception cref="IOException">The stream fails.</exception>
    public static IcdInfo Identify(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Identify(StreamReading.ReadToEnd(source));
    }

    /// <inheritdoc cref="Identify(Stream)"/>
    /// <param name="source">A stream that holds an <c>.icd</c> file and nothing behind it; read to its end, and left open.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<IcdInfo> IdentifyAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Run();

        async Task<IcdInfo> Run() => Identify(await StreamReading.ReadToEndAsync(source, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc cref="Identify(ReadOnlyMemory{byte})"/>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IcdInfo Identify(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Identify(File.ReadAllBytes(path));
    }

    /// <inheritdoc cref="Identify(string)"/>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<IcdInfo> IdentifyAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Run();

        async Task<IcdInfo> Run() => Identify(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
    }
}
