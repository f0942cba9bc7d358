namespace ImageCodec.NeuralNetworks;

/// <summary>What the calls in a pickle of tensors mean. They make descriptions; storages are read later, and only those that are needed.</summary>
internal static class PickleCalls
{
    /// <summary>REDUCE: a call of one of the known names.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="arguments">Its arguments, a tuple.</param>
    /// <param name="offset">The byte of the pickle, for messages.</param>
    /// <returns>A dictionary or a tensor.</returns>
    /// <exception cref="InvalidFileException">It can't be called, or not with these arguments.</exception>
    public static object Call(object? function, object? arguments, long offset)
    {
        if (function is not PickleGlobal global || arguments is not object?[] given)
        {
            throw PickleError.Make(
                $"{PickleError.Describe(function)} is called with {PickleError.Describe(arguments)}; refused, and not run.", offset);
        }

        return (global.Kind, given) switch
        {
            (PickleGlobalKind.OrderedDictionary, []) => new PickleDictionary(),
            (PickleGlobalKind.RebuildParameter, [PickleTensor tensor, ..]) => tensor,
            (PickleGlobalKind.RebuildTensor, [PickleStorage storage, long start, object?[] shape, object?[] strides, ..]) =>
                MakeTensor(storage, start, shape, strides, offset),
            _ => throw PickleError.Make(
                $"{global.Kind} is called with the arguments ({string.Join(", ", given.Take(8).Select(PickleError.Describe))}), " +
                "which is not how PyTorch calls it; refused.",
                offset),
        };
    }

    /// <summary>BINPERSID: the tuple ('storage', class, key, device, count) stands for a storage.</summary>
    /// <exception cref="InvalidFileException">It is not such a tuple.</exception>
    public static PickleStorage LoadStorage(object? identifier, long offset) =>
        identifier is object?[] and
        ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } type, string key, string, long count and >= 0]
            ? new PickleStorage(key, type.Type, count)
            : throw PickleError.Make($"{PickleError.Describe(identifier)} does not identify the storage of a tensor.", offset);

    /// <summary>
    /// Checks that a view lies inside its storage. The number of its values is not limited by that, for a stride can be 0;
    /// who reads it must charge it to a budget.
    /// </summary>
    private static PickleTensor MakeTensor(PickleStorage storage, long start, object?[] sides, object?[] steps, long offset)
    {
        if (sides.Length > WeightShape.MaxRank || sides.Length != steps.Length)
        {
            throw PickleError.Make(
                $"A tensor has {sides.Length} sides and {steps.Length} strides; as many of both are expected, and at most {WeightShape.MaxRank}.", offset);
        }

        int[] shape = new int[sides.Length];
        long[] strides = new long[steps.Length];
        Int128 last = start;
        for (int i = 0; i < shape.Length; i++)
        {
            if (sides[i] is not (long side and >= 0 and <= int.MaxValue) || steps[i] is not (long step and >= 0))
            {
                throw PickleError.Make("A side or a stride of a tensor is not a whole number in range.", offset);
            }

            shape[i] = (int)side;
            strides[i] = step;
            last += (Int128)Math.Max(side - 1, 0) * step;
        }

        if (start < 0 || (last >= storage.Count && !shape.Contains(0)))
        {
            throw PickleError.Make(
                $"A tensor of shape {WeightShape.Describe(shape)} lies in its storage from {start} to {last}, but the storage has {storage.Count} values.",
                offset);
        }

        return new PickleTensor(storage, start, shape, strides, offset);
    }
}
