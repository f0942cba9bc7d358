namespace ImageCodec.Models.Residuals;

/// <summary>
/// The rows around the values that are being coded, of one channel: of the decoded picture, the base, those above and below too; and of what is known already, errors (restored values less those of the base) and
/// residuals (steps from the prediction).
/// </summary>
/// <param name="width">The picture's width.</param>
/// <param name="channel">Which channel.</param>
internal sealed class ChannelRows(int width, int channel)
{
    /// <summary>What comes before a row's first value, and after its last: so far contexts look.</summary>
    public const int Margin = 2;

    public int[] Base { get; private set; } = Row(width);

    public int[] BaseAbove { get; private set; } = Row(width);

    public int[] BaseBelow { get; private set; } = Row(width);

    public int[] Errors { get; private set; } = Row(width);

    public int[] ErrorsAbove { get; private set; } = Row(width);

    public int[] ErrorsTwoAbove { get; private set; } = Row(width);

    public int[] Residuals { get; private set; } = Row(width);

    public int[] ResidualsAbove { get; private set; } = Row(width);

    public int[] ResidualsTwoAbove { get; private set; } = Row(width);

    /// <summary>Goes to the next row, or to the first. Beyond the picture the base goes on as at its edge; nothing else is there.</summary>
    /// <param name="picture">The base, from the row to come on.</param>
    /// <param name="row">The row.</param>
    public void MoveTo(RgbImage picture, int row)
    {
        if (row == 0)
        {
            Read(picture, 0, Base);
            Read(picture, 0, BaseAbove);
        }
        else
        {
            (BaseAbove, Base, BaseBelow) = (Base, BaseBelow, BaseAbove);
        }

        Read(picture, Math.Min(row + 1, picture.Height - 1), BaseBelow);
        (Errors, ErrorsAbove, ErrorsTwoAbove) = (ErrorsTwoAbove, Errors, ErrorsAbove);
        (Residuals, ResidualsAbove, ResidualsTwoAbove) = (ResidualsTwoAbove, Residuals, ResidualsAbove);
    }

    /// <summary>The restored value at a place of this row that is known, or just beyond it.</summary>
    public int Value(int at) => Base[at] + Errors[at];

    /// <summary>The restored value above a place.</summary>
    public int ValueAbove(int at) => BaseAbove[at] + ErrorsAbove[at];

    /// <summary>The median edge detector of LOCO-I (Weinberger et al., 2000): west or north at an edge, the plane through three neighbours elsewhere.</summary>
    public int MedianEdge(int at)
    {
        int west = Value(at - 1);
        int north = ValueAbove(at);
        return Math.Clamp(west + north - ValueAbove(at - 1), Math.Min(west, north), Math.Max(west, north));
    }

    private static int[] Row(int width) => new int[width + 2 * Margin];

    private void Read(RgbImage picture, int row, int[] values)
    {
        ReadOnlySpan<byte> rgb = picture.Pixels.Slice(3 * picture.Width * row, 3 * picture.Width);
        for (int x = 0; x < picture.Width; x++)
        {
            values[Margin + x] = rgb[3 * x + channel];
        }

        values.AsSpan(0, Margin).Fill(values[Margin]);
        values.AsSpan(Margin + picture.Width).Fill(values[Margin + picture.Width - 1]);
    }
}
