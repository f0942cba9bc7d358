namespace ImageCodec.NeuralNetworks;

/// <summary>How a weight file keeps one value.</summary>
/// <remarks>
/// The integer types but one are told apart by size alone: their tensors are checked as all others but left out of what is read,
/// because they are counters and masks (such as <c>num_batches_tracked</c>), never weights. Signed bytes can be: see <see cref="RowScales"/>.
/// </remarks>
internal enum ElementType
{
    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a binary32, 2 bytes.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary64, 8 bytes.</summary>
    Float64,

    /// <summary>An unsigned integer or truth value of 1 byte.</summary>
    Integer8,

    /// <summary>A signed integer of 1 byte.</summary>
    Signed8,

    /// <summary>An integer of 2 bytes.</summary>
    Integer16,

    /// <summary>An integer of 4 bytes.</summary>
    Integer32,

    /// <summary>An integer of 8 bytes.</summary>
    Integer64,
}
