using ImageCodec.Models;
using ImageCodec.Models.Compressor;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec;

/// <summary>
/// Pictures to <c>.icd</c> files and back: analysis transform and latent codec one way, latent codec and synthesis transform the other way.
/// </summary>
/// <remarks>
/// May be used by many threads at once. Decompression gives the same pixels on every machine. Pictures of any size from 1×1 up to
/// <see cref="MaxPixelCount"/> pixels go through.
/// </remarks>
public sealed partial class ImageCompressor : IDisposable
{
    /// <summary>What <see cref="MaxPixelCount"/> is unless it is set.</summary>
    public const int DefaultMaxPixelCount = 100_000_000;

    /// <summary>About what the codec's part is of a work with residuals, as progress tells it.</summary>
    private const double BaseShare = 0.2;

    private readonly IPictureCodec _codec;
    private volatile bool _disposed;

    /// <summary>Joins two transforms and a latent codec. With one transform alone, the compressor goes one way only.</summary>
    /// <param name="encoder">The analysis transform; null for a compressor that only decompresses.</param>
    /// <param name="decoder">The synthesis transform, of the encoder's stride and channels; null for a compressor that only compresses.</param>
    /// <param name="latentCodec">Latent to bytes and back.</param>
    /// <param name="fingerprint">
    /// What tells this codec's files from others, see <see cref="CodecFingerprint.Of"/>; change it whenever what a file means changes.
    /// </param>
    /// <remarks>
    /// The stages stay their owner's, who disposes of them. <see cref="CompressionOptions.Effort"/> has no effect on joined stages: what it is spent on belongs
    /// to whole models.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no transform at all, the stages do not fit each other, or one has no stride, channels or levels.</exception>
    public ImageCompressor(IEncoder? encoder, IDecoder? decoder, ILatentCodec latentCodec, CodecFingerprint fingerprint)
        : this(new TransformCodec(encoder, decoder, latentCodec), fingerprint)
    {
    }

    internal ImageCompressor(IPictureCodec codec, CodecFingerprint fingerprint) => (_codec, Fingerprint) = (codec, fingerprint);

    /// <summary>What the files of this codec carry, so that no other codec decodes them.</summary>
    public CodecFingerprint Fingerprint { get; }

    /// <summary>The number of levels. The rate rises with the level.</summary>
    public int LevelCount => _codec.LevelCount;

    /// <summary>The level that is used where nothing is asked for, 1 … <see cref="LevelCount"/>.</summary>
    public int DefaultLevel => _codec.DefaultLevel;

    /// <summary>
    /// Pixels of the largest picture that is taken, either way, with its sides rounded up to the codec's stride:
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

