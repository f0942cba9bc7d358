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

    /// <summary>The shape of the latent of a picture of any size, whose sides are taken for whole strides.</summary>
    /// <param name="width">The picture's width, at least 1.</param>
    /// <param name="height">The picture's height, at least 1.</param>
    /// <param name="stride">Picture pixels for one place of the latent, each way: that of the transform.</param>
    /// <param name="channels">Channels of the latent: those of the transform.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is below 1.</exception>
    public static TensorShape OfLatent(int width, int height, int stride, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        return new TensorShape((int)(((long)height + stride - 1) / stride), (int)(((long)width + stride - 1) / stride), channels);
    }

    /// <summary>Whether it is a shape of so many values: false for sides below zero, and for more than can be counted.</summary>
    internal bool Holds(int count) => Height >= 0 && Width >= 0 && Channels >= 0 && ExactLength == count;

    /// <summary><see cref="Length"/> for messages, of any shape.</summary>
    internal Int128 ExactLength => (Int128)Height * Width * Channels;

    /// <summary>The shape as «Height×Width×Channels».</summary>
    public override string ToString() => $"{Height}×{Width}×{Channels}";
}
