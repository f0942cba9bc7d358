namespace ImageCodec.Models.Compressor;

/// <summary>From a length or a PSNR to the level that gives it.</summary>
internal static class RateSearch
{
    /// <summary>Of so few levels all are tried where a PSNR is asked for.</summary>
    private const int MaxLevelsToTry = 8;

    private const int MostAttemptsForLength = 3;

    private const int MostAttemptsForPsnr = 6;

    /// <summary>A length is near enough within this share: about what half a level makes, where they are many.</summary>
    private const double LengthTolerance = 0.01;

    /// <summary>A PSNR is near enough within so many dB: about what half a level makes, where they are many.</summary>
    private const double PsnrTolerance = 0.03;

    /// <summary>About how far the first level is from the last one, in dB.</summary>
    private const double UsualRange = 13;

    /// <summary>The most attempts that a request takes.</summary>
    public static int MostAttempts(EncodingRequest request, int levelCount) => request switch
    {
        { Length: not null } => MostAttemptsForLength,
        { Psnr: not null } => levelCount <= MaxLevelsToTry ? levelCount : MostAttemptsForPsnr,
        _ => 1,
    };

    /// <summary>Comes near a length. The codec tells a level; by what that really gives the next guess is corrected.</summary>
    public static EncodedPicture ForLength(LatentAttempts attempts, double length)
    {
        Best best = new(length);
        double goal = length;
        for (int i = 0; i < MostAttemptsForLength; i++)
        {
            int level = attempts.FindLevel(goal);
            if (best.HasTried(level))
            {
                break;
            }

            EncodedPicture attempt = attempts.Run(level);
            if (best.Take(attempt, attempt.Body.Length) <= LengthTolerance * length)
            {
                break;
            }

            goal *= length / attempt.Body.Length;
        }

        return best.Attempt!;
    }

    /// <summary>Comes near a PSNR: by interpolation, which takes it for a nearly straight line over the levels.</summary>
    public static EncodedPicture ForPsnr(LatentAttempts attempts, double psnr)
    {
        Best best = new(psnr);
        if (attempts.LevelCount <= MaxLevelsToTry)
        {
            for (int level = 1; level <= attempts.LevelCount; level++)
            {
                EncodedPicture attempt = attempts.Run(level);
                best.Take(attempt, attempts.Psnr(attempt));
            }

            return best.Attempt!;
        }

        double slope = UsualRange / attempts.LevelCount;
        (int Level, double Psnr) low = (0, double.NaN);
        (int Level, double Psnr) high = (attempts.LevelCount + 1, double.NaN);
        int next = attempts.DefaultLevel;
        for (int i = 0; i < MostAttemptsForPsnr && low.Level < next && next < high.Level; i++)
        {
            EncodedPicture attempt = attempts.Run(next);
            double found = attempts.Psnr(attempt);
            if (best.Take(attempt, found) <= PsnrTolerance)
            {
                break;
            }

            (low, high) = found < psnr ? ((next, found), high) : (low, (next, found));
            double exact = double.IsFinite(high.Psnr - low.Psnr)
                ? low.Level + (psnr - low.Psnr) / (high.Psnr - low.Psnr) * (high.Level - low.Level)
                : next + (psnr - found) / slope;
            next = (int)Math.Round(Math.Clamp(exact, low.Level + 1, Math.Max(low.Level + 1, high.Level - 1)));
        }

        return best.Attempt!;
    }

    /// <summary>The attempt that came nearest.</summary>
    private sealed class Best(double target)
    {
        private readonly HashSet<int> _tried = [];
        private double _distance = double.PositiveInfinity;

        public EncodedPicture? Attempt { get; private set; }

        public bool HasTried(int level) => _tried.Contains(level);

        /// <returns>How far an attempt's figure is from the target.</returns>
        public double Take(EncodedPicture attempt, double figure)
        {
            _tried.Add(attempt.Level);
            double distance = Math.Abs(figure - target);
            if (Attempt is null || distance < _distance)
            {
                (Attempt, _distance) = (attempt, distance);
            }

            return distance;
        }
    }
}
