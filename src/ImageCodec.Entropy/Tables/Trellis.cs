namespace ImageCodec.Entropy.Tables;

/// <summary>
/// The states of trellis-coded quantisation (Marcellin and Fischer, 1990), with the code of 32 states of Ungerboeck (1982): which of two quantisers a value
/// has hangs on the parities of values before it. With q for the quantiser of a value and k for what is coded of it, q(i) is q(i − 2) + q(i − 5) + k(i − 3), modulo 2, all
/// of them 0 before the first value.
/// </summary>
/// <remarks>
/// A state has five bits, the highest of which is the quantiser: the lower ones are what is known already of those of the next four values. A set of tables
/// with twins (<see cref="FrequencyTableSet.TwinCount"/>) gives each such value a table for either quantiser.
/// </remarks>
internal static class Trellis
{
    /// <summary>The number of states; a path begins in state 0.</summary>
    public const int StateCount = 32;

    /// <summary>The bits that a quantiser 1 changes in the next state.</summary>
    public const int QuantizerTaps = 0b01001;

    /// <summary>The bits that an odd value changes in the next state.</summary>
    public const int ParityTaps = 0b00100;

    /// <summary>Bits below the quantiser's.</summary>
    public const int QuantizerShift = 4;

    /// <summary>The quantiser of the next value, 0 or 1.</summary>
    public static int QuantizerOf(int state) => state >> QuantizerShift;

    /// <summary>The state after a value.</summary>
    public static int Next(int state, int value) =>
        ((state << 1) & (StateCount - 1)) ^ (QuantizerOf(state) * QuantizerTaps) ^ ((value & 1) * ParityTaps);
}
