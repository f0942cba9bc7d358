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
    /// <summary>
    /// Pixels of the largest picture that is taken, either way, with its sides rounded up to the encoder's stride. Memory is
    /// at most about 32 bytes a pixel and, as networks see large pictures tile by tile, a gigabyte of feature maps.
    /// </summary>
    public const int MaxPixelCount = 100_000_000;

    private readonly IEncoder _encoder;
    private readonly IDecoder _decoder;
    private readonly IQuantizer _quantizer;
    private readonly IEntropyCoder _entropyCoder;
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
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(entropyCoder);
        if (encoder.Stride != decoder.Stride || encoder.LatentChannels != decoder.LatentChannels)
        {
            throw new ArgumentException(
                $"The encoder has stride {encoder.Stride} and {encoder.LatentChannels} latent channels, " +
                $"the decoder stride {decoder.Stride} and {decoder.LatentChannels}; they must be the same.",
                nameof(decoder));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(defaultLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(defaultLevel, quantizer.LevelCount);
        _encoder = encoder;
        _decoder = decoder;
        _quantizer = quantizer;
        _entropyCoder = entropyCoder;
        _defaultLevel = defaultLevel == 0 ? (quantizer.LevelCount + 1) / 2 : defaultLevel;
        Fingerprint = fingerprint;
    }

    internal ImageCompressor(Autoencoder model, IEntropyCoder entropyCoder, CodecFingerprint fingerprint, int defaultLevel)
        : this(model.Encoder, model.Decoder, new UniformQuantizer(model.HasSignedLatent), entropyCoder, fingerprint, defaultLevel) =>
        _owned = model;

    /// <summary>What the files of this codec carry, so that no other codec decodes them.</summary>
    public CodecFingerprint Fingerprint { get; }

    /// <summary>Loads a model that comes with the library.</summary>
    /// <param name="name">One of <see cref="PretrainedModel.All"/>.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="ArgumentException">There is no model of that name; the message lists those there are.</exception>
    public static ImageCompressor LoadPretrained(string name = PretrainedModel.DefaultName, int maxThreads = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PretrainedModel.Get(name).Load(maxThreads);
    }

    /// <summary>Loads weights from a file: safetensors, or a PyTorch checkpoint of one of the four architectures.</summary>
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
    public byte[] Compress(RgbImage image, CompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CompressionOptions();
        return options.Psnr is null
            ? CompressToFile(image, options, cancellationToken).File
            : CompressAndReconstruct(image, options, cancellationToken).File;
    }

    /// <summary>Compresses a picture, and decodes it again to say how good it is.</summary>
    /// <inheritdoc cref="Compress"/>
    /// <returns>The file, the picture that it holds, and the figures.</returns>
    public CompressionResult CompressAndReconstruct(RgbImage image, CompressionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CompressionOptions();
        if (options.Psnr is not { } target)
        {
            (byte[] file, int level) = CompressToFile(image, options, cancellationToken);
            return new CompressionResult(file, image, Decompress(file, cancellationToken), level);
        }

        CompressionResult? best = null;
        foreach ((byte[] file, int level) in CompressAtAllLevels(image, options, cancellationToken))
        {
            CompressionResult result = new(file, image, Decompress(file, cancellationToken), level);
            if (best is null || Math.Abs(result.Psnr - target) < Math.Abs(best.Psnr - target))
            {
                best = result;
            }
        }

        return best!;
    }

    /// <summary>Restores a picture.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The file is damaged, needs another codec, or has more than <see cref="MaxPixelCount"/> pixels.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="ObjectDisposedException">The compressor has been disposed of.</exception>
    public RgbImage Decompress(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        IcdFile icd = IcdFile.Read(file);
        if (icd.Codec != Fingerprint)
        {
            throw new InvalidFileException(
                "ICD", $"the file needs the codec {icd.Codec}{PretrainedModel.Describe(icd.Codec)}, but this one is {Fingerprint}{PretrainedModel.Describe(Fingerprint)}.", 2);
        }

        // What counts is the size with its padding: a picture of 1×40,000,000 would become eight or more times as large.
        if (PictureTensor.CountPixels(icd.Width, icd.Height, _decoder.Stride) > MaxPixelCount)
        {
            throw new InvalidFileException(
                "ICD",
                $"the picture is declared as {icd.Width}×{icd.Height}, which in whole blocks of {_decoder.Stride} is more than the {MaxPixelCount} pixels that are taken.");
        }

        TensorShape pictureShape = PictureTensor.Shape(icd.Width, icd.Height, _decoder.Stride);
        TensorShape latentShape = LatentShape(pictureShape);
        int sideLength = _quantizer.GetSideInformationLength(latentShape);
        if (icd.Body.Length < sideLength)
        {
            throw new InvalidFileException("ICD", $"the body has {icd.Body.Length} bytes, fewer than the {sideLength} of its side information.");
        }

        byte[] symbols = ArrayPool<byte>.Shared.Rent(latentShape.Length);
        float[] latent = ArrayPool<float>.Shared.Rent(latentShape.Length);
        float[] picture = ArrayPool<float>.Shared.Rent(pictureShape.Length);
        try
        {
            Span<byte> latentSymbols = symbols.AsSpan(0, latentShape.Length);
            Span<float> latentValues = latent.AsSpan(0, latentShape.Length);
            Span<float> pictureValues = picture.AsSpan(0, pictureShape.Length);
            ReadOnlySpan<byte> body = icd.Body.Span;
            _entropyCoder.Decode(body[sideLength..], latentShape, latentSymbols);
            _quantizer.Dequantize(latentSymbols, latentShape, body[..sideLength], latentValues);
            _decoder.Decode(latentValues, latentShape, pictureValues, cancellationToken);
            return PictureTensor.ToImage(pictureValues, pictureShape, icd.Width, icd.Height);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(symbols);
            ArrayPool<float>.Shared.Return(latent);
            ArrayPool<float>.Shared.Return(picture);
        }
    }

    /// <summary>Frees the memory of a model that was loaded with this compressor. Stages that were given stay their owner's.</summary>
    public void Dispose()
    {
        _disposed = true;
        _owned?.Dispose();
    }

    private (byte[] File, int Level) CompressToFile(RgbImage image, CompressionOptions options, CancellationToken cancellationToken)
    {
        if (options.BitsPerPixel is not { } target)
        {
            return CompressAtLevels(image, options, LevelOf(options), cancellationToken).Single();
        }

        double Distance((byte[] File, int Level) candidate) =>
            Math.Abs(Metrics.BitsPerPixel(candidate.File.Length, image.Width, image.Height) - target);
        return CompressAtAllLevels(image, options, cancellationToken).MinBy(Distance);
    }

    private List<(byte[] File, int Level)> CompressAtAllLevels(RgbImage image, CompressionOptions options, CancellationToken cancellationToken) =>
        CompressAtLevels(image, options, Enumerable.Range(1, _quantizer.LevelCount), cancellationToken);

    private IEnumerable<int> LevelOf(CompressionOptions options) =>
        [options.Quality is { } quality ? (quality * _quantizer.LevelCount + 99) / 100 : _defaultLevel];

    /// <summary>Runs the encoder once, and quantises and codes its latent at each of some settings.</summary>
    private List<(byte[] File, int Level)> CompressAtLevels(
        RgbImage image, CompressionOptions options, IEnumerable<int> levels, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(image);
        options.Check();
        if (PictureTensor.CountPixels(image.Width, image.Height, _encoder.Stride) > MaxPixelCount)
        {
            throw new ArgumentException(
                $"The picture of {image.Width}×{image.Height} has in whole blocks of {_encoder.Stride} more than the {MaxPixelCount} pixels that are taken.",
                nameof(image));
        }

        TensorShape pictureShape = PictureTensor.Shape(image.Width, image.Height, _encoder.Stride);
        TensorShape latentShape = LatentShape(pictureShape);
        int sideLength = _quantizer.GetSideInformationLength(latentShape);
        byte[] symbols = ArrayPool<byte>.Shared.Rent(latentShape.Length);
        float[] latent = ArrayPool<float>.Shared.Rent(latentShape.Length);
        float[] picture = ArrayPool<float>.Shared.Rent(pictureShape.Length);
        try
        {
            Span<byte> latentSymbols = symbols.AsSpan(0, latentShape.Length);
            Span<float> latentValues = latent.AsSpan(0, latentShape.Length);
            Span<float> pictureValues = picture.AsSpan(0, pictureShape.Length);
            PictureTensor.FromImage(image, pictureShape, pictureValues);
            _encoder.Encode(pictureValues, pictureShape, latentValues, cancellationToken);
            List<(byte[], int)> files = [];
            foreach (int level in levels)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ArrayBufferWriter<byte> body = new();
                _quantizer.Quantize(latentValues, latentShape, level, latentSymbols, body.GetSpan(sideLength)[..sideLength]);
                body.Advance(sideLength);
                _entropyCoder.Encode(latentSymbols, latentShape, body);
                files.Add((IcdFile.Write(Fingerprint, image.Width, image.Height, body.WrittenSpan), level));
            }

            return files;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(symbols);
            ArrayPool<float>.Shared.Return(latent);
            ArrayPool<float>.Shared.Return(picture);
        }
    }

    private TensorShape LatentShape(TensorShape picture) =>
        new(picture.Height / _encoder.Stride, picture.Width / _encoder.Stride, _encoder.LatentChannels);
}
