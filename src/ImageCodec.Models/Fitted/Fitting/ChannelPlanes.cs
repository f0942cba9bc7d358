namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Planes of one size whose rows lie together: a row of the first channel, of the second one …, each with a margin at both ends.</summary>
internal sealed unsafe class ChannelPlanes(int width, int height, int channels)
{
    private const int Margin = RowLayout.Margin;

    private readonly PinnedFloats _memory = new(checked(height * channels * (Padded(width) + 2 * Margin)));

    public int Width => width;

    public int Height => height;

    public int Channels => channels;

    /// <summary>From a channel's row to the next channel's.</summary>
    public int Segment => Padded(width) + 2 * Margin;

    /// <summary>The rows of all channels with their margins.</summary>
    public float* Row(int y) => _memory.Data + y * (nint)(channels * Segment);

    /// <summary>The first value of a channel's row.</summary>
    public float* Row(int y, int channel) => Row(y) + channel * Segment + Margin;

    /// <summary>Repeats the outermost values of a row twice beyond each edge.</summary>
    public void Replicate(int y, int channel)
    {
        float* row = Row(y, channel);
        row[-1] = row[-2] = row[0];
        row[width] = row[width + 1] = row[width - 1];
    }

    private static int Padded(int width) => (width + RowLayout.Block - 1) / RowLayout.Block * RowLayout.Block;
}
