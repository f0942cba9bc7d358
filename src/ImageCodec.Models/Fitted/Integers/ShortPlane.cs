namespace ImageCodec.Models.Fitted.Integers;

/// <summary>A plane of 16-bit values, its rows without gaps.</summary>
internal sealed unsafe class ShortPlane
{
    private readonly PinnedArray<short> _memory;

    public ShortPlane(int width, int height)
    {
        (Width, Height) = (width, height);
        _memory = new PinnedArray<short>((long)width * height);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The first value of a row.</summary>
    public short* Row(int y) => _memory.First + (nint)y * Width;
}
