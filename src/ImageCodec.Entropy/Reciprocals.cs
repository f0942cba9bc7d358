namespace ImageCodec.Entropy;

/// <summary>
/// Division by the total of the adaptive model as one multiplication and a shift.
/// </summary>
/// <remarks>
/// For every total d and every n below 2^29, floor(n / d) = (n · m) >> 43 with m = floor(2^43 / d) + 1: m is above 2^43 / d by
/// at most 1, so n · m / 2^43 is above n / d by at most n / 2^43 &lt; 2^-14 ≤ 1 / d, too little to reach the next integer.
/// The coder's products range · count stay below 2^15 · 2^14 = 2^29, and as count ≤ d the product with m stays below 2^59.
/// </remarks>
internal static class Reciprocals
{
    /// <summary>The shift that belongs to <see cref="Table"/>.</summary>
    public const int Shift = 43;

    /// <summary>m for each total, at the index of the total. Pinned for good, so that kernels may keep its address.</summary>
    public static readonly ulong[] Table = Build();

    private static ulong[] Build()
    {
        ulong[] table = GC.AllocateUninitializedArray<ulong>(AdaptiveModel.MaxTotal + 1, pinned: true);
        table[0] = 0;
        for (uint d = 1; d < table.Length; d++)
        {
            table[d] = ((1UL << Shift) / d) + 1;
        }

        return table;
    }
}
