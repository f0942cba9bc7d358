namespace ImageCodec.Entropy.Context;

/// <summary>
/// The logistic function and its inverse in integers. The tables come of multiplications and divisions of doubles alone, which
/// every machine rounds alike.
/// </summary>
internal static class LogisticFunction
{
    /// <summary>Largest magnitude of a stretched probability: just under 8, at 256 to the unit.</summary>
    public const int MaxStretch = 2047;

    private const int One = 1 << BinaryRangeEncoder.ProbabilityBits;

    // e^(1/256).
    private const double Step = 1.0039138893383475734;

    private static readonly ushort[] SquashTable = CreateSquash();
    private static readonly short[] StretchTable = CreateStretch();

    /// <summary>65536 / (1 + e^(−x / 256)), within 1 … 65535.</summary>
    public static int Squash(int x) => SquashTable[Math.Clamp(x, -MaxStretch, MaxStretch) + MaxStretch];

    /// <summary>256 · ln(p / (1 − p)) for a probability of 16 bits, looked up by its leading 12.</summary>
    public static int Stretch(int probability) => StretchTable[probability >> 4];

    private static ushort[] CreateSquash()
    {
        ushort[] table = new ushort[2 * MaxStretch + 1];
        double power = 1;
        for (int x = 0; x <= MaxStretch; x++, power *= Step)
        {
            int value = (int)(One * (power / (1 + power)) + 0.5);
            table[MaxStretch + x] = (ushort)Math.Min(value, One - 1);
            table[MaxStretch - x] = (ushort)Math.Max(One - value, 1);
        }

        return table;
    }

    /// <summary>For each twelve bits the x whose squashed value comes nearest to their middle.</summary>
    private static short[] CreateStretch()
    {
        short[] table = new short[4096];
        int x = -MaxStretch;
        for (int i = 0; i < table.Length; i++)
        {
            int middle = (i << 4) + 8;
            while (x < MaxStretch && Math.Abs(Squash(x + 1) - middle) <= Math.Abs(Squash(x) - middle))
            {
                x++;
            }

            table[i] = (short)x;
        }

        return table;
    }
}
