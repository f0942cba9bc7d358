using System.Buffers;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec;

/// <summary>
/// Pictures to <c>.icd</c> files and back: encoder, quantiser and entropy coder one way, the same three the other way.
/// </summary>
/// <remarks>
/// May be used by many threads at once. Decompression gives the same pixels on every machine. Pictures of any size from 1×1 up to
/// <see cref="MaxPixelCount"/> pixels go through.
/// </remarks>
public sealed partial class ImageCompressor : IDisposable
{
    /// <summary>What <see cref="MaxPixelCount"/> is unless it is set.</summary>
    public const int DefaultMaxPixelCount = 100_000_000;

    private readonly IEncoder _encoder;
    private readonly IDecoder _decoder;
    private readonly ILatentCodec _latentCodec;
    private readonly int _defaultLevel;
    private readonly Autoencoder? _owned;
    private volatile bool _disposed;

    /// <summary>Joins four stages to a codec.</summary>
    /// <param name="encoder">The analysis transform.</param>
    /// <param name="decoder">The synthesis transform; its stride and channels are the encoder's.</param>
    /// <param name="quantizer">Latent to symbols.</param>
    /// <param name="entropyCoder">Symbols to bytes.</param>
    /// <param name="fingerprint">
    /// What tells this codec's files from others, see <see cref="CodecFingerprint.Of"/>; change it whenever what a file means changes.
    /// </param>
    /// <param name="defaultLevel">The quantiser's setting where none is asked for; 0 for the middle one.</param>
    /// <exception cref="ArgumentException">Encoder and decoder do not fit each other.</exception>
    public ImageCompressor(
        IEncoder encoder, IDecoder decoder, IQuantizer quantizer, IEntropyCoder entropyCoder, CodecFingerprint fingerprint = default, int defaultLevel = 0)
        : this(encoder, decoder, JoinStages(quantizer, entropyCoder), fingerprint, defaultLevel)
    {
    }

    internal ImageCompressor(
        IEncoder encoder, IDecoder decoder, ILatentCodec latentCodec, CodecFingerprint fingerprint, int defaultLevel, Autoencoder? owned = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        if (encoder.Stride != decoder.Stride || encoder.LatentChannels != decoder.LatentChannels)
        {
            throw new ArgumentException(
                $"The encoder has stride {encoder.Stride} and {encoder.LatentChannels} latent channels, " +
                $"the decoder stride {decoder.Stride} and {decoder.LatentChannels}; they must be the same.",
                nameof(decoder));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(defaultLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(defaultLevel, latentCodec.LevelCount);
        _encoder = encoder;
        _decoder = decoder;
        _latentCodec = latentCodec;
        _defaultLevel = defaultLevel == 0 ? (latentCodec.LevelCount + 1) / 2 : defaultLevel;
        _owned = owned;
        Fingerprint = fingerprint;
    }

    /// <summary>What the files of this codec carry, so that no other codec decodes them.</summary>
    public CodecFingerprint Fingerprint { get; }

    /// <summary>
    /// Pixels of the largest picture that is taken, either way, with its sides rounded up to the encoder's stride:
    /// <see cref="DefaultMaxPixelCount"/> unless it is set, at most <see cref="RgbImage.MaxPixelCount"/>. Checked before anything is
    /// allocated for the picture. Set it before other threads use the compressor.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int MaxPixelCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, RgbImage.MaxPixelCount);
            field = value;
        }
    } = DefaultMaxPixelCount;

    /// <summary>Loads a model that comes with the library.</summary>
    /// <param name="name">One of <see cref="PretrainedModel.All"/>.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="ArgumentException">There is no model of that name; the message lists those there are.</exception>
    public static ImageCompressor LoadPretrained(string name = PretrainedModel.DefaultName, int maxThreads = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PretrainedModel.Get(name).Load(maxThreads);
    }

