namespace ImageCodec.Models;

/// <summary>
/// The b-bit uniform quantiser, b = 1 … 8: the range of each picture's latent is cut into 2^b equal cells, and a symbol stands for the
/// centre of its cell. The range is [0, m] or, signed, [−m, m], with m the largest magnitude in the latent.
/// </summary>
/// <remarks>
/// Two bytes of side information hold b − 1 in 3 bits and m in 13, rounded to nearest: between 1/4 and 32, where m usually lies,
/// with 10 bits of mantissa, so within 0.05 %; from there down to 2^−18 and up to 2^21 with 5 bits, within 1.6 %. Safe to use
/// from several threads at once.
/// </remarks>
public sealed class UniformQuantizer : IQuantizer
{
    internal const int SideInformationLength = 2;
    internal const int MaxBits = 8;

    private const int RangeBits = 13;

    // Codes rise with the range. Those of each part count bit patterns of floats, cut to the part's mantissa, from its lowest on:
    // 16 octaves of 32 codes, 7 of 1024, 16 of 32. Code 0, which would be the lowest range, stands for a latent of zeros.
    private const int CoarseShift = 23 - 5;
    private const int FineShift = 23 - 10;
    private const int FirstFineCode = 16 << 5;
    private const int LastFineCode = FirstFineCode + (7 << 10);
    private const int LowestBits = (127 - 18) << 23;
    private const int FineBits = (127 - 2) << 23;
    private const int HighBits = (127 + 5) << 23;

    private readonly bool _signed;

    /// <summary>Makes the quantiser.</summary>
    /// <param name="isSigned">Whether latents have values below zero; without it those are quantised as zero.</param>
    public UniformQuantizer(bool isSigned = false) => _signed = isSigned;

    /// <summary>8: a level is the bits of a symbol.</summary>
    public int LevelCount => MaxBits;

    /// <inheritdoc/>
    public int GetSideInformationLength(TensorShape latentShape) => SideInformationLength;

    /// <inheritdoc/>
    public void Quantize(
        ReadOnlySpan<float> latent,
        TensorShape latentShape,
        int level,
        Span<byte> symbols,
        Span<byte> sideInformation,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckLengths(latent.Length, latentShape, symbols.Length, sideInformation.Length, SideInformationLength);
        float largest = 0;
        foreach (float value in latent)
        {
            largest = Math.Max(largest, _signed ? Math.Abs(CheckFinite(value)) : CheckFinite(value));
        }

        float range = WriteHeader(largest, level, sideInformation);
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
    }

    /// <inheritdoc/>
    public void Dequantize(
        ReadOnlySpan<byte> symbols,
        TensorShape latentShape,
        ReadOnlySpan<byte> sideInformation,
        Span<float> latent,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckLengths(latent.Length, latentShape, symbols.Length, sideInformation.Length, SideInformationLength);
        (int cells, float range) = ReadHeader(sideInformation);

        // A table of the cells' centres; each is one rounded product, the same on every machine.
        Span<float> centres = stackalloc float[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            float centre = Centre(cell, cells, 0);
            centres[cell] = range * (_signed ? 2 * centre - 1 : centre);
        }

        for (int i = 0; i < symbols.Length; i++)
        {
            latent[i] = symbols[i] < cells ? centres[symbols[i]] : Centre(symbols[i], cells, i);
        }
    }

    /// <summary>The ranges that a latent without negative values is quantised with.</summary>
    /// <param name="largest">The latent's largest value.</param>
    /// <returns>The range that is cut into cells, and the one that the decoder will know.</returns>
    internal static (float Cut, float Kept) GetRanges(float largest)
    {
        float kept = CodeToRange(RangeToCode(largest));
        return (RangeToCut(largest, kept), kept);
    }

    /// <summary>Writes bits and range.</summary>
    /// <returns>The range to cut into cells.</returns>
    internal static float WriteHeader(float largest, int level, Span<byte> sideInformation)
    {
        if (level is < 1 or > MaxBits)
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, $"A symbol has 1 to {MaxBits} bits.");
        }

        int code = RangeToCode(largest);
        int packed = ((level - 1) << RangeBits) | code;
        sideInformation[0] = (byte)(packed >> 8);
        sideInformation[1] = (byte)packed;
        return RangeToCut(largest, CodeToRange(code));
    }

    /// <summary>Reads what <see cref="WriteHeader"/> wrote: the number of cells and the range.</summary>
    internal static (int Cells, float Range) ReadHeader(ReadOnlySpan<byte> sideInformation)
    {
        int packed = (sideInformation[0] << 8) | sideInformation[1];
        return (1 << ((packed >> RangeBits) + 1), CodeToRange(packed & ((1 << RangeBits) - 1)));
    }

    /// <summary>The centre of a cell of the range [0, 1].</summary>
    /// <exception cref="InvalidFileException">There is no such cell.</exception>
    internal static float Centre(int symbol, int cells, int index) => symbol < cells
        ? (2 * symbol + 1) / (2f * cells)
        : throw new InvalidFileException("ICD", $"symbol {index} is {symbol}, but only symbols below {cells} were written; the payload is damaged.");

    internal static float CheckFinite(float latent) => float.IsFinite(latent)
        ? latent
        : throw new ArgumentException("The latent has a value that is not finite; the encoder's weights are broken.", nameof(latent));

    /// <summary>
    /// The exact range where the kept one is near enough, as the definition has it: cells moved by a hair would move values across
    /// their borders, and that costs more than centres moved by a hair.
    /// </summary>
    private static float RangeToCut(float largest, float kept) => Math.Abs(kept - largest) <= largest / 1024 ? largest : kept;

    private static int RangeToCode(float largest)
    {
        if (largest <= 0)
        {
            return 0;
        }

        // Rounding the bit pattern carries from the mantissa into the exponent as it should.
        int bits = BitConverter.SingleToInt32Bits(largest);
        int code = bits < FineBits ? Steps(LowestBits, CoarseShift)
            : bits < HighBits ? FirstFineCode + Steps(FineBits, FineShift)
            : LastFineCode + Steps(HighBits, CoarseShift);
        return Math.Clamp(code, 1, (1 << RangeBits) - 1);

        int Steps(int from, int shift) => (bits - from + (1 << (shift - 1))) >> shift;
    }

    private static float CodeToRange(int code) => code == 0 ? 0 : BitConverter.Int32BitsToSingle(
        code < FirstFineCode ? LowestBits + (code << CoarseShift)
        : code < LastFineCode ? FineBits + ((code - FirstFineCode) << FineShift)
        : HighBits + ((code - LastFineCode) << CoarseShift));

    internal static void CheckLengths(int latent, TensorShape shape, int symbols, int sideInformation, int sideInformationLength)
    {
        if (!shape.Holds(latent) || symbols != latent)
        {
            throw new ArgumentException($"A latent of {shape} has {shape.ExactLength} values, but {latent} values and {symbols} symbols were given.", nameof(shape));
        }

        if (sideInformation != sideInformationLength)
        {
            throw new ArgumentException($"The side information has {sideInformationLength} bytes, but {sideInformation} were given.", nameof(sideInformation));
        }
    }
}
