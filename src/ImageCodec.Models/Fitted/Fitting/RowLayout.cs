namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// How rows lie in the memory of the synthesis: the even columns together and the odd columns together, so that doubling a row, and filters of the
/// doubled one, need no shuffles. Rows that filters read are planar, [channel][even, odd], each segment with a margin at both ends. Rows that are only
/// read position by position are in blocks, [16 columns][even, odd][channel][16], so that one address and constant offsets reach all channels.
/// </summary>
internal readonly struct RowLayout(int width)
{
    /// <summary>Positions of a block, whatever the width of vectors.</summary>
    public const int Block = 16;

    /// <summary>Channels of planar rows.</summary>
    public const int Colors = FittedLayout.Colors;

    /// <summary>Floats before and behind a segment of a planar row.</summary>
    public const int Margin = 16;

    /// <summary>Columns of the picture.</summary>
    public int Width => width;

    /// <summary>Even columns.</summary>
    public int Evens => (width + 1) / 2;

    /// <summary>Odd columns.</summary>
    public int Odds => width / 2;

    /// <summary>Blocks of even columns; there are as many of odd ones.</summary>
    public int Blocks => (Evens + Block - 1) / Block;

    /// <summary>Columns of either kind with those that fill the last block.</summary>
    public int Padded => Blocks * Block;

    /// <summary>From an even column to the odd one to its right, in a planar row.</summary>
    public int Segment => Padded + 2 * Margin;

    /// <summary>From a channel to the next one of a planar row.</summary>
    public int Channel => 2 * Segment;

    /// <summary>Floats of a planar row of colours.</summary>
    public int PlanarRow => Colors * Channel;

    /// <summary>The first even column of a planar row that begins at an address.</summary>
    public static unsafe float* First(float* row) => row + Margin;

    /// <summary>Floats of a row in blocks.</summary>
    public int BlockRow(int channels) => 2 * Padded * channels;

    /// <summary>Repeats the outermost columns once, so that filters may read one column beyond each edge.</summary>
    /// <param name="row">The first even column of a planar row.</param>
    public unsafe void Replicate(float* row)
    {
        for (int channel = 0; channel < Colors; channel++)
        {
            float* even = row + channel * Channel;
            float* odd = even + Segment;
            odd[-1] = even[0];
            if (Evens > Odds)
            {
                odd[Odds] = even[Evens - 1];
            }
            else
            {
                even[Evens] = odd[Odds - 1];
            }
        }
    }

    /// <summary>Where the last column of a planar row's channel is, seen from its first even one.</summary>
    public int LastColumn => Evens > Odds ? Evens - 1 : Segment + Odds - 1;

    /// <summary>Sets to zero what fills the last blocks of a planar row.</summary>
    /// <param name="row">The first even column.</param>
    public unsafe void ClearTail(float* row)
    {
        for (int channel = 0; channel < Colors; channel++)
        {
            float* even = row + channel * Channel;
            new Span<float>(even + Evens, Padded - Evens).Clear();
            new Span<float>(even + Segment + Odds, Padded - Odds).Clear();
        }
    }

    /// <summary>Where an even column of a colour is in a row in blocks of the three colours; given is half its number.</summary>
    public static nint ColorInBlocks(int color, nint half) => (half & ~(Block - 1)) * 2 * Colors + color * Block + (half & (Block - 1));

    /// <summary>Where a column is in a row in blocks, of its first channel.</summary>
    public static int InBlocks(int column, int channels) =>
        (column >> 5) * 2 * Block * channels + (column & 1) * Block * channels + (column >> 1) % Block;
}
