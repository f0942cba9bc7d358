namespace ImageCodec.Models.Compressor;

/// <summary>
/// One of the eight ways in which a picture can lie before a codec. Networks do not treat all directions alike, nor the edges that are filled up to whole blocks, so that
/// a picture takes fewer bits one way than another.
/// </summary>
/// <param name="Code">0 … 7, the sum of 1 if the picture is mirrored left to right, 2 if it is mirrored top to bottom, and 4 if rows become columns after that.</param>
internal readonly record struct PictureTurn(int Code)
{
    /// <summary>How many there are.</summary>
    public const int Count = 8;

    private bool MirrorsRows => (Code & 1) != 0;

    private bool MirrorsColumns => (Code & 2) != 0;

    private bool Transposes => (Code & 4) != 0;

    /// <summary>The sides of what the codec sees of a picture.</summary>
    public (int Width, int Height) Sides(int width, int height) => Transposes ? (height, width) : (width, height);

    /// <summary>What the codec sees of a picture: its colours alone. Without a turn it is the picture itself.</summary>
    public RgbImage Apply(RgbImage picture)
    {
        if (Code == 0)
        {
            return picture;
        }

        (int width, int height) = Sides(picture.Width, picture.Height);
        RgbImage seen = new(width, height);
        Span<byte> target = seen.Pixels;
        ReadOnlySpan<byte> source = picture.Pixels;
        for (int row = 0; row < picture.Height; row++)
        {
            (int first, int step) = Places(row, picture.Width, picture.Height);
            for (int column = 0; column < picture.Width; column++)
            {
                source.Slice(3 * (row * picture.Width + column), 3).CopyTo(target[(3 * (first + column * step))..]);
            }
        }

        return seen;
    }

    /// <summary>The picture of which the codec saw something: the turn the other way, where mirroring comes after rows and columns were exchanged.</summary>
    public RgbImage Undo(RgbImage seen) => new PictureTurn(Transposes ? 4 | (Code & 1) << 1 | (Code & 2) >> 1 : Code).Apply(seen);

    /// <summary>Where the codec sees the pixels of a picture's row: the first one's place, and how many places on the next one is.</summary>
    private (int First, int Step) Places(int row, int width, int height)
    {
        int across = MirrorsColumns ? height - 1 - row : row;
        (int first, int step) = Transposes ? (across, height) : (across * width, 1);
        return MirrorsRows ? (first + (width - 1) * step, -step) : (first, step);
    }
}
