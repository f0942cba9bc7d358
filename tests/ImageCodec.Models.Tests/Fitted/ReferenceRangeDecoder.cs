namespace ImageCodec.Models.Tests.Fitted;

/// <summary>A range decoder and the values of Laplace distributions, as docs/format.md says it; shares no code with the library.</summary>
internal sealed class ReferenceRangeDecoder(byte[] source)
{
    private ulong _range = 0xFFFFFFFF;
    private ulong _code = (ulong)At(source, 0) << 24 | (ulong)At(source, 1) << 16 | (ulong)At(source, 2) << 8 | At(source, 3);

    public int Position { get; private set; } = 4;

    /// <summary>Of 65536, rounded and limited.</summary>
    public static int Round(double probability) => (int)Math.Min(65532, Math.Max(4, Math.Floor(probability * 65536 + 0.5)));

    public static double OtherProbability(int f, double b) => 0.5 * Math.Exp(-(0.5 - f / 16.0) / b) + 0.5 * Math.Exp(-(0.5 + f / 16.0) / b);

    public static double AboveProbability(int f, double b) => 1 / (1 + Math.Exp(-2 * (f / 16.0) / b));

    public static double LowBitProbability(int bit, double b) => Math.Exp(-Math.Pow(2, bit) / b) / (1 + Math.Exp(-Math.Pow(2, bit) / b));

    public static double GoOnProbability(int lowBits, double b) => Math.Exp(-Math.Pow(2, lowBits) / b);

    public bool Bit(int probability)
    {
        ulong bound = _range / 65536 * (ulong)probability;
        bool bit = _code < bound;
        if (!bit)
        {
            _code -= bound;
        }

        _range = bit ? bound : _range - bound;
        while (_range < 1 << 24)
        {
            _range *= 256;
            _code = _code * 256 + At(source, Position++);
        }

        return bit;
    }

    public int Plain(int bits)
    {
        int number = 0;
        for (int i = 0; i < bits; i++)
        {
            number = number * 2 + (Bit(32768) ? 1 : 0);
        }

        return number;
    }

    public int Value(int m, int f, int i)
    {
        double b = Math.Pow(2, (i - 36) / 8.0);
        if (!Bit(Round(OtherProbability(f, b))))
        {
            return m;
        }

        bool above = Bit(Round(AboveProbability(f, b)));
        int lowBits = i < 36 ? 0 : (i - 36) / 8;
        int n = 0;
        for (int t = lowBits - 1; t >= 0; t--)
        {
            n += Bit(Round(LowBitProbability(t, b))) ? 1 << t : 0;
        }

        for (; ; n += 1 << lowBits)
        {
            int q = above ? m + n + 1 : m - n - 1;
            if (q is < -511 or > 511)
            {
                throw new InvalidDataException("out of range");
            }

            if (!Bit(Round(GoOnProbability(lowBits, b))))
            {
                return q;
            }
        }
    }

    private static byte At(byte[] source, int position) => position < source.Length ? source[position] : (byte)0;
}
