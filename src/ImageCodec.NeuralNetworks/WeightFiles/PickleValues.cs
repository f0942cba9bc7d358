namespace ImageCodec.NeuralNetworks;

/// <summary>A dictionary of a pickle. Keys are kept as they come: they are compared only where tensors are taken out.</summary>
internal sealed class PickleDictionary
{
    /// <summary>The pairs in the order in which they were set.</summary>
    public List<KeyValuePair<object?, object?>> Pairs { get; } = [];
}

/// <summary>
/// A list of a pickle. No list of a checkpoint leads to weights, so that what is appended is not kept.
/// </summary>
internal sealed class PickleList;

/// <summary>The few names of Python that a pickle may speak of.</summary>
internal enum PickleGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDictionary,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>.</summary>
    RebuildParameter,

    /// <summary>A storage class, such as <c>torch.FloatStorage</c>.</summary>
    Storage,
}

/// <summary>A name of Python: it stands for itself and can run nothing.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Type">The type of a storage's values; without meaning for the others.</param>
internal sealed record PickleGlobal(PickleGlobalKind Kind, ElementType Type = ElementType.Float32);

/// <summary>A storage, not yet read.</summary>
/// <param name="Key">The name of its entry under <c>data/</c>.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Count">How many they are.</param>
internal sealed record PickleStorage(string Key, ElementType Type, long Count);

/// <summary>A tensor, not yet read: a view on a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The index in it of the tensor's first value.</param>
/// <param name="Shape">The sides.</param>
/// <param name="Strides">For every side the distance in the storage of values that are neighbours along it.</param>
/// <param name="PickleOffset">The byte of the pickle that made it, for messages.</param>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, int[] Shape, long[] Strides, long PickleOffset);
