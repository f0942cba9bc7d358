namespace ImageCodec.Models.Transforms;

/// <summary>Where a <see cref="TiledNetwork"/> takes its input from. Several threads may read at once.</summary>
internal interface IRowSource
{
    /// <summary>Fills a part of a row, all channels of each place, from a column on.</summary>
    void Read(int row, int column, Span<float> values);
}

/// <summary>Where a <see cref="TiledNetwork"/> puts its output. Several threads may write at once, never the same row.</summary>
internal interface IRowTarget
{
    /// <summary>Takes a part of a row, all channels of each place, from a column on.</summary>
    void Write(int row, int column, ReadOnlySpan<float> values);
}

/// <summary>A tensor in one piece of memory, which stays where it is. Of one that is only read, only <see cref="Read"/> may be called.</summary>
internal readonly unsafe struct TensorRows(float* values, TensorShape shape) : IRowSource, IRowTarget
{
    public void Read(int row, int column, Span<float> values) => new ReadOnlySpan<float>(Place(row, column), values.Length).CopyTo(values);

    public void Write(int row, int column, ReadOnlySpan<float> values) => values.CopyTo(new Span<float>(Place(row, column), values.Length));

    private float* Place(int row, int column) => values + ((nint)row * shape.Width + column) * shape.Channels;
}

/// <summary>
/// A picture as the tensor that <see cref="PictureTensor"/> makes of it, but row by row: what is beyond its right and lower edge
/// goes on as the edge when it is read, and is left out when it is written.
/// </summary>
internal readonly struct PictureRows(RgbImage image) : IRowSource, IRowTarget
{
    public void Read(int row, int column, Span<float> values) => PictureTensor.ReadRow(image, row, column, values);

    public void Write(int row, int column, ReadOnlySpan<float> values) => PictureTensor.WriteRow(image, row, column, values);
}
