using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Png;

/// <summary>
/// What a PNG filter takes a byte to be, from its neighbours in the pixel to the left, above, and above the left one.
/// The scalar form says what it is; the vector form does the same to 16 bytes.
/// </summary>
internal interface IPredictor
{
    static abstract byte Predict(byte left, byte up, byte upLeft);

    static abstract Vector128<byte> Predict(Vector128<byte> left, Vector128<byte> up, Vector128<byte> upLeft);
}

/// <summary>Filter type 1, Sub.</summary>
internal readonly struct LeftPredictor : IPredictor
{
    public static byte Predict(byte left, byte up, byte upLeft) => left;

    public static Vector128<byte> Predict(Vector128<byte> left, Vector128<byte> up, Vector128<byte> upLeft) => left;
}

/// <summary>Filter type 2, Up.</summary>
internal readonly struct UpPredictor : IPredictor
{
    public static byte Predict(byte left, byte up, byte upLeft) => up;

    public static Vector128<byte> Predict(Vector128<byte> left, Vector128<byte> up, Vector128<byte> upLeft) => up;
}

/// <summary>Filter type 3, Average, rounded down.</summary>
internal readonly struct AveragePredictor : IPredictor
{
    public static byte Predict(byte left, byte up, byte upLeft) => (byte)((left + up) >> 1);

    /// <summary>A sum is twice the common bits and once the others, so half of it never leaves eight bits.</summary>
    public static Vector128<byte> Predict(Vector128<byte> left, Vector128<byte> up, Vector128<byte> upLeft) =>
        (left & up) + ((left ^ up) >>> 1);
}

/// <summary>Filter type 4, Paeth: the neighbour nearest to left + up − upLeft; of equally near ones the first in that order.</summary>
internal readonly struct PaethPredictor : IPredictor
{
    public static byte Predict(byte left, byte up, byte upLeft)
    {
        int toLeft = Math.Abs(up - upLeft);
        int toUp = Math.Abs(left - upLeft);
        int toUpLeft = Math.Abs(left + up - upLeft - upLeft);
        return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
    }

    /// <summary>
    /// All in bytes. The third distance is |(up − upLeft) + (left − upLeft)|: the sum of the other two where both have one sign, else their difference.
    /// Only comparisons with the other two matter, so the sum may saturate.
    /// </summary>
    public static Vector128<byte> Predict(Vector128<byte> left, Vector128<byte> up, Vector128<byte> upLeft)
    {
        Vector128<byte> toLeft = Distance(up, upLeft);
        Vector128<byte> toUp = Distance(left, upLeft);
        Vector128<byte> oneSign = Vector128.Equals(
            Vector128.GreaterThanOrEqual(up, upLeft), Vector128.GreaterThanOrEqual(left, upLeft));
        Vector128<byte> toUpLeft = Vector128.ConditionalSelect(oneSign, Vector128.AddSaturate(toLeft, toUp), Distance(toLeft, toUp));
        Vector128<byte> upOrUpLeft = Vector128.ConditionalSelect(Vector128.LessThanOrEqual(toUp, toUpLeft), up, upLeft);
        return Vector128.ConditionalSelect(
            Vector128.LessThanOrEqual(toLeft, Vector128.Min(toUp, toUpLeft)), left, upOrUpLeft);
    }

    private static Vector128<byte> Distance(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a, b) - Vector128.Min(a, b);
}
