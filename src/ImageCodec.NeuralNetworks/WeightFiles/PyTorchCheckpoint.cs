namespace ImageCodec.NeuralNetworks;

/// <summary>
/// Reads the checkpoints that PyTorch's <c>torch.save</c> writes of state dicts: a zip file with a pickle that names the tensors
/// and an entry for each storage. The pickle's few operations are interpreted; none of its code can run.
/// </summary>
internal static class PyTorchCheckpoint
{
    /// <summary>What messages call such a file.</summary>
    public const string Format = "PyTorch checkpoint";

    /// <summary>Where training programs keep the weights beside other things, in the order in which they are looked for.</summary>
    private static readonly string[] NestedNames = ["state_dict", "model_state_dict", "model"];

    /// <summary>Whether bytes begin as a zip file does; no safetensors file does, within the limit on its header.</summary>
    public static bool LooksLikeZip(ReadOnlySpan<byte> file) => file.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Whether bytes begin as a pickle of protocols 2 to 5 does: PyTorch's format before 1.6.</summary>
    public static bool LooksLikePickle(ReadOnlySpan<byte> file) => file is [0x80, >= 2 and <= 5, ..];

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="file">The whole file.</param>
    /// <remarks>
    /// <para>The tensors are those of the dictionary that was saved, in its order, or of the dictionary in it under
    /// <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>; whatever else lies there is passed over. Tensors of floats of 16, 32 and 64 bits
    /// become 32-bit floats, last side fastest, however they lie in their storage; tensors of integers and truth values are left out.</para>
    /// <para>Limits: <see cref="PickleReader.MaxLength"/>, <see cref="PickleReader.MaxOperations"/>, <see cref="WeightShape.MaxRank"/> sides.
    /// Storages and values together take at most 16 bytes of memory for each byte of the file and 16 MiB
    /// (<see cref="ReadBudget"/>), the pickle's objects at most some 200 MiB.</para>
    /// </remarks>
    /// <exception cref="InvalidFileException">The bytes are not such a checkpoint, or past a limit.</exception>
    public static WeightsFile Read(ReadOnlyMemory<byte> file)
    {
        ReadBudget budget = new(Format, file.Length);
        using CheckpointArchive archive = new(file, budget);
        byte[] pickle = archive.TryRead("data.pkl", PickleReader.MaxLength)!;
        PickleDictionary stateDict = FindStateDict(PickleReader.Read(pickle));
        CheckpointStorages storages = new(archive, budget);
        List<NamedTensor> tensors = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in stateDict.Pairs)
        {
            if (value is not PickleTensor tensor)
            {
                continue;
            }

            if (key is not string name || !names.Add(name))
            {
                throw PickleError.Make($"{PickleError.Describe(key)} is the name of a tensor, but a text that names only one is expected.", tensor.PickleOffset);
            }

            if (ElementTypes.IsFloat(tensor.Storage.Type))
            {
                tensors.Add(storages.Read(name, tensor));
            }
        }

        return new WeightsFile(tensors, metadata: null, Format);
    }

    private static PickleDictionary FindStateDict(object? saved)
    {
        if (saved is not PickleDictionary top)
        {
            throw new InvalidFileException(
                Format, $"The checkpoint holds {PickleError.Describe(saved)}, but a state dict is expected, a dictionary of tensors by name.");
        }

        foreach (string name in NestedNames)
        {
            // In Python the last value that is set under a key is the one that stays.
            if (top.Pairs.FindLast(pair => pair.Key is string key && key == name).Value is PickleDictionary nested && HoldsTensors(nested))
            {
                return nested;
            }
        }

        return HoldsTensors(top)
            ? top
            : throw new InvalidFileException(
                Format,
                "The checkpoint's dictionary holds no tensors, and none in it under state_dict, model_state_dict or model does; its keys are " +
                $"{top.Pairs.Count}: {FoundText.QuoteFirst([.. top.Pairs.Select(pair => pair.Key as string ?? "?")])}.");
    }

    private static bool HoldsTensors(PickleDictionary dictionary) => dictionary.Pairs.Exists(pair => pair.Value is PickleTensor);
}
