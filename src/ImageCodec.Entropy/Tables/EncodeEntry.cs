using System.Numerics;
using System.Runtime.InteropServices;

namespace ImageCodec.Entropy.Tables;

/// <summary>
/// What coding a value takes. The state x becomes (x / f) · 2^16 + x mod f + start, which is x + start + (x / f) · (2^16 - f).
/// </summary>
/// <remarks>
/// The quotient is the upper half of x · Reciprocal, shifted down. With k such that 2^(k-1) &lt; f ≤ 2^k the reciprocal is
/// 2^(63+k) / f rounded up, and the shift k - 1: for x below 2^63 the error x · f / 2^(63+k) stays below the
/// 1 that would matter (Alverson 1991; the use in rANS is Giesen's). The frequency 1 would need the shift -1; there the
/// reciprocal 2^64 - 1 gives x - 1 for x ≥ 1, and Offset makes up for it.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct EncodeEntry
{
    public readonly ulong Reciprocal;

    /// <summary>What is added to x: the start of the value's slots, for the frequency 1 with 2^16 - 1 on top.</summary>
    public readonly int Offset;

    /// <summary>Frequency in the lower 16 bits, the quotient's shift above them.</summary>
    public readonly uint FrequencyAndShift;

    public EncodeEntry(int start, int frequency)
    {
        if (frequency == 1)
        {
            Reciprocal = ulong.MaxValue;
            Offset = start + FrequencyTable.Total - 1;
            FrequencyAndShift = 1;
            return;
        }

        int bits = BitOperations.Log2((uint)frequency - 1) + 1;
        Reciprocal = (ulong)(((UInt128.One << (63 + bits)) + (uint)(frequency - 1)) / (uint)frequency);
        Offset = start;
        FrequencyAndShift = (uint)frequency | ((uint)(bits - 1) << 16);
    }
}
