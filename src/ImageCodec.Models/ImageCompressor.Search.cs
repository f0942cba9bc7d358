using System.Buffers;
using ImageCodec.Models;

namespace ImageCodec;

/// <content>From what a file should be like to the rate setting that gives it.</content>
public sealed partial class ImageCompressor
{
    /// <summary>Of so few settings all are tried.</summary>
    private const int MaxSettingsToTry = 8;

    /// <summary>Refined files differ from plain ones by a few percent; the setting is looked for this far around the one that fits without.</summary>
    private const int RefinedReach = 15;

    /// <summary>What spends effort on a latent; null for codecs that have nothing to refine.</summary>
    internal LatentRefinement? Refinement { get; init; }

    private Candidate Compress(
        RgbImage image, CompressionOptions options, bool needsReconstruction, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(image);
        options.Check();
        if (!Takes(image.Width, image.Height))
        {
            throw new ArgumentException(
                $"The picture of {image.Width}×{image.Height} has in whole blocks of {_encoder.Stride} more than the {MaxPixelCount} pixels that are taken.",
                nameof(image));
        }

        TensorShape latentShape = TransformArguments.LatentShape(_encoder, PictureTensor.Shape(image.Width, image.Height, _encoder.Stride));
        int effort = Refinement is null ? 0 : options.Effort;
        float[] rented = ArrayPool<float>.Shared.Rent(latentShape.Length);
        float[] refined = effort == 0 ? [] : ArrayPool<float>.Shared.Rent(latentShape.Length);
        try
        {
            Memory<float> latent = rented.AsMemory(0, latentShape.Length);
            needsReconstruction |= options.Psnr is not null;
            WorkProgress? parts = progress is null ? null : new WorkProgress(progress, CountParts(options, needsReconstruction, effort > 0));
            Analyse(image, latent.Span, parts, cancellationToken);
            Candidate TryWith(int level, int effort)
            {
                ReadOnlySpan<float> coded = latent.Span;
                if (effort > 0)
                {
                    Span<float> better = refined.AsSpan(0, latentShape.Length);
                    coded.CopyTo(better);
                    Refinement!.Run(image, better, latentShape, level, effort, parts, cancellationToken);
                    coded = better;
                }

                ArrayBufferWriter<byte> body = new();
                _latentCodec.Encode(coded, latentShape, level, body, cancellationToken);
                byte[] file = IcdFile.Write(Fingerprint, image.Width, image.Height, body.WrittenSpan);
                return new Candidate(file, level, needsReconstruction ? Decompress(file, parts, cancellationToken) : null);
            }

            Candidate Search(Func<Candidate, double> figure, double target)
            {
                Candidate plain = Nearest(1, _latentCodec.LevelCount, level => TryWith(level, 0), figure, target);
                return effort == 0 ? plain : Nearest(
                    Math.Max(1, plain.Level - RefinedReach),
                    Math.Min(_latentCodec.LevelCount, plain.Level + RefinedReach),
                    level => TryWith(level, effort),
                    figure,
                    target);
            }

            Candidate result = options switch
            {
                { BitsPerPixel: { } bits } => Search(c => Metrics.BitsPerPixel(c.File.Length, image.Width, image.Height), bits),
                { Psnr: { } psnr } => Search(c => Metrics.Psnr(image, c.Reconstruction!), psnr),
                { Quality: { } quality } => TryWith(LevelOf(quality), effort),
                { Level: { } level } => TryWith(level, effort),
                _ => TryWith(_defaultLevel, effort),
            };
            parts?.Finish();
            return result;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
            if (refined.Length > 0)
            {
                ArrayPool<float>.Shared.Return(refined);
            }
        }
    }

    /// <summary>The setting whose figure comes nearest to a target: of a few settings all are tried, among many they are found by bisection.</summary>
    private static Candidate Nearest(int low, int high, Func<int, Candidate> attempt, Func<Candidate, double> figure, double target)
    {
        bool triesAll = high - low < MaxSettingsToTry;
        (Candidate Candidate, double Distance)? best = null;
        while (low <= high)
        {
            Candidate candidate = attempt(triesAll ? low : (low + high) / 2);
            double difference = figure(candidate) - target;
            if (best is null || Math.Abs(difference) < best.Value.Distance)
            {
                best = (candidate, Math.Abs(difference));
            }

            (low, high) = triesAll || difference < 0 ? (candidate.Level + 1, high) : (low, candidate.Level - 1);
        }

        return best!.Value.Candidate;
    }

    /// <summary>Parts of the work that tell their progress, at most: the analysis, and for each setting tried its refinement and its decoding.</summary>
    private int CountParts(CompressionOptions options, bool needsReconstruction, bool refines)
    {
        bool searches = options.BitsPerPixel is not null || options.Psnr is not null;
        int settings = _latentCodec.LevelCount <= MaxSettingsToTry ? _latentCodec.LevelCount : 1 + (int)Math.Log2(_latentCodec.LevelCount);
        int refinedSettings = searches ? 1 + (int)Math.Log2(2 * RefinedReach + 1) : 1;
        int plain = searches ? settings : refines ? 0 : 1;
        int refined = refines ? refinedSettings : 0;
        return 1 + refined + (needsReconstruction ? plain + refined : 0);
    }

    /// <summary>Spreads 1 … 100 over the settings, so that 1 is the lowest and 100 the highest.</summary>
    private int LevelOf(int quality) => 1 + (quality - 1) * (_latentCodec.LevelCount - 1) / 99;

    /// <summary>A file that may become the result.</summary>
    private sealed record Candidate(byte[] File, int Level, RgbImage? Reconstruction);
}