    /// <summary>Loads weights from a file: safetensors, or a PyTorch checkpoint of one of the built-in architectures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="InvalidFileException">The file is damaged, or its weights fit none of the architectures.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static ImageCompressor Load(string path, int maxThreads = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ModelWeights.Load(WeightsFile.Read(File.ReadAllBytes(path)), maxThreads);
    }

    /// <summary>Compresses a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The bytes of an <c>.icd</c> file.</returns>
    /// <exception cref="ArgumentException">The picture has more than <see cref="MaxPixelCount"/> pixels, or the options contradict themselves.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="ObjectDisposedException">The compressor has been disposed of.</exception>
    public byte[] Compress(RgbImage image, CompressionOptions? options = null, CancellationToken cancellationToken = default) =>
        Compress(image, options ?? new CompressionOptions(), needsReconstruction: false, null, cancellationToken).File;

    /// <summary>Compresses a picture, and decodes it again to say how good it is.</summary>
    /// <inheritdoc cref="Compress(RgbImage, CompressionOptions?, CancellationToken)"/>
    /// <returns>The file, the picture that it holds, and the figures.</returns>
    public CompressionResult CompressAndReconstruct(RgbImage image, CompressionOptions? options = null, CancellationToken cancellationToken = default) =>
        CompressAndReconstruct(image, options ?? new CompressionOptions(), null, cancellationToken);

    /// <summary>Restores a picture.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The file is damaged, needs another codec, or has more than <see cref="MaxPixelCount"/> pixels.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="ObjectDisposedException">The compressor has been disposed of.</exception>
    public RgbImage Decompress(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default) => Decompress(file, null, cancellationToken);

    private CompressionResult CompressAndReconstruct(
        RgbImage image, CompressionOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Candidate candidate = Compress(image, options, needsReconstruction: true, progress, cancellationToken);
        return new CompressionResult(candidate.File, image, candidate.Reconstruction!, candidate.Level, options);
    }

    private RgbImage Decompress(ReadOnlyMemory<byte> file, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        IcdFile icd = IcdFile.Read(file);
        if (icd.Codec != Fingerprint)
        {
            throw new InvalidFileException(
                "ICD", $"the file needs the codec {icd.Codec}{PretrainedModel.Describe(icd.Codec)}, but this one is {Fingerprint}{PretrainedModel.Describe(Fingerprint)}.", 2);
        }

        // What counts is the size with its padding: a picture of 1×40,000,000 would become eight or more times as large.
        if (!Takes(icd.Width, icd.Height))
        {
            throw new InvalidFileException(
                "ICD",
                $"the picture is declared as {icd.Width}×{icd.Height}, which in whole blocks of {_decoder.Stride} is more than the {MaxPixelCount} pixels that are taken.");
        }

        TensorShape latentShape = TransformArguments.LatentShape(_encoder, PictureTensor.Shape(icd.Width, icd.Height, _decoder.Stride));
        float[] latent = ArrayPool<float>.Shared.Rent(latentShape.Length);
        try
        {
            Span<float> latentValues = latent.AsSpan(0, latentShape.Length);
            _latentCodec.Decode(icd.Body.Span, latentShape, latentValues, cancellationToken);
            return Synthesise(latentValues, latentShape, icd.Width, icd.Height, progress, cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(latent);
        }
    }

    /// <summary>Frees the memory of a model that was loaded with this compressor. Stages that were given stay their owner's.</summary>
    public void Dispose()
    {
        _disposed = true;
        _owned?.Dispose();
    }

    private static SymbolLatentCodec JoinStages(IQuantizer quantizer, IEntropyCoder entropyCoder)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(entropyCoder);
        return new SymbolLatentCodec(quantizer, entropyCoder);
    }

    /// <summary>Runs the analysis transform. The library's own take pictures as they are, others the whole tensor.</summary>
    private void Analyse(RgbImage image, Span<float> latent, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        TensorShape shape = PictureTensor.Shape(image.Width, image.Height, _encoder.Stride);
        if (_encoder is EncoderTransform own)
        {
            own.Encode(image, shape, latent, progress, cancellationToken);
            return;
        }

        float[] picture = new float[shape.Length];
        PictureTensor.FromImage(image, shape, picture);
        _encoder.Encode(picture, shape, latent, progress, cancellationToken);
    }

    /// <summary>Runs the synthesis transform.</summary>
    private RgbImage Synthesise(
        ReadOnlySpan<float> latent, TensorShape latentShape, int width, int height, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (_decoder is DecoderTransform own)
        {
            RgbImage image = new(width, height);
            own.Decode(latent, latentShape, image, progress, cancellationToken);
            return image;
        }

        TensorShape shape = PictureTensor.Shape(width, height, _decoder.Stride);
        float[] picture = new float[shape.Length];
        _decoder.Decode(latent, latentShape, picture, progress, cancellationToken);
        return PictureTensor.ToImage(picture, shape, width, height);
    }
}
