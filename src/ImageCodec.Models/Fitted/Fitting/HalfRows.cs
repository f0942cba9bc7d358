namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Where the gradients by half-size rows go: those of a band's own rows to the planes of the whole picture; those of the two rows before and after, which
/// are other bands' own, to planes of such rows, from where they are added later in the order of the bands.
/// </summary>
/// <param name="own">The planes of the whole picture.</param>
/// <param name="others">Planes with <see cref="OtherRows"/> rows for each band; null where the band is the whole picture.</param>
/// <param name="first">The band's first half-size row.</param>
/// <param name="end">The row behind its last.</param>
/// <param name="band">The band's number.</param>
internal readonly unsafe struct HalfRows(ChannelPlanes own, ChannelPlanes? others, int first, int end, int band)
{
    /// <summary>Rows of other bands that a band contributes to.</summary>
    public const int OtherRows = 4;

    /// <summary>A row of all channels, with its margins.</summary>
    public float* Row(int y)
    {
        if (y >= first && y < end)
        {
            return own.Row(y);
        }

        int other = y < first ? y - first + OtherRows / 2 : y - end + OtherRows / 2;
        return others!.Row(band * OtherRows + other);
    }
}
