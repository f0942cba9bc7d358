using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Compressor;

/// <summary>Analysis transform, latent codec, synthesis transform: one that lacks a transform goes one way only.</summary>
internal sealed class TransformCodec : IPictureCodec
{
    /// <summary>From this effort on, all turns of the picture are looked at: that takes as long as some three rounds of refinement, and on most pictures gains more than they.</summary>
    private const int TurningEffort = 4;

    /// <summary>About what the look at turns is of the whole work, as progress tells it.</summary>
    private const double TurningShare = 0.3;

    /// <summary>Bits that a turn takes in the file.</summary>
    private const int TurnBits = 32;

    private readonly IEncoder? _encoder;
    private readonly IDecoder? _decoder;
    private readonly ILatentCodec _latentCodec;
    private readonly Autoencoder? _model;
    private readonly int _latentChannels;

    /// <summary>Joins stages, which stay their owner's.</summary>
    /// <param name="encoder">The analysis transform; null for a codec that only decodes.</param>
    /// <param name="decoder">The synthesis transform; null for a codec that only encodes.</param>
    /// <param name="latentCodec">What stands between them.</param>
    /// <exception cref="ArgumentException">There is no transform at all, or the stages do not fit each other.</exception>
    public TransformCodec(IEncoder? encoder, IDecoder? decoder, ILatentCodec latentCodec)
    {
        ArgumentNullException.ThrowIfNull(latentCodec);
        (Stride, _latentChannels) = (encoder, decoder) switch
        {
            (null, null) => throw new ArgumentException("A codec needs an encoder, a decoder or both.", nameof(encoder)),
            ({ } way, null) => (way.Stride, way.LatentChannels),
            (null, { } way) => (way.Stride, way.LatentChannels),
            ({ } there, { } back) when (there.Stride, there.LatentChannels) == (back.Stride, back.LatentChannels) => (back.Stride, back.LatentChannels),
            ({ } there, { } back) => throw new ArgumentException(
                $"The encoder has stride {there.Stride} and {there.LatentChannels} latent channels, " +
                $"the decoder stride {back.Stride} and {back.LatentChannels}; they must be the same.",
                nameof(decoder)),
        };
        if (Stride < 1 || _latentChannels < 1)
        {
            throw new ArgumentException($"A transform must have a stride and channels from 1 on, but has {Stride} and {_latentChannels}.", nameof(encoder));
        }

        if (latentCodec.LatentChannels is { } channels && channels != _latentChannels)
        {
            throw new ArgumentException($"The latent codec is for latents of {channels} channels, but the transforms have {_latentChannels}.", nameof(latentCodec));
        }

        if (latentCodec.LevelCount < 1 || latentCodec.DefaultLevel < 1 || latentCodec.DefaultLevel > latentCodec.LevelCount)
        {
            throw new ArgumentException(
                $"A latent codec must have levels from 1 on, one of them the default, but has {latentCodec.LevelCount}, and {latentCodec.DefaultLevel} by default.",
                nameof(latentCodec));
        }

        (_encoder, _decoder, _latentCodec) = (encoder, decoder, latentCodec);
    }

    /// <summary>Takes over a model, which is disposed of with the codec.</summary>
    public TransformCodec(Autoencoder model)
        : this(model.Encoder, model.Decoder, model.LatentCodec) => _model = model;

    public int LevelCount => _latentCodec.LevelCount;

    public int DefaultLevel => _latentCodec.DefaultLevel;

    public int Stride { get; }

    public string? WhyNoResiduals =>
        _encoder is null || _decoder is null ? "This codec goes one way only, so that it can't tell what a decoded picture lacks." : null;

    public ModelCost? Cost => _model is { } model
        ? new ModelCost(model.Architecture, model.ParameterCount, model.EncoderOperationsPerPixel, model.DecoderOperationsPerPixel)
        : null;

    public EncodedPicture Encode(RgbImage image, EncodingRequest request, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        IEncoder encoder = _encoder ?? throw new NotSupportedException("This codec has no encoder; it only decompresses.");
        if (_decoder is null && request.Restores)
        {
            throw new NotSupportedException("A target of PSNR or SSIMULACRA2, or the picture that will come out, needs a decoder; this codec has none, it only compresses.");
        }

        PictureTurn turn = default;
        if (_model?.Refinement is { } refinement && request.Effort >= TurningEffort)
        {
            turn = FindTurn(encoder, refinement, image, request.Level ?? DefaultLevel, ProgressPart.Of(progress, 0, TurningShare), cancellationToken);
            progress = ProgressPart.Of(progress, TurningShare, 1 - TurningShare);
        }

        RgbImage seen = turn.Apply(image);
        using LatentAttempts attempts = new(
            _latentCodec, _model?.Refinement, _decoder, seen, turn, LatentShape(seen.Width, seen.Height), request, progress, cancellationToken);
        encoder.Encode(seen, attempts.Latent, attempts.Progress, cancellationToken);
        EncodedPicture result = request switch
        {
            { Length: { } length } => RateSearch.ForLength(attempts, length),
            { Psnr: { } psnr } => RateSearch.ForPsnr(attempts, psnr),
            { Ssimulacra2: { } score } => RateSearch.ForSsimulacra2(attempts, score),
            _ => attempts.Run(request.Level ?? DefaultLevel),
        };
        attempts.Progress?.Finish();
        return result;
    }

    public RgbImage Decode(ReadOnlySpan<byte> body, int width, int height, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        IDecoder decoder = _decoder ?? throw new NotSupportedException("This codec has no decoder; it only compresses.");
        TensorShape latentShape = LatentShape(width, height);
        using NativeFloats latent = new(latentShape.Length);
        _latentCodec.Decode(body, latentShape, latent.Span, cancellationToken);
        RgbImage image = new(width, height);
        decoder.Decode(latent.Span, image, progress, cancellationToken);
        return image;
    }

    public RgbImage? ReconstructWithoutQuantization(RgbImage image, int level, CancellationToken cancellationToken)
    {
        if (_encoder is null || _decoder is null)
        {
            return null;
        }

        float[] latent = new float[LatentShape(image.Width, image.Height).Length];
        _encoder.Encode(image, latent, null, cancellationToken);
        _model?.Network.SkipQuantization(latent, level);
        RgbImage restored = new(image.Width, image.Height);
        _decoder.Decode(latent, restored, null, cancellationToken);
        return restored;
    }

    public void Dispose() => _model?.Dispose();

    /// <summary>The turn of which bits and error together are least, before anything is refined.</summary>
    private PictureTurn FindTurn(
        IEncoder encoder, ILatentRefinement refinement, RgbImage image, int level, ProgressPart? progress, CancellationToken cancellationToken)
    {
        PictureTurn best = default;
        double least = double.PositiveInfinity;
        for (int code = 0; code < PictureTurn.Count; code++)
        {
            PictureTurn turn = new(code);
            RgbImage seen = turn.Apply(image);
            TensorShape shape = LatentShape(seen.Width, seen.Height);
            using NativeFloats latent = new(shape.Length);
            encoder.Encode(seen, latent.Span, null, cancellationToken);
            double cost = refinement.Cost(seen, latent.Span, shape, level, cancellationToken) + (turn == default ? 0 : TurnBits);
            if (cost < least)
            {
                (best, least) = (turn, cost);
            }

            progress?.Report((code + 1.0) / PictureTurn.Count);
        }

        return best;
    }

    private TensorShape LatentShape(int width, int height) => TensorShape.OfLatent(width, height, Stride, _latentChannels);
}
