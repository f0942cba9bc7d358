using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Compressor;

/// <summary>A picture's latent, and its coding at one level or another. Used by one thread.</summary>
internal sealed class LatentAttempts : IDisposable
{
    private readonly ILatentCodec _codec;
    private readonly ILatentRefinement? _refinement;
    private readonly IDecoder? _decoder;
    private readonly RgbImage _seen;
    private readonly PictureTurn _turn;
    private readonly EncodingRequest _request;
    private readonly TensorShape _shape;
    private readonly CancellationToken _cancellationToken;
    private readonly NativeFloats _latent;
    private readonly NativeFloats? _decoded;

    /// <summary>Makes room for the latent.</summary>
    /// <param name="codec">What codes it.</param>
    /// <param name="refinement">What effort is spent on; null where there is nothing to refine.</param>
    /// <param name="decoder">The synthesis transform, where the picture that comes out is wanted.</param>
    /// <param name="seen">The picture as the transforms see it.</param>
    /// <param name="turn">How they see it.</param>
    /// <param name="shape">The latent's shape.</param>
    /// <param name="request">What the body should be like.</param>
    /// <param name="progress">Told the part that is done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public LatentAttempts(
        ILatentCodec codec,
        ILatentRefinement? refinement,
        IDecoder? decoder,
        RgbImage seen,
        PictureTurn turn,
        TensorShape shape,
        EncodingRequest request,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        (_codec, _decoder, _seen, _turn, _shape, _request, _cancellationToken) = (codec, decoder, seen, turn, shape, request, cancellationToken);
        bool refines = refinement is not null && request.Effort > 0;
        bool restores = request.Restores;
        _refinement = refines ? refinement : null;
        _latent = new NativeFloats(shape.Length);
        _decoded = restores ? new NativeFloats(shape.Length) : null;

        if (progress is not null)
        {
            int partsEach = (refines ? 1 : 0) + (restores ? 1 : 0);
            Progress = new WorkProgress(progress, 1 + partsEach * RateSearch.CountAttempts(request, codec.LevelCount));
        }
    }

    /// <summary>What the analysis transform fills in first.</summary>
    public Span<float> Latent => _latent.Span;

    /// <summary>Told of the analysis, and then of each attempt.</summary>
    public WorkProgress? Progress { get; }

    public int LevelCount => _codec.LevelCount;

    public int DefaultLevel => _codec.DefaultLevel;

    /// <summary>Encodes the latent, refined where effort is asked for, and restores the picture where it is wanted.</summary>
    public EncodedPicture Run(int level)
    {
        ArrayBufferWriter<byte> body = new();
        Span<float> decoded = _decoded is null ? [] : _decoded.Span;
        if (_refinement is null)
        {
            _codec.Encode(Latent, _shape, level, body, decoded, _cancellationToken);
        }
        else
        {
            _refinement.Encode(_seen, Latent, _shape, level, _request.Effort, body, decoded, Progress, _cancellationToken);
        }

        if (decoded.IsEmpty)
        {
            return new EncodedPicture(body.WrittenMemory, level, null, _turn);
        }

        RgbImage restored = new(_seen.Width, _seen.Height);
        _decoder!.Decode(decoded, restored, Progress, _cancellationToken);
        return new EncodedPicture(body.WrittenMemory, level, _turn.Undo(restored), _turn);
    }

    /// <summary>The level whose body comes near a length, in bytes.</summary>
    public int FindLevel(double length) => _codec.FindLevel(Latent, _shape, length, _cancellationToken);

    /// <summary>The PSNR of an attempt, in dB; the same on every machine, so that a search for one is.</summary>
    public double Psnr(EncodedPicture attempt) => Psnr(attempt, _request);

    /// <summary>The PSNR of a picture that was encoded, in dB; the same on every machine.</summary>
    public static double Psnr(EncodedPicture encoded, EncodingRequest request)
    {
        (RgbImage original, RgbImage restored) = request.Show!(encoded.Reconstruction!);
        return PsnrOf(Metrics.Mse(original, restored));
    }

    /// <summary>The PSNR of a mean squared error in 8-bit levels, in dB; the same on every machine.</summary>
    public static double PsnrOf(double squaredError)
    {
        const double DecibelsPerNeper = 4.3429448190325182;
        return squaredError == 0 ? double.PositiveInfinity : DecibelsPerNeper * DeterministicMath.Log(255.0 * 255.0 / squaredError);
    }

    /// <summary>The score of an attempt by SSIMULACRA2; the same on every machine too.</summary>
    public double Ssimulacra2(EncodedPicture attempt)
    {
        (RgbImage original, RgbImage restored) = _request.Show!(attempt.Reconstruction!);
        return Ssimulacra2Engine.ToScore(
            Ssimulacra2Engine.Difference(original, restored), (number, power) => DeterministicMath.Exp(power * DeterministicMath.Log(number)));
    }

    public void Dispose()
    {
        _latent.Dispose();
        _decoded?.Dispose();
    }
}
