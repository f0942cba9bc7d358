namespace ImageCodec.OwnStages;

/// <summary>
/// The cosine transform of 8×8 blocks (Ahmed, Natarajan and Rao, 1974), orthonormal. Coefficients stand by frequency, and for each frequency
/// in three channels: luminance and two colour differences.
/// </summary>
internal static class CosineTransform
{
    public const int Side = 8;
    public const int Channels = 3 * Side * Side;

    /// <summary>
    /// cos(jπ/16) / 2 for j = 0 … 8, written out: the cosine of the platform may differ in its last bit from system to system, and what a decoder
    /// computes must not.
    /// </summary>
    private static readonly float[] HalfCosines =
        [0.5f, 0.490392640f, 0.461939766f, 0.415734806f, 0.353553391f, 0.277785117f, 0.191341716f, 0.0975451610f, 0];

    /// <summary>The basis: entry 8 · frequency + place.</summary>
    private static readonly float[] Basis = [.. Enumerable.Range(0, Side * Side).Select(i => BasisAt(i / Side, i % Side))];

    /// <summary>Transforms a block, place by place or, the other way round, frequency by frequency.</summary>
    /// <param name="values">64 values; replaced.</param>
    /// <param name="isInverse">Whether to go from frequencies to places.</param>
    public static void Apply(Span<float> values, bool isInverse)
    {
        Span<float> half = stackalloc float[Side * Side];
        Pass(values, half, isInverse);
        Pass(half, values, isInverse);
    }

    /// <summary>Transforms rows and turns the block over, so that two passes do rows and columns.</summary>
    private static void Pass(ReadOnlySpan<float> from, Span<float> to, bool isInverse)
    {
        for (int row = 0; row < Side; row++)
        {
            for (int i = 0; i < Side; i++)
            {
                // One sum in one order: the same bits on every machine.
                float sum = 0;
                for (int k = 0; k < Side; k++)
                {
                    sum += from[row * Side + k] * (isInverse ? Basis[k * Side + i] : Basis[i * Side + k]);
                }

                to[i * Side + row] = sum;
            }
        }
    }

    private static float BasisAt(int frequency, int place)
    {
        if (frequency == 0)
        {
            return HalfCosines[4];
        }

        // The cosine has a period of 32 sixteenths of π, and four quarters that mirror the first.
        int j = (2 * place + 1) * frequency % 32;
        return j <= 8 ? HalfCosines[j] : j <= 16 ? -HalfCosines[16 - j] : j <= 24 ? -HalfCosines[j - 16] : HalfCosines[32 - j];
    }
}
