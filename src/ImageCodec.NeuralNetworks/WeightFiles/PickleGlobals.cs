namespace ImageCodec.NeuralNetworks;

/// <summary>The names of Python that pickles of state dicts use. Every other one is refused.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> Known = new(StringComparer.Ordinal)
    {
        ["collections OrderedDict"] = new(PickleGlobalKind.OrderedDictionary),
        ["torch._utils _rebuild_tensor_v2"] = new(PickleGlobalKind.RebuildTensor),
        ["torch._utils _rebuild_parameter"] = new(PickleGlobalKind.RebuildParameter),
        ["torch FloatStorage"] = new(PickleGlobalKind.Storage, ElementType.Float32),
        ["torch HalfStorage"] = new(PickleGlobalKind.Storage, ElementType.Float16),
        ["torch BFloat16Storage"] = new(PickleGlobalKind.Storage, ElementType.BFloat16),
        ["torch DoubleStorage"] = new(PickleGlobalKind.Storage, ElementType.Float64),
        ["torch BoolStorage"] = new(PickleGlobalKind.Storage, ElementType.Integer8),
        ["torch ByteStorage"] = new(PickleGlobalKind.Storage, ElementType.Integer8),
        ["torch CharStorage"] = new(PickleGlobalKind.Storage, ElementType.Integer8),
        ["torch ShortStorage"] = new(PickleGlobalKind.Storage, ElementType.Integer16),
        ["torch IntStorage"] = new(PickleGlobalKind.Storage, ElementType.Integer32),
        ["torch LongStorage"] = new(PickleGlobalKind.Storage, ElementType.Integer64),
    };

    /// <summary>Looks for a name.</summary>
    /// <param name="module">The module.</param>
    /// <param name="name">The name in it.</param>
    /// <returns>What it stands for, or null if it is not one of the few.</returns>
    public static PickleGlobal? Find(string module, string name) => Known.GetValueOrDefault($"{module} {name}");
}
