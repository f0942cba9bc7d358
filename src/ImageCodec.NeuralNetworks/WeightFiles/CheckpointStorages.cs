using System.Text;

namespace ImageCodec.NeuralNetworks;

/// <summary>Reads tensors from the storages of a PyTorch checkpoint; a storage that several tensors share is read once.</summary>
internal sealed class CheckpointStorages
{
    private readonly CheckpointArchive _archive;
    private readonly ReadBudget _budget;
    private readonly Dictionary<string, byte[]> _storages = new(StringComparer.Ordinal);
    private readonly bool _bigEndian;

    /// <summary>Makes the reader and finds out the order of bytes.</summary>
    /// <param name="archive">The checkpoint.</param>
    /// <param name="budget">The memory that storages and values may take.</param>
    /// <exception cref="InvalidFileException">The order of bytes is not a known one.</exception>
    public CheckpointStorages(CheckpointArchive archive, ReadBudget budget)
    {
        const int longestOrder = 16;
        _archive = archive;
        _budget = budget;

        // PyTorch before 2.1 did not write it; little-endian machines are all that it ran on in practice.
        string order = archive.TryRead("byteorder", longestOrder) is { } bytes ? Encoding.Latin1.GetString(bytes) : "little";
        _bigEndian = order switch
        {
            "little" => false,
            "big" => true,
            _ => throw new InvalidFileException(
                PyTorchCheckpoint.Format, $"The order of bytes is {FoundText.Quote(order)}, but 'little' or 'big' is expected."),
        };
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">What the pickle says of it; a tensor of floats that lies inside its storage.</param>
    /// <exception cref="InvalidFileException">Its storage is missing or damaged, or it takes more memory than the budget has.</exception>
    public NamedTensor Read(string name, PickleTensor tensor)
    {
        string shown = FoundText.Quote(name);
        if (!WeightShape.TryCount(tensor.Shape, out int count))
        {
            throw PickleError.Make(
                $"The tensor {shown} of shape {WeightShape.Describe(tensor.Shape)} has more values than an array can hold.", tensor.PickleOffset);
        }

        byte[] storage = GetStorage(name, tensor);
        _budget.Charge((long)count * sizeof(float), $"The tensor {shown} of shape {WeightShape.Describe(tensor.Shape)}");
        float[] values = new float[count];
        bool fits = count == 0 || (IsContiguous(tensor)
            ? ElementTypes.TryWiden(Slice(storage, tensor, tensor.Offset, count), tensor.Storage.Type, _bigEndian, values)
            : TryGather(storage, tensor, values));
        return fits
            ? new NamedTensor(name, tensor.Shape, values)
            : throw PickleError.Make($"The tensor {shown} holds a 64-bit value that is too large for 32-bit floats.", tensor.PickleOffset);
    }

    private byte[] GetStorage(string name, PickleTensor tensor)
    {
        PickleStorage storage = tensor.Storage;
        if (!_storages.TryGetValue(storage.Key, out byte[]? bytes))
        {
            bytes = _archive.TryRead("data/" + storage.Key, int.MaxValue) ?? throw PickleError.Make(
                $"The tensor {FoundText.Quote(name)} lies in the storage {FoundText.Quote(storage.Key)}, which the zip file does not have.",
                tensor.PickleOffset);
            _storages.Add(storage.Key, bytes);
        }

        // Divided, not multiplied: the count comes from the file and could overflow.
        int size = ElementTypes.GetSize(storage.Type);
        if (bytes.Length % size != 0 || bytes.Length / size != storage.Count)
        {
            throw PickleError.Make(
                $"The storage {FoundText.Quote(storage.Key)} of {FoundText.Quote(name)} should have {storage.Count} values of {size} bytes, " +
                $"but has {bytes.Length} bytes.",
                tensor.PickleOffset);
        }

        return bytes;
    }

    /// <summary>Whether the values lie one after another, last side fastest. The stride of a side of 1 means nothing.</summary>
    private static bool IsContiguous(PickleTensor tensor)
    {
        long expected = 1;
        for (int i = tensor.Shape.Length - 1; i >= 0; i--)
        {
            if (tensor.Shape[i] != 1 && tensor.Strides[i] != expected)
            {
                return false;
            }

            expected *= tensor.Shape[i];
        }

        return true;
    }

    private bool TryGather(byte[] storage, PickleTensor tensor, Span<float> values)
    {
        int[] index = new int[tensor.Shape.Length];
        long at = tensor.Offset;
        for (int i = 0; i < values.Length; i++)
        {
            if (!ElementTypes.TryWiden(Slice(storage, tensor, at, 1), tensor.Storage.Type, _bigEndian, values.Slice(i, 1)))
            {
                return false;
            }

            // One step of the last side; a side that is through goes back to its start and hands the step on.
            for (int side = index.Length - 1; side >= 0; side--)
            {
                at += tensor.Strides[side];
                if (++index[side] < tensor.Shape[side])
                {
                    break;
                }

                at -= tensor.Strides[side] * index[side];
                index[side] = 0;
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> Slice(byte[] storage, PickleTensor tensor, long start, int count)
    {
        int size = ElementTypes.GetSize(tensor.Storage.Type);
        return storage.AsSpan((int)(start * size), count * size);
    }
}
