namespace ImageCodec.NeuralNetworks;

/// <summary>A tensor of a weight file: a name, a shape and the values.</summary>
internal sealed class NamedTensor
{
    /// <summary>Makes a tensor that keeps the two arrays it is given, without copying.</summary>
    /// <param name="name">The name, such as <c>encoder.0.weight</c>.</param>
    /// <param name="shape">The sides in PyTorch's order, at most <see cref="WeightShape.MaxRank"/>; none for a single value.</param>
    /// <param name="values">The values, last side fastest, as many as the shape says.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A side is negative, there are too many, or the values don't fill the shape.</exception>
    public NamedTensor(string name, int[] shape, float[] values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        if (shape.Length > WeightShape.MaxRank)
        {
            throw new ArgumentException(
                $"The tensor {FoundText.Quote(name)} has {shape.Length} sides, more than {WeightShape.MaxRank}.", nameof(shape));
        }

        foreach (int side in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(side, nameof(shape));
        }

        if (!WeightShape.TryCount(shape, out int count) || count != values.Length)
        {
            throw new ArgumentException(
                $"The tensor {FoundText.Quote(name)} of shape {WeightShape.Describe(shape)} can't have {values.Length} values.", nameof(values));
        }

        Name = name;
        Shape = shape;
        Values = values;
    }

    /// <summary>The name, such as <c>encoder.0.weight</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The sides in PyTorch's order: [out, in, kernel height, kernel width] of a convolution,
    /// [in, out, kernel height, kernel width] of a transposed one; empty for a single value.
    /// </summary>
    public int[] Shape { get; }

    /// <summary>The values, last side fastest, always as 32-bit floats whatever the file keeps.</summary>
    public float[] Values { get; }
}
