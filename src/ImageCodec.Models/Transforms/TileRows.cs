namespace ImageCodec.Models.Transforms;

/// <summary>Where a <see cref="TiledNetwork"/> takes its input from.</summary>
internal interface IRowSource
{
    /// <summary>Fills a part of a row, all channels of each place, from a column on.</summary>
    void Read(int row, int column, Span<float> values);
}

/// <summary>Where a <see cref="TiledNetwork"/> puts its output.</summary>
internal interface IRowTarget
{
    /// <summary>Takes a part of a row, all channels of each place, from a column on.</summary>
    void Write(int row, int column, ReadOnlySpan<float> values);
}

/// <summary>A tensor in one piece of memory. Of one that is only read, only <see cref="Read"/> may be called.</summary>
internal readonly ref struct TensorRows : IRowSource, IRowTarget
{
    private readonly ReadOnlySpan<float> _values;
    private readonly Span<float> _target;
    private readonly TensorShape _shape;

    public TensorRows(ReadOnlySpan<float> values, TensorShape shape)
    {
        _values = values;
        _shape = shape;
    }

    public TensorRows(Span<float> values, TensorShape shape)
    {
        _values = values;
        _target = values;
        _shape = shape;
    }

    public void Read(int row, int column, Span<float> values) => _values.Slice(Place(row, column), values.Length).CopyTo(values);

    public void Write(int row, int column, ReadOnlySpan<float> values) => values.CopyTo(_target[Place(row, column)..]);

    private int Place(int row, int column) => (row * _shape.Width + column) * _shape.Channels;
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
