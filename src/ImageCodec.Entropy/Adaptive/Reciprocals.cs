namespace ImageCodec.Entropy.Adaptive;

/// <summary>
/// Division by the total of the adaptive model as one multiplication and a shift.
/// </summary>
/// <remarks>
/// For every total d ≤ 2^14 and n = range · count with range below 2^15 and count ≤ d, floor(n / d) = (n · m) >> 49 with
/// m = floor(2^49 / d) + 1: m is above 2^49 / d by at most 1, so n · m / 2^49 is above n / d by at most n / 2^49 &lt; 2^-20, less
/// than the 1 / d that would reach the next integer. The product stays below 2^64, and as the quotient is its upper 15 bits,
/// the product's leading zeros are the places by which a range of that size must shift to reach 2^14.
/// </remarks>
internal static class Reciprocals
{
    /// <summary>The shift that belongs to <see cref="Table"/>.</summary>
    public const int Shift = 49;

    /// <summary>m for each total, at the index of the total.</summary>
    public static readonly ulong[] Table = Build();

    private static ulong[] Build()
    {
        ulong[] table = new ulong[AdaptiveModel.MaxTotal + 1];
        for (uint d = 1; d < table.Length; d++)
        {
            table[d] = ((1UL << Shift) / d) + 1;
        }

        return table;
    }
}
