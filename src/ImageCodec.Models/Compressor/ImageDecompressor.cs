namespace ImageCodec;

/// <summary>
/// Restores any <c>.icd</c> file by the codec whose fingerprint it carries: a compressor that was given, or else one of <see cref="PretrainedModel.All"/>.
/// </summary>
/// <remarks>
/// May be used by many threads at once. A model is loaded when a file first needs it, which takes up to a tenth of a second, and kept until
/// <see cref="Dispose"/>. Each is loaded once at most, so that what is kept is bounded by the models there are.
/// </remarks>
public sealed class ImageDecompressor : IDisposable
{
    private readonly Dictionary<CodecFingerprint, ImageCompressor> _loaded = [];
    private readonly Lock _lock = new();
    private readonly ImageCompressor[] _given;
    private volatile bool _disposed;

    /// <summary>Makes one that has loaded nothing yet.</summary>
    /// <param name="compressors">
    /// Codecs that are no pretrained models, or are to be used in place of them. They stay their owner's, with the limits that they have. Of two with one
    /// fingerprint the first is used.
    /// </param>
    /// <exception cref="ArgumentException">A compressor is null.</exception>
    public ImageDecompressor(params ReadOnlySpan<ImageCompressor> compressors)
    {
        _given = compressors.ToArray();
        if (Array.IndexOf(_given, null) is >= 0 and { } index)
        {
            throw new ArgumentException($"The compressor {index} is null.", nameof(compressors));
        }
    }

    /// <summary>One for the whole process, with the defaults. It keeps its models as long as the process runs: to dispose of it does nothing.</summary>
    public static ImageDecompressor Shared { get; } = new();

    /// <summary>Threads that the models it loads use at most for one picture; 0, the default, for all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int MaxThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// Pixels of the largest picture that the models it loads restore, as <see cref="ImageCompressor.MaxPixelCount"/>:
    /// <see cref="ImageCompressor.DefaultMaxPixelCount"/> by default, at most <see cref="RgbImage.MaxPixelCount"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int MaxPixelCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, RgbImage.MaxPixelCount);
            field = value;
        }
    } = ImageCompressor.DefaultMaxPixelCount;

    /// <summary>Restores a picture.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scale.</exception>
    /// <exception cref="InvalidFileException">
    /// The file is damaged, has too many pixels, or needs a codec that is not at hand; the message names that, and the package that has it where that is known.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="NotSupportedException">
    /// A scale other than 1 is asked for, which only files of <c>fitted</c> have; or the file is of a given compressor that only compresses.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The decompressor, or the given compressor that the file needs, has been disposed of.</exception>
    public RgbImage Decompress(ReadOnlyMemory<byte> file, DecompressionOptions? options = null, CancellationToken cancellationToken = default) =>
        Decompress(file, options, null, cancellationToken);

    /// <summary>Restores a picture from a stream.</summary>
    /// <param name="source">A stream that holds an <c>.icd</c> file and nothing behind it; read to its end, and left open.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <inheritdoc cref="Decompress(ReadOnlyMemory{byte}, DecompressionOptions?, CancellationToken)"/>
    /// <exception cref="IOException">The stream fails.</exception>
    public RgbImage Decompress(Stream source, DecompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckBeforeStart(options);
        return Decompress(StreamReading.ReadToEnd(source), options, null, cancellationToken);
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
        CheckBeforeStart(options);
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
        ArgumentNullException.ThrowIfNull(source);
        CheckBeforeStart(options);
        return Run();

        async Task<RgbImage> Run()
        {
            ReadOnlyMemory<byte> file = await StreamReading.ReadToEndAsync(source, cancellationToken).ConfigureAwait(false);
            return await DecompressAsync(file, options, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Restores a picture at a scale from the beginning of a file, as <see cref="ImageCompressor.DecompressPrefix"/> does.</summary>
    /// <param name="prefix">A file's first bytes; more than the scale needs do no harm.</param>
    /// <param name="options">At which scale.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scale.</exception>
    /// <exception cref="InvalidFileException">
    /// There are too few bytes for the scale, they are damaged in a way that shows, need a codec that is not at hand, or are of a picture of too many pixels.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="NotSupportedException">The codec's files hold no scales; only those of <c>fitted</c> do.</exception>
    /// <exception cref="ObjectDisposedException">The decompressor, or the given compressor that the file needs, has been disposed of.</exception>
    public RgbImage DecompressPrefix(ReadOnlyMemory<byte> prefix, DecompressionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckBeforeStart(options);
        return Find(IcdFile.ReadPrefix(prefix).Fingerprint).DecompressPrefix(prefix, options, cancellationToken);
    }

    /// <summary>
    /// Frees the memory of the models it loaded. Given compressors stay their owner's. It may be called while others work: they finish or get an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        if (this == Shared)
        {
            return;
        }

        lock (_lock)
        {
            _disposed = true;
            foreach (ImageCompressor compressor in _loaded.Values)
            {
                compressor.Dispose();
            }

            _loaded.Clear();
        }
    }

    private RgbImage Decompress(ReadOnlyMemory<byte> file, DecompressionOptions? options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        CheckBeforeStart(options);
        IcdFile icd = IcdFile.Read(file);
        return Find(icd.Fingerprint).Decompress(icd, options, progress, cancellationToken);
    }

    /// <summary>A caller's mistake is thrown before anything is read, and not by a task.</summary>
    private void CheckBeforeStart(DecompressionOptions? options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        options?.Check();
    }

    private ImageCompressor Find(CodecFingerprint fingerprint)
    {
        if (Array.Find(_given, one => one.Fingerprint == fingerprint) is { } given)
        {
            return given;
        }

        // Loading is short and happens once for each model, so that all may wait for it.
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_loaded.TryGetValue(fingerprint, out ImageCompressor? compressor))
            {
                PretrainedModel model = PretrainedModel.Find(fingerprint) ?? throw NotAtHand(fingerprint);
                compressor = model.LoadCompressor(MaxThreads);
                compressor.MaxPixelCount = MaxPixelCount;
                _loaded.Add(fingerprint, compressor);
            }

            return compressor;
        }
    }

    private InvalidFileException NotAtHand(CodecFingerprint fingerprint)
    {
        IEnumerable<string> atHand = PretrainedModel.All.Select(model => model.Name).Concat(_given.Select(one => one.Fingerprint.ToString()));
        return new InvalidFileException(
            "ICD", $"the file needs the codec {fingerprint}{PretrainedModel.Describe(fingerprint)}, but at hand are only {string.Join(", ", atHand)}.", 2);
    }
}
