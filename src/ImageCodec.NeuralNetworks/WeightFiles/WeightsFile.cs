using System.Diagnostics.CodeAnalysis;

namespace ImageCodec.NeuralNetworks;

/// <summary>What a weight file holds: named tensors in order, and a few lines of text about them.</summary>
/// <remarks>Reading from several threads at once is safe.</remarks>
internal sealed class WeightsFile
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <summary>What PyTorch's wrappers put into names: <c>DataParallel</c> and <c>DistributedDataParallel</c>, and <c>torch.compile</c>.</summary>
    private static readonly string[] s_wrappers = ["module", "_orig_mod"];

    private readonly Dictionary<string, NamedTensor> _byName;
    private readonly NamedTensor[] _tensors;

    /// <summary>Makes the contents of a weight file.</summary>
    /// <param name="tensors">The tensors, in the order in which they are written.</param>
    /// <param name="metadata">Lines of text by name, or null for none.</param>
    /// <param name="format">What messages call the file.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tensors"/> is null or holds a null.</exception>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public WeightsFile(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, string format = "weights")
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _tensors = [.. tensors];
        _byName = new Dictionary<string, NamedTensor>(_tensors.Length, StringComparer.Ordinal);
        foreach (NamedTensor tensor in _tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (!_byName.TryAdd(tensor.Name, tensor))
            {
                throw new ArgumentException($"Two tensors have the name {FoundText.Quote(tensor.Name)}.", nameof(tensors));
            }
        }

        Metadata = metadata is null ? NoMetadata : new Dictionary<string, string>(metadata, StringComparer.Ordinal);
        Format = format;
    }

    /// <summary>What messages call the file, such as «safetensors».</summary>
    public string Format { get; }

    /// <summary>The tensors, in the order of the file.</summary>
    public IReadOnlyList<NamedTensor> Tensors => _tensors;

    /// <summary>Text by name; empty in files of PyTorch.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a weight file, a safetensors file or a PyTorch zip checkpoint, told apart by their content.</summary>
    /// <param name="file">The whole file.</param>
    /// <remarks>Names are those of the network itself, without <c>module.</c> and <c>_orig_mod.</c> of PyTorch's wrappers. Limits: those of <see cref="Safetensors.Read"/> and <see cref="PyTorchCheckpoint.Read"/>.</remarks>
    /// <exception cref="InvalidFileException">The bytes are neither, or damaged, or past a limit.</exception>
    public static WeightsFile Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (PyTorchCheckpoint.LooksLikeZip(bytes))
        {
            return PyTorchCheckpoint.Read(file).Unwrapped();
        }

        // This comes before the look at pickles, because a header length can begin with the same bytes as they do.
        if (Safetensors.LooksLikeSafetensors(bytes))
        {
            return Safetensors.Read(bytes).Unwrapped();
        }

        throw new InvalidFileException(
            "weights",
            PyTorchCheckpoint.LooksLikePickle(bytes)
                ? "The file is a bare pickle, as PyTorch before 1.6 saved it; load it in PyTorch and save its state dict again with torch.save, " +
                  "which now writes the zip format."
                : $"The file of {bytes.Length} bytes is neither a safetensors file nor a PyTorch zip checkpoint.",
            0);
    }

    /// <summary>The same tensors by the names that they have in the network that was wrapped; as they are, if two would then have one name.</summary>
    private WeightsFile Unwrapped()
    {
        if (!_tensors.Any(tensor => s_wrappers.Any(tensor.Name.Contains)))
        {
            return this;
        }

        NamedTensor[] renamed =
        [
            .. _tensors.Select(tensor => new NamedTensor(string.Join('.', tensor.Name.Split('.').Where(part => !s_wrappers.Contains(part))), tensor.Shape, tensor.Values)),
        ];
        return renamed.DistinctBy(tensor => tensor.Name).Count() == renamed.Length ? new WeightsFile(renamed, Metadata, Format) : this;
    }

    /// <summary>Looks for a tensor by name.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool TryGet(string name, [NotNullWhen(true)] out NamedTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidFileException">There is none, so that the file is not of the network that asks for it.</exception>
    public NamedTensor Get(string name)
    {
        if (TryGet(name, out NamedTensor? tensor))
        {
            return tensor;
        }

        throw new InvalidFileException(
            Format,
            $"There is no tensor {FoundText.Quote(name)}; the file's tensors are {_tensors.Length}: " +
            $"{FoundText.QuoteFirst([.. _tensors.Select(other => other.Name)])}.");
    }

    /// <summary>The tensor of a name and shape.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The sides that it must have, in PyTorch's order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidFileException">There is none, or its shape is another, so that the file is not of the network that asks for it.</exception>
    public NamedTensor Get(string name, ReadOnlySpan<int> shape)
    {
        NamedTensor tensor = Get(name);
        if (shape.SequenceEqual(tensor.Shape))
        {
            return tensor;
        }

        throw new InvalidFileException(
            Format,
            $"The tensor {FoundText.Quote(name)} has the shape {WeightShape.Describe(tensor.Shape)}, but {WeightShape.Describe(shape)} is needed.");
    }
}
