using System.Numerics;
using ImageCodec.Models.Compressor;
using ImageCodec.Models.Fitted.Fitting;

namespace ImageCodec.Models.Fitted;

/// <summary>The codec whose decoder is fitted to each picture and travels in the file.</summary>
internal sealed class FittedCodec : IPictureCodec
{
    /// <summary>The level that is used where none is asked for.</summary>
    public const int UsualLevel = 18;

    private readonly int _maxThreads;

    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    public FittedCodec(int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        _maxThreads = maxThreads;
    }

    public int LevelCount => FittedPriors.Rates;

    public int DefaultLevel => UsualLevel;

    // Nothing is padded, but a row costs something however short it is.
    public int Stride => 16;

    /// <inheritdoc/>
    /// <remarks>Who wants every pixel does not wait for a fit, and decoders elsewhere need not know more than grids.</remarks>
    public string WhyNoResiduals => $"The model «{FittedPriors.ModelName}» keeps nothing exactly; «{PretrainedModel.DefaultName}» does.";

    public bool TakesAllBoxes => false;

    public ModelCost Cost => FittedModel.Cost;

    public string WhyNotSsimulacra2 =>
        $"The model «{FittedPriors.ModelName}» can't come near a score of SSIMULACRA2, as its fit goes by squared error. Set a PSNR, bits per pixel or a quality in its place.";

    public EncodedPicture Encode(RgbImage image, EncodingRequest request, IProgress<double>? progress, CancellationToken cancellationToken) =>
        new FittedEncoder(image, request, _maxThreads, progress, cancellationToken).Encode();

    public RgbImage Decode(ReadOnlySpan<byte> body, int width, int height, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RgbImage image = FittedDecoder.Decode(body, width, height, 0, _maxThreads, cancellationToken: cancellationToken);
        progress?.Report(1);
        return image;
    }

    public RgbImage DecodeScaled(
        ReadOnlySpan<byte> body, bool isPrefix, int width, int height, int scale, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int halvings = BitOperations.Log2((uint)scale);
        RgbImage image = isPrefix
            ? FittedDecoder.DecodePrefix(body, width, height, halvings, _maxThreads, cancellationToken)
            : FittedDecoder.Decode(body, width, height, halvings, _maxThreads, cancellationToken: cancellationToken);
        progress?.Report(1);
        return image;
    }

    public void Dispose()
    {
    }
}
