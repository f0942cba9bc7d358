using System.Numerics;

namespace ImageCodec.Entropy.Tables;

/// <summary>
/// How far outside its table an escaped value lies: 0, 2, 4 … for the first, second, third … value above the table and 1, 3, 5 … for
/// those below. Coded as Elias's gamma code is, but with the length as a 5-bit number: the number of bits of distance + 1 after the
/// leading one, then these bits.
/// </summary>
internal static class EscapeCode
{
    /// <summary>Bits of the length.</summary>
    public const int LengthBits = 5;

    /// <summary>The largest number of bits after the leading one: distances stay below 2 · 2^16.</summary>
    public const int MaxLength = 17;

    /// <summary>The distance of a value that is not in minValue … maxValue.</summary>
    public static int FromValue(int value, int minValue, int maxValue)
        => value > maxValue ? 2 * (value - maxValue - 1) : (2 * (minValue - 1 - value)) + 1;

    /// <summary>The value of a distance; it may lie outside the 16-bit range if the distance is not one of a value.</summary>
    public static int ToValue(int distance, int minValue, int maxValue)
        => (distance & 1) == 0 ? maxValue + 1 + (distance >> 1) : minValue - 1 - (distance >> 1);

    /// <summary>The number of bits after the leading one.</summary>
    public static int GetLength(int distance) => BitOperations.Log2((uint)distance + 1);

    /// <summary>The raw bits that a distance takes.</summary>
    public static int GetBitCount(int distance) => LengthBits + GetLength(distance);
}
