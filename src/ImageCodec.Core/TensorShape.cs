namespace ImageCodec;

/// <summary>
/// The shape of a picture or latent tensor. Its values lie channels last: row by row, in a row place by place,
/// at a place channel by channel, with no gaps; the index of (y, x, c) is (y · Width + x) · Channels + c.
/// </summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Places a row.</param>
/// <param name="Channels">Values at a place: 3 in a picture.</param>
public readonly record struct TensorShape(int Height, int Width, int Channels)
{
    /// <summary>Values altogether.</summary>
    /// <exception cref="OverflowException">They are more than an <see cref="int"/> can count.</exception>
    public int Length => checked(Height * Width * Channels);

    /// <summary>The shape as «Height×Width×Channels».</summary>
    public override string ToString() => $"{Height}×{Width}×{Channels}";
}
