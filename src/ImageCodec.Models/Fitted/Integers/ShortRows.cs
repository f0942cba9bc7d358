namespace ImageCodec.Models.Fitted.Integers;

/// <summary>A few rows of 16-bit values with margins, so that kernels may read a few values beyond each end and go on for a vector or two behind it.</summary>
internal sealed unsafe class ShortRows
{
    /// <summary>Values before a row; there is room for three times as many behind it.</summary>
    public const int Margin = 32;

    private readonly PinnedArray<short> _memory;
    private readonly short* _first;

    public ShortRows(int width, int count)
    {
        Pitch = Margin + (width + Margin - 1) / Margin * Margin + 3 * Margin;
        _memory = new PinnedArray<short>((long)Pitch * count);
        _first = _memory.First + Margin;
    }

    /// <summary>Values from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>The first value of a row; on a border of 64 bytes.</summary>
    public short* Row(int row) => _first + (nint)row * Pitch;
}
