namespace ImageCodec.Imaging.Png;

/// <summary>
/// A pass over a picture: the pixels (X + i · StepX, Y + j · StepY), Width by Height of them. A picture that is not interlaced has one pass
/// of all its pixels; Adam7 has seven, of which small pictures leave some empty.
/// </summary>
internal readonly record struct Pass(int X, int Y, int StepX, int StepY, int Width, int Height)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ];

    /// <summary>The passes that have pixels, in the order of the file.</summary>
    public static List<Pass> Of(ImageHeader header)
    {
        if (!header.Interlaced)
        {
            return [new Pass(0, 0, 1, 1, header.Width, header.Height)];
        }

        List<Pass> passes = [];
        foreach ((int x, int y, int stepX, int stepY) in Adam7)
        {
            if (x < header.Width && y < header.Height)
            {
                passes.Add(new Pass(x, y, stepX, stepY, 1 + ((header.Width - 1 - x) / stepX), 1 + ((header.Height - 1 - y) / stepY)));
            }
        }

        return passes;
    }
}
