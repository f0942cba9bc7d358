namespace ImageCodec.Models;

/// <summary>
/// The b-bit uniform quantiser, b = 1 … 8: the range of each picture's latent is cut into 2^b equal cells, and a symbol stands for the
/// centre of its cell. The range is [0, m] or, signed, [−m, m], with m the largest magnitude in the latent.
/// </summary>
/// <remarks>
/// Two bytes of side information hold b − 1 in 3 bits and m in 13: a binary exponent of 5 bits and the 8 leading bits of the
/// mantissa, rounded to nearest, so m is kept within 0.2 %. Safe to use from several threads at once.
/// </remarks>
public sealed class UniformQuantizer : IQuantizer
{
    private const int MantissaBits = 8;
    private const int RangeBits = 5 + MantissaBits;
    private const int SideInformationLength = 2;

    // The smallest exponent kept: code 1 stands for 2^MinExponent, code 0 for a latent of zeros.
    private const int MinExponent = -16;

    private readonly bool _signed;

    /// <summary>Makes the quantiser.</summary>
    /// <param name="isSigned">Whether latents have values below zero; without it those are quantised as zero.</param>
    public UniformQuantizer(bool isSigned = false) => _signed = isSigned;

    /// <summary>Settings are bits a symbol, 1 … 8.</summary>
    public int LevelCount => 8;

    /// <inheritdoc/>
    public int GetSideInformationLength(TensorShape latentShape) => SideInformationLength;

    /// <inheritdoc/>
    public void Quantize(ReadOnlySpan<float> latent, TensorShape latentShape, int level, Span<byte> symbols, Span<byte> sideInformation)
    {
        CheckLengths(latent.Length, latentShape, symbols.Length, sideInformation.Length);
        if (level < 1 || level > LevelCount)
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, $"A symbol has 1 to {LevelCount} bits.");
        }

        float largest = 0;
        foreach (float value in latent)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException("The latent has a value that is not finite; the encoder's weights are broken.", nameof(latent));
            }

            largest = Math.Max(largest, _signed ? Math.Abs(value) : value);
        }

        int code = RangeToCode(largest);
        float range = CodeToRange(code);
        int cells = 1 << level;
        (float scale, float offset) = (0, 0);
        if (range > 0)
        {
            scale = _signed ? cells / (2 * range) : cells / range;
            offset = _signed ? cells / 2 : 0;
        }

        for (int i = 0; i < latent.Length; i++)
        {
            symbols[i] = (byte)Math.Clamp(latent[i] * scale + offset, 0, cells - 1);
        }

        int packed = ((level - 1) << RangeBits) | code;
        sideInformation[0] = (byte)(packed >> 8);
        sideInformation[1] = (byte)packed;
    }

    /// <inheritdoc/>
    public void Dequantize(ReadOnlySpan<byte> symbols, TensorShape latentShape, ReadOnlySpan<byte> sideInformation, Span<float> latent)
    {
        CheckLengths(latent.Length, latentShape, symbols.Length, sideInformation.Length);
        int packed = (sideInformation[0] << 8) | sideInformation[1];
        int cells = 1 << ((packed >> RangeBits) + 1);
        float range = CodeToRange(packed & ((1 << RangeBits) - 1));

        // A table of the cells' centres; each is one rounded product, the same on every machine.
        Span<float> centres = stackalloc float[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            float centre = (2 * cell + 1) / (2f * cells);
            centres[cell] = range * (_signed ? 2 * centre - 1 : centre);
        }

        for (int i = 0; i < symbols.Length; i++)
        {
            if (symbols[i] >= cells)
            {
                throw new InvalidFileException("ICD", $"symbol {i} is {symbols[i]}, but only symbols below {cells} were written; the payload is damaged.");
            }

            latent[i] = centres[symbols[i]];
        }
    }

    /// <summary>The range that the decoder will know for a latent whose largest magnitude is <paramref name="largest"/>.</summary>
    internal static float RoundRange(float largest) => CodeToRange(RangeToCode(largest));

    private static int RangeToCode(float largest)
    {
        if (largest <= 0)
        {
            return 0;
        }

        // Rounding the bit pattern carries from the mantissa into the exponent as it should.
        const int Dropped = 23 - MantissaBits;
        int rounded = (BitConverter.SingleToInt32Bits(largest) + (1 << (Dropped - 1))) >> Dropped;
        int code = rounded - ((127 + MinExponent) << MantissaBits) + 1;
        return Math.Clamp(code, 1, (1 << RangeBits) - 1);
    }

    private static float CodeToRange(int code) =>
        code == 0 ? 0 : BitConverter.Int32BitsToSingle((code - 1 + ((127 + MinExponent) << MantissaBits)) << (23 - MantissaBits));

    private static void CheckLengths(int latent, TensorShape shape, int symbols, int sideInformation)
    {
        if (latent != shape.Length || symbols != shape.Length)
        {
            throw new ArgumentException($"A latent of {shape} has {shape.Length} values, but {latent} values and {symbols} symbols were given.", nameof(shape));
        }

        if (sideInformation != SideInformationLength)
        {
            throw new ArgumentException($"The side information has {SideInformationLength} bytes, but {sideInformation} were given.", nameof(sideInformation));
        }
    }
}
