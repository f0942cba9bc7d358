namespace ImageCodec.Entropy;

/// <summary>
/// The few functions that tables are built with, from IEEE 754 addition, multiplication and division alone: the same bits on
/// every machine, which the C runtime's own functions do not promise.
/// </summary>
internal static class DeterministicMath
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double SqrtPi = 1.7724538509055160273;

    /// <summary>e^x for finite x, to a few units in the last place; 0 below the smallest normal number, infinity above the largest.</summary>
    public static double Exp(double x)
    {
        if (x < -708)
        {
            return 0;
        }

        if (x > 709)
        {
            return double.PositiveInfinity;
        }

        // x = n · ln 2 + r, |r| ≤ ln 2 / 2; ln 2 in two parts so that r is exact enough.
        double n = Math.Round(x / (Ln2High + Ln2Low));
        double r = (x - (n * Ln2High)) - (n * Ln2Low);
        double sum = 1;
        for (int i = 16; i > 0; i--)
        {
            sum = 1 + (sum * r / i);
        }

        return sum * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }

    /// <summary>The natural logarithm of a positive normal number, to about 1e-15.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        double exponent = (bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);

        // ln m = 2 · (t + t^3 / 3 + t^5 / 5 …) with t = (m - 1) / (m + 1) ≤ 1/3.
        double t = (mantissa - 1) / (mantissa + 1);
        double sum = 0;
        for (int i = 41; i > 0; i -= 2)
        {
            sum = (1.0 / i) + (sum * t * t);
        }

        return (exponent * Ln2High) + ((exponent * Ln2Low) + (2 * t * sum));
    }

    /// <summary>The part of the normal distribution above x ≥ 0: erfc(x / √2) / 2, with a relative error of about 1e-13.</summary>
    public static double NormalTail(double x)
    {
        double z = x / 1.4142135623730950488;
        double density = Exp(-z * z);
        if (z < 2.5)
        {
            // erf z = 2 / √π · e^(-z²) · (z + 2 z³ / 3 + 4 z^5 / 15 + …), all terms positive.
            double term = z;
            double sum = z;
            for (int i = 1; i < 80; i++)
            {
                term = term * 2 * z * z / ((2 * i) + 1);
                sum += term;
            }

            return 0.5 - (density * sum / SqrtPi);
        }

        // The continued fraction of erfc: e^(-z²) / √π / (z + (1/2) / (z + 1 / (z + (3/2) / (z + …)))).
        double fraction = z;
        for (int i = 80; i > 0; i--)
        {
            fraction = z + (0.5 * i / fraction);
        }

        return 0.5 * density / (SqrtPi * fraction);
    }
}
