using ImageCodec.Entropy;

namespace ImageCodec.Models.Compressor;

/// <summary>From a length, a PSNR or a score of SSIMULACRA2 to the level that gives it, with as few encodings as may be; the same on every machine.</summary>
internal sealed class RateSearch
{
    /// <summary>So few levels are looked at one by one.</summary>
    private const int FewLevels = 8;

    /// <summary>Where levels are many.</summary>
    private const int MaxAttempts = 6;

    /// <summary>A length is near enough within this share: about what a level makes, where they are many.</summary>
    private const double LengthTolerance = 0.015;

    /// <summary>A PSNR is near enough within so many dB: about what a level and a half make, where they are many.</summary>
    private const double PsnrTolerance = 0.08;

    /// <summary>A score is near enough within so many points.</summary>
    private const double Ssimulacra2Tolerance = 0.4;

    /// <summary>About how far the first level is from the last one, in dB and in what makes scores straight.</summary>
    private const double UsualPsnrRange = 13;
    private const double UsualSsimulacra2Range = 2.6;

    /// <summary>About what the default level gives, in dB and in points.</summary>
    private const double UsualPsnr = 31;
    private const double UsualSsimulacra2 = 50;

    private readonly LatentAttempts _attempts;
    private readonly double _target;
    private (int Level, double Figure)? _below;
    private (int Level, double Figure)? _above;
    private EncodedPicture? _best;
    private double _distance = double.PositiveInfinity;

    private RateSearch(LatentAttempts attempts, double target) => (_attempts, _target) = (attempts, target);

    /// <summary>The most attempts that a request takes.</summary>
    public static int CountAttempts(EncodingRequest request, int levelCount) => request switch
    {
        { Length: not null } => levelCount <= FewLevels ? 1 : MaxAttempts,
        { Psnr: not null } or { Ssimulacra2: not null } => levelCount <= FewLevels ? levelCount : MaxAttempts,
        _ => 1,
    };

    /// <summary>Comes near a length: the codec tells a level, and a better one where it was wrong by a factor.</summary>
    public static EncodedPicture ForLength(LatentAttempts attempts, double length)
    {
        RateSearch search = new(attempts, Math.Max(length, 1));
        int first = attempts.FindLevel(length);
        return attempts.LevelCount <= FewLevels
            ? attempts.Run(first)
            : search.Run(
                first, attempt => attempt.Body.Length, (_, found) => attempts.FindLevel(length * length / found), DeterministicMath.Log, LengthTolerance * length);
    }

    /// <summary>Comes near a PSNR, which is nearly a straight line over the levels.</summary>
    public static EncodedPicture ForPsnr(LatentAttempts attempts, double psnr) =>
        new RateSearch(attempts, psnr).ForQuality(attempts.Psnr, value => value, UsualPsnr, UsualPsnrRange, PsnrTolerance);

    /// <summary>Comes near a score of SSIMULACRA2. The logarithm of what it lacks is nearly a straight line over the levels.</summary>
    public static EncodedPicture ForSsimulacra2(LatentAttempts attempts, double score) => new RateSearch(attempts, score).ForQuality(
        attempts.Ssimulacra2, value => -DeterministicMath.Log(Math.Max(100 - value, 0.001)), UsualSsimulacra2, UsualSsimulacra2Range, Ssimulacra2Tolerance);

    /// <summary>Comes near a figure of the picture that comes out.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="straighten">What makes it a nearly straight line over levels.</param>
    /// <param name="usual">About what the default level gives.</param>
    /// <param name="range">About how far the first level is from the last one, straightened.</param>
    /// <param name="tolerance">How near is near enough.</param>
    private EncodedPicture ForQuality(Func<EncodedPicture, double> figure, Func<double, double> straighten, double usual, double range, double tolerance)
    {
        int levelCount = _attempts.LevelCount;
        if (levelCount > FewLevels)
        {
            double slope = range / levelCount;
            return Run(
                (int)Math.Clamp(_attempts.DefaultLevel + LevelsFrom(usual), 1, levelCount),
                figure,
                (attempt, found) => attempt.Level + LevelsFrom(found),
                straighten,
                tolerance);

            double LevelsFrom(double from) => (straighten(_target) - straighten(from)) / slope;
        }

        for (int level = 1; level <= levelCount; level++)
        {
            EncodedPicture attempt = _attempts.Run(level);
            Take(attempt, figure(attempt));
        }

        return _best!;
    }

    /// <summary>Tries levels, each better chosen than the one before.</summary>
    /// <param name="level">The first level.</param>
    /// <param name="figure">What is to come near the target; it rises with the level.</param>
    /// <param name="next">From an attempt and its figure to a better level, as long as all figures are on one side of the target.</param>
    /// <param name="straighten">What makes figures a nearly straight line over levels.</param>
    /// <param name="tolerance">How near is near enough.</param>
    private EncodedPicture Run(
        int level, Func<EncodedPicture, double> figure, Func<EncodedPicture, double, double> next, Func<double, double> straighten, double tolerance)
    {
        (int Level, double Figure)? last = null;
        for (int i = 0; i < MaxAttempts; i++)
        {
            EncodedPicture attempt = _attempts.Run(level);
            double found = figure(attempt);
            if (Take(attempt, found) <= tolerance)
            {
                break;
            }

            // Two levels, on both sides of the target or on one, say more of this picture than any guess.
            double wanted = _below is { } below && _above is { } above ? Through(below, above, straighten)
                : last is { } before ? Through(before, (level, found), straighten)
                : next(attempt, found);
            last = (level, found);
            int lowest = (_below?.Level ?? 0) + 1;
            int highest = (_above?.Level ?? _attempts.LevelCount + 1) - 1;
            if (lowest > highest)
            {
                break;
            }

            level = (int)Math.Round(double.IsNaN(wanted) ? (lowest + highest) / 2.0 : Math.Clamp(wanted, lowest, highest));
        }

        return _best!;
    }

    /// <summary>Where the line through two attempts reaches the target; not a number where they are equal or not finite.</summary>
    private double Through((int Level, double Figure) first, (int Level, double Figure) second, Func<double, double> straighten)
    {
        double part = (straighten(_target) - straighten(first.Figure)) / (straighten(second.Figure) - straighten(first.Figure));
        return double.IsFinite(part) ? first.Level + part * (second.Level - first.Level) : double.NaN;
    }

    /// <summary>Keeps an attempt if none came nearer, and what it says of where the target lies.</summary>
    /// <returns>How far it is from the target.</returns>
    private double Take(EncodedPicture attempt, double figure)
    {
        double distance = Math.Abs(figure - _target);
        if (_best is null || distance < _distance)
        {
            (_best, _distance) = (attempt, distance);
        }

        if (figure < _target)
        {
            _below = (attempt.Level, figure);
        }
        else
        {
            _above = (attempt.Level, figure);
        }

        return distance;
    }
}
