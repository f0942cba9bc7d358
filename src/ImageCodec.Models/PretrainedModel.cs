using System.Reflection;
using ImageCodec.Models;
using ImageCodec.Models.Fitted;
using ImageCodec.NeuralNetworks;

namespace ImageCodec;

/// <summary>
/// A model with its weights: one that comes with the library, or with the packages <c>ImageCodec.Models.Visual</c> and <c>ImageCodec.Models.Cars</c> where they are
/// referenced.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class PretrainedModel
{
    /// <summary>The model that is used where none is named.</summary>
    public const string DefaultName = "photo";

    private const string ResourcePrefix = "ImageCodec.Models.Weights.";
    private const string ResourceSuffix = ".safetensors";

    private readonly Assembly _assembly;
    private readonly Lazy<WeightsFile> _weights;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _card;

    private PretrainedModel(Assembly assembly, string name)
    {
        _assembly = assembly;
        Name = name;
        _weights = new Lazy<WeightsFile>(ReadWeights);
        _card = new Lazy<IReadOnlyDictionary<string, string>>(() =>
        {
            using Stream stream = Open();
            return Safetensors.ReadMetadata(stream);
        });
    }

    /// <summary>
    /// The models there are, by name: those of the library, and those of <c>ImageCodec.Models.Visual</c> and <c>ImageCodec.Models.Cars</c> where they are referenced.
    /// </summary>
    public static IReadOnlyList<PretrainedModel> All { get; } =
    [
        .. WeightsPackage.All.Select(package => package.Assembly).OfType<Assembly>().Prepend(typeof(PretrainedModel).Assembly)
            .SelectMany(In).OrderBy(model => model.Name, StringComparer.Ordinal),
    ];

    /// <summary>The name to load it by.</summary>
    public string Name { get; }

    /// <summary>What its files carry.</summary>
    public CodecFingerprint Fingerprint => CodecFingerprint.TryParse(Card[ModelCard.FingerprintKey], out CodecFingerprint fingerprint)
        ? fingerprint
        : throw new InvalidOperationException($"The weights of the model «{Name}» carry no fingerprint.");

    /// <summary>What its weights file says of itself: architecture, data, recipe, figures.</summary>
    public IReadOnlyDictionary<string, string> Card => _card.Value;

    /// <summary>
    /// Whether the model is made of stages, which <see cref="LoadModel"/> gives. All are but <c>fitted</c>, whose networks come with each file.
    /// </summary>
    public bool HasStages => Card.GetValueOrDefault(ModelCard.ArchitectureKey) != FittedModel.Architecture;

    /// <summary>The model whose files carry a fingerprint, or null if it is none of <see cref="All"/>.</summary>
    /// <param name="fingerprint">What the file carries.</param>
    public static PretrainedModel? Find(CodecFingerprint fingerprint) => All.FirstOrDefault(model => model.Fingerprint == fingerprint);

    /// <summary>Makes the model, for those who want its stages.</summary>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="NotSupportedException">It has none, see <see cref="HasStages"/>.</exception>
    public Autoencoder LoadModel(int maxThreads = 0) => HasStages
        ? ModelWeights.LoadModel(_weights.Value, maxThreads)
        : throw new NotSupportedException($"The model «{Name}» has no stages: {FittedModel.WithoutStages} Use LoadCompressor.");

    /// <summary>The model of a name.</summary>
    /// <param name="name">One of the names of <see cref="All"/>.</param>
    /// <exception cref="ArgumentException">There is no model of that name. The message lists those there are, or says which package has it.</exception>
    public static PretrainedModel Get(string name) =>
        All.FirstOrDefault(model => model.Name == name)
        ?? throw new ArgumentException(
            WeightsPackage.All.FirstOrDefault(package => package.Models.ContainsKey(name)) is { } missing
                ? $"The model «{name}» is in the package {missing.Name}, which is not referenced. Add it."
                : $"There is no model «{name}»; there are {string.Join(", ", All.Select(model => model.Name))}.",
            nameof(name));

    /// <summary>« (the name)» where a fingerprint is known, with the package if that is missing, else nothing.</summary>
    internal static string Describe(CodecFingerprint fingerprint)
    {
        if (Find(fingerprint) is { } model)
        {
            return $" («{model.Name}»)";
        }

        foreach (WeightsPackage package in WeightsPackage.All)
        {
            if (package.Models.FirstOrDefault(known => known.Value == fingerprint).Key is { } name)
            {
                return $" («{name}» of the package {package.Name}, which is not referenced)";
            }
        }

        return "";
    }

    /// <summary>Makes the compressor.</summary>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    public ImageCompressor LoadCompressor(int maxThreads = 0) => ModelWeights.Load(_weights.Value, maxThreads, Fingerprint);

    /// <summary>Its weights, read anew.</summary>
    internal WeightsFile ReadWeights()
    {
        using Stream stream = Open();
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return WeightsFile.Read(bytes);
    }

    private Stream Open() => _assembly.GetManifestResourceStream(ResourcePrefix + Name + ResourceSuffix)!;

    private static IEnumerable<PretrainedModel> In(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal) && name.EndsWith(ResourceSuffix, StringComparison.Ordinal))
        .Select(name => new PretrainedModel(assembly, name[ResourcePrefix.Length..^ResourceSuffix.Length]));
}
