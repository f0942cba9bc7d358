namespace ImageCodec.Models.Fitted;

/// <summary>
/// The probabilities by which values of a Laplace distribution are coded as binary decisions, and what each decision costs. The mean has a whole part
/// and a fraction in sixteenths, −8 … 7; scale number i is 2^((i − 36) / 8).
/// </summary>
internal static class LaplaceTables
{
    /// <summary>The scales there are.</summary>
    public const int Scales = 96;

    /// <summary>The number of the scale 1.</summary>
    public const int UnitScale = 36;

    /// <summary>Scales from one to twice as much.</summary>
    public const int ScalesPerOctave = 8;

    /// <summary>Fractions of the mean.</summary>
    public const int Fractions = 16;

    /// <summary>The largest value, and the smallest with a minus.</summary>
    public const int MaxValue = 511;

    /// <summary>Decisions of a distance for each scale: its low bits, then whether a run goes on.</summary>
    public const int Digits = 8;

    /// <summary>Probability of a plain bit.</summary>
    public const int Half = 32768;

    private const int MinProbability = 4;
    private const int MaxProbability = 65532;

    /// <summary>Probability of a value that is not the mean's whole part, at <see cref="Row"/>.</summary>
    public static ushort[] Other { get; } = FillRows((fraction, scale) =>
        (Math.Exp(-(0.5 - fraction) / scale) + Math.Exp(-(0.5 + fraction) / scale)) / 2);

    /// <summary>Probability that such a value lies above, at <see cref="Row"/>.</summary>
    public static ushort[] Above { get; } = FillRows((fraction, scale) => 1 / (1 + Math.Exp(-2 * fraction / scale)));

    /// <summary>For each scale, <see cref="Digits"/> probabilities: of the low bits from the lowest on, then that the run goes on.</summary>
    public static ushort[] Distance { get; } = FillDistances();

    /// <summary>Where a scale and a fraction stand in the tables.</summary>
    public static int Row(int fraction, int scale) => scale * Fractions + fraction + Fractions / 2;

    /// <summary>How many low bits of a distance are coded one by one.</summary>
    public static int LowBits(int scale) => Math.Max(0, (scale - UnitScale) >> 3);

    private static ushort[] FillRows(Func<double, double, double> probability)
    {
        ushort[] table = new ushort[Scales * Fractions];
        for (int scale = 0; scale < Scales; scale++)
        {
            for (int fraction = -Fractions / 2; fraction < Fractions / 2; fraction++)
            {
                table[Row(fraction, scale)] = Round(probability(fraction / (double)Fractions, Value(scale)));
            }
        }

        return table;
    }

    private static ushort[] FillDistances()
    {
        ushort[] table = new ushort[Scales * Digits];
        for (int scale = 0; scale < Scales; scale++)
        {
            int lowBits = LowBits(scale);
            for (int digit = 0; digit <= lowBits; digit++)
            {
                double odds = Math.Exp(-(1 << digit) / Value(scale));
                table[scale * Digits + digit] = Round(digit < lowBits ? odds / (1 + odds) : odds);
            }
        }

        return table;
    }

    private static double Value(int scale) => Math.Pow(2, (scale - UnitScale) / (double)ScalesPerOctave);

    private static ushort Round(double probability) => (ushort)Math.Clamp(Math.Round(probability * 65536), MinProbability, MaxProbability);
}