    /// <summary>
    /// Bytes of native memory that the whole process keeps at most for the next picture, whatever the number of compressors; 256 MiB unless it is set, or a sixth of what the process may have where that is less; 0 to keep none. What is not
    /// wanted for some ten seconds goes back to the system. What pictures that are being worked on take comes on top. May be set at any time, by any thread.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static long MaxKeptMemory
    {
        get => NativePool.Shared.MaxKeptBytes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            NativePool.Shared.MaxKeptBytes = value;
        }
    }

    /// <summary>Loads a pretrained model.</summary>
    /// <param name="name">One of <see cref="PretrainedModel.All"/>.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="ArgumentException">There is no model of that name. The message lists those there are, or says which package has it.</exception>
    public static ImageCompressor LoadPretrained(string name = PretrainedModel.DefaultName, int maxThreads = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PretrainedModel.Get(name).LoadCompressor(maxThreads);
    }

    /// <summary>Loads weights from a file: safetensors, or a PyTorch checkpoint of one of the built-in architectures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="InvalidFileException">
    /// The file is damaged, or its weights fit none of the architectures; or they are priors of the model <c>fitted</c>, but not those of this library, which belong
    /// to the format.
    /// </exception>
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
    /// <exception cref="ArgumentException">The picture has more than <see cref="MaxPixelCount"/> pixels, or the options contradict themselves or are out of range.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="NotSupportedException">
    /// The compressor only decompresses; or <see cref="CompressionOptions.Psnr"/>, <see cref="CompressionOptions.Ssimulacra2"/> or what will come out is asked for, and it has no
    /// decoder; or <see cref="CompressionOptions.Ssimulacra2"/> or <see cref="CompressionOptions.MaxError"/> is asked for, and the model is <c>fitted</c>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The compressor has been disposed of.</exception>
    public byte[] Compress(RgbImage image, CompressionOptions? options = null, CancellationToken cancellationToken = default) =>
        Encode(image, options ?? new CompressionOptions(), needsReconstruction: false, null, cancellationToken).File;

    /// <summary>Compresses a picture, and gives what will come out of the file too.</summary>
    /// <inheritdoc cref="Compress(RgbImage, CompressionOptions?, CancellationToken)"/>
    /// <returns>The file, the picture that it holds, and the figures.</returns>
    public CompressionResult CompressAndReconstruct(RgbImage image, CompressionOptions? options = null, CancellationToken cancellationToken = default) =>
        CompressAndReconstruct(image, options ?? new CompressionOptions(), null, cancellationToken);

    /// <summary>Restores a picture.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <param name="options">At which scale; null for the whole picture.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scale.</exception>
    /// <exception cref="InvalidFileException">The file is damaged, needs another codec, or has more than <see cref="MaxPixelCount"/> pixels.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="NotSupportedException">The compressor only compresses; or a scale other than 1 is asked for, which only files of <c>fitted</c> have.</exception>
    /// <exception cref="ObjectDisposedException">The compressor has been disposed of.</exception>
    public RgbImage Decompress(ReadOnlyMemory<byte> file, DecompressionOptions? options = null, CancellationToken cancellationToken = default) =>
        Decompress(file, options, null, cancellationToken);

    /// <summary>
    /// Frees the memory of a model that was loaded with this compressor. Stages that were given stay their owner's. It may be called while others work: they
    /// finish or get an <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        _codec.Dispose();
    }

    private CompressionResult CompressAndReconstruct(
        RgbImage image, CompressionOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (byte[] file, EncodedPicture encoded) = Encode(image, options, needsReconstruction: true, progress, cancellationToken);
        return new CompressionResult(file, image, encoded.Reconstruction!, encoded.Level, options);
    }

    /// <summary>The way of every compression: checks, the picture codec, the container.</summary>
    private (byte[] File, EncodedPicture Encoded) Encode(
        RgbImage image, CompressionOptions options, bool needsReconstruction, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(image);
        Check(options);
        if (!Takes(image.Width, image.Height))
        {
            throw new ArgumentException(
                $"The picture of {image.Width}×{image.Height} has in whole blocks of {_codec.Stride} more than the {MaxPixelCount} pixels that are taken.",
                nameof(image));
        }

        // Targets that no codec reaches: beyond them numbers differ so little from one another that none seems nearer.
        const double MaxLength = 1e12;
        const double MaxPsnr = 1000;
        IReadOnlyList<IcdBox> boxes = PictureBoxes.Of(image, options.StripMetadata, cancellationToken);
        double? wanted = options.BitsPerPixel is { } bits
            ? bits * image.Width * image.Height / 8 - IcdFile.Encode(Fingerprint, image.Width, image.Height, boxes, []).Length
            : null;
        IReadOnlyList<IcdBox> ownBoxes = boxes;
        RgbImage? shown = null;
        int? maxError = TakesResiduals ? NearLossless.MaxErrorOf(options) : null;
        EncodingRequest request = new()
        {
            Level = options.Level ?? (maxError is { } error ? NearLossless.LevelOf(error, LevelCount) : options.Quality is { } quality ? LevelOf(quality) : null),
            Length = wanted is { } length ? Math.Min(length, MaxLength) : null,
            Psnr = options.Psnr is { } psnr ? Math.Min(psnr, MaxPsnr) : null,
            Ssimulacra2 = options.Ssimulacra2,
            Effort = options.Effort,
            FinishToken = options.FinishToken,
            Show = restored =>
            {
                PictureBoxes.Complete(restored, image, options.StripMetadata, ownBoxes);
                return (shown ??= image.LayOver(RgbColor.Black), restored.LayOver(RgbColor.Black));
            },
            NeedsReconstruction = needsReconstruction || maxError is not null,
        };
        RgbImage opaque = image.HasAlpha ? InvisiblePixels.Fill(image) : image;
        IProgress<double>? basis = maxError is null ? progress : ProgressPart.Of(progress, 0, BaseShare);
        EncodedPicture encoded = _codec.Encode(opaque, request, basis, cancellationToken);
        if (TakesResiduals && NearLossless.MaxErrorFor(request, encoded, LevelCount) is { } needed)
        {
            maxError = needed;
            encoded = _codec.Encode(
                opaque, request with { Level = NearLossless.LevelOf(needed, LevelCount), Psnr = null, NeedsReconstruction = true }, null, cancellationToken);
        }

        if (encoded.Reconstruction is { } reconstruction)
        {
            PictureBoxes.Complete(reconstruction, image, options.StripMetadata, boxes);
            if (maxError is { } largest)
            {
                // Where nobody knew beforehand that there would be residuals, all has been told already.
                IProgress<double>? rest = basis == progress ? null : ProgressPart.Of(progress, BaseShare, 1 - BaseShare);
                boxes = PictureBoxes.WithResidual(boxes, reconstruction, image, largest, rest, cancellationToken);
            }
        }

        boxes = PictureBoxes.WithTurn(boxes, encoded.Turn);
        return (IcdFile.Encode(Fingerprint, image.Width, image.Height, boxes, encoded.Body.Span), encoded);
    }

    private RgbImage Decompress(ReadOnlyMemory<byte> file, DecompressionOptions? options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ScaleOf(options);
        return Decompress(IcdFile.Read(file), options, progress, cancellationToken);
    }

    /// <summary>The way of every decompression, behind the container: checks, the picture codec.</summary>
    internal RgbImage Decompress(IcdFile icd, DecompressionOptions? options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int scale = ScaleOf(options);
        CheckFile(icd);
        bool hasResidual = scale == 1 && PictureBoxes.HaveResidual(icd.Boxes);
        IProgress<double>? basis = hasResidual ? ProgressPart.Of(progress, 0, BaseShare) : progress;
        PictureTurn turn = PictureBoxes.TurnOf(icd.Boxes);
        (int width, int height) = turn.Sides(icd.Width, icd.Height);
        RgbImage image = turn.Undo(scale == 1
            ? _codec.Decode(icd.Body.Span, width, height, basis, cancellationToken)
            : _codec.DecodeScaled(icd.Body.Span, isPrefix: false, width, height, scale, progress, cancellationToken));
        PictureBoxes.Apply(icd, image, scale, hasResidual ? ProgressPart.Of(progress, BaseShare, 1 - BaseShare) : null, cancellationToken);
        return image;
    }

    /// <summary>Checks options, and gives what they ask for.</summary>
    private static int ScaleOf(DecompressionOptions? options)
    {
        options?.Check();
        return options?.Scale ?? 1;
    }

    /// <summary>Makes sure that a file is of this codec, and not too large.</summary>
    private void CheckFile(IcdFile icd)
    {
        if (icd.Fingerprint != Fingerprint)
        {
            throw new InvalidFileException(
                "ICD", $"the file needs the codec {icd.Fingerprint}{PretrainedModel.Describe(icd.Fingerprint)}, but this one is {Fingerprint}{PretrainedModel.Describe(Fingerprint)}.", 2);
        }

        if (!_codec.TakesAllBoxes && icd.Boxes.FirstOrDefault(box => box.Kind is IcdBox.Residual or IcdBox.Turn) is { } strange)
        {
            throw new InvalidFileException("ICD", $"there is a box {strange.Name}, which no file of this codec has.");
        }

        if (!Takes(icd.Width, icd.Height))
        {
            throw new InvalidFileException(
                "ICD",
                $"the picture is declared as {icd.Width}×{icd.Height}, which in whole blocks of {_codec.Stride} is more than the {MaxPixelCount} pixels that are taken.");
        }
    }

    /// <summary>Checks options, so that contradictory ones, and targets that the codec has no way to, are found before any work.</summary>
    internal void Check(CompressionOptions options)
    {
        options.Check();
        if (options.Level < 1 || options.Level > LevelCount)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Level, $"Level must be 1 to {LevelCount}.");
        }

        string? refusal = options switch
        {
            { MaxError: not null } => _codec.WhyNoResiduals,
            { Ssimulacra2: not null } => _codec.WhyNotSsimulacra2,
            _ => null,
        };
        if (refusal is not null)
        {
            throw new NotSupportedException(refusal);
        }
    }

    /// <summary>Whether files can hold what a decoded picture lacks.</summary>
    private bool TakesResiduals => _codec.WhyNoResiduals is null;

    /// <summary>What counts is the size with its padding: a picture of 1×40,000,000 would become eight or more times as large.</summary>
    internal bool Takes(int width, int height) => PictureTensor.CountPixels(width, height, _codec.Stride) <= MaxPixelCount;

    /// <summary>Spreads qualities over the levels, so that 1 is the lowest, and the last one that does without residuals the highest.</summary>
    private int LevelOf(int quality) =>
        1 + (quality - 1) * (_codec.LevelCount - 1) / ((TakesResiduals ? NearLossless.BestLevelQuality : NearLossless.LosslessQuality) - 1);
}
