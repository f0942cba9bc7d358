using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using ManagedParameter = ImageCodec.NeuralNetworks.Layers.Parameter;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>
/// A network of the library as a TorchSharp module, made from the same definition. Its parameters have the names and shapes of the library's weights
/// files, which are PyTorch's.
/// </summary>
/// <remarks>
/// It gives the same numbers as the library's own network within rounding, not to the bit: a file is to be decoded by the library's
/// decoder, which promises the same pixels everywhere. Several threads may compute with it at once, as long as none changes its weights, moves it or
/// disposes of it meanwhile.
/// </remarks>
public sealed class TorchAutoencoder : Module<Tensor, Tensor>
{
    private readonly Autoencoder _definition;
    private readonly Dictionary<string, string> _card;
    private readonly Module<Tensor, Tensor>[] _encoder;
    private readonly Module<Tensor, Tensor>[] _decoder;

    /// <summary>Makes the module of a network, with a copy of its weights.</summary>
    /// <param name="model">The network, which stays the caller's.</param>
    /// <param name="device">Where the weights go; null for the CPU.</param>
    public TorchAutoencoder(Autoencoder model, Device? device = null)
        : this(model, new Dictionary<string, string>(), device)
    {
    }

    private TorchAutoencoder(Autoencoder model, IReadOnlyDictionary<string, string> card, Device? device)
        : base(nameof(TorchAutoencoder))
    {
        ArgumentNullException.ThrowIfNull(model);
        _definition = ModelFactory.CreateBlank(model.Architecture, maxThreads: 0);
        TakeFitted(model, _definition);
        _card = new Dictionary<string, string>(card.Where(entry => entry.Key != ModelCard.FingerprintKey));
        Network network = _definition.Network;
        _encoder = TorchLayers.CreateInside(this, network.Encoder);
        _decoder = TorchLayers.CreateInside(this, network.Decoder);
        Family = TorchFamily.Of(network);
        Family.Register(this);
        CopyFrom(model);
        if (device is not null)
        {
            this.to(device);
        }
    }

    /// <summary>The architecture's name: one of <see cref="ModelFactory.Architectures"/>.</summary>
    public string Architecture => _definition.Architecture;

    /// <summary>The analysis transform for the library's compressor. Calls may come from several threads at once.</summary>
    public IEncoder Encoder => new TorchEncoder(this, _definition.Network);

    /// <summary>
    /// The synthesis transform for the library's compressor. Calls may come from several threads at once. Pixels may differ by a level from those of
    /// the library's own decoder, and from one machine to another.
    /// </summary>
    public IDecoder Decoder => new TorchDecoder(this, _definition.Network);

    internal TorchFamily Family { get; }

    internal Device Device => parameters().First().device;

    /// <summary>Makes the module of a model that comes with the library.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="device">Where the weights go; null for the CPU.</param>
    /// <exception cref="ArgumentException">There is no model of that name.</exception>
    /// <exception cref="NotSupportedException">The model is <c>fitted</c>, whose networks come with each file.</exception>
    public static TorchAutoencoder LoadPretrained(string name = PretrainedModel.DefaultName, Device? device = null)
    {
        PretrainedModel pretrained = PretrainedModel.Get(name);
        using Autoencoder model = pretrained.LoadModel();
        return new TorchAutoencoder(model, pretrained.Card, device);
    }

    /// <summary>Makes the module of a weights file, safetensors or a PyTorch checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the weights go; null for the CPU.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="InvalidFileException">It is no weights file, or its weights fit none of the architectures.</exception>
    public static TorchAutoencoder Load(string path, Device? device = null)
    {
        WeightsFile weights = WeightsFile.Read(File.ReadAllBytes(path));
        using Autoencoder model = ModelWeights.LoadModel(weights, maxThreads: 0);
        return new TorchAutoencoder(model, weights.Metadata, device);
    }

    /// <summary>Writes the weights for the library, as safetensors; nothing is left behind if it fails.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void SaveWeights(string path)
    {
        using Autoencoder model = ToManaged();
        byte[] file = Safetensors.ToBytes(model.Network.ToWeightsFile(_card), WeightPrecision.Single);
        AtomicFile.Write(path, stream => stream.Write(file));
    }

    /// <summary>Makes the library's own network, with a copy of the weights.</summary>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <returns>A network that is the caller's to dispose of.</returns>
    public Autoencoder ToManaged(int maxThreads = 0)
    {
        Autoencoder model = ModelFactory.CreateBlank(Architecture, maxThreads);
        TakeFitted(_definition, model);
        Dictionary<string, TorchParameter> own = Own();
        foreach ((string name, ManagedParameter parameter) in model.Network.Parameters)
        {
            parameter.Load(TorchTensors.ToArray(own[name]));
        }

        return model;
    }

    /// <summary>Computes latents.</summary>
    /// <param name="pictures">[picture, 3, height, width], values in [0, 1], sides in multiples of the stride.</param>
    /// <returns>[picture, channel, height / stride, width / stride].</returns>
    public Tensor Encode(Tensor pictures) => Run(_encoder, pictures);

    /// <summary>Computes pictures.</summary>
    /// <param name="latents">[picture, channel, height / stride, width / stride].</param>
    /// <returns>[picture, 3, height, width], values meant to be in [0, 1].</returns>
    public Tensor Decode(Tensor latents) => Run(_decoder, latents);

    /// <summary>Encodes and decodes without quantisation.</summary>
    /// <param name="input">[picture, 3, height, width], values in [0, 1], sides in multiples of the stride.</param>
    /// <returns>Pictures of the same shape.</returns>
    public override Tensor forward(Tensor input) => Decode(Encode(input));

    /// <summary>The features of a VAE, from which both of its heads start.</summary>
    internal Tensor Features(Tensor pictures) => Run(_encoder[..^1], pictures);

    /// <summary>The mean of a VAE's latent from its features.</summary>
    internal Tensor Mean(Tensor features) => _encoder[^1].call(features);

    /// <summary>The parameters of this module, each with the one of the library's that it stands for.</summary>
    /// <param name="model">A network of the same architecture.</param>
    internal IEnumerable<(ManagedParameter Managed, TorchParameter Own)> Pairs(Autoencoder model)
    {
        Dictionary<string, TorchParameter> own = Own();
        return [.. model.Network.Parameters.Select(p => (p.Parameter, own[p.Name]))];
    }

    internal void CopyFrom(Autoencoder model)
    {
        using IDisposable still = no_grad();
        foreach ((ManagedParameter managed, TorchParameter own) in Pairs(model))
        {
            using Tensor values = tensor(managed.ToFileOrder(), own.shape);
            own.copy_(values);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _definition.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void TakeFitted(Autoencoder from, Autoencoder to) => to.Network.LoadFitted(new WeightsFile(from.Network.Fitted));

    /// <summary>Runs modules one after another; what lies between is freed unless gradients need it.</summary>
    private static Tensor Run(Module<Tensor, Tensor>[] modules, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return modules.Aggregate(input, (current, module) => module.call(current)).MoveToOuterDisposeScope();
    }

    private Dictionary<string, TorchParameter> Own() => named_parameters().ToDictionary(p => p.name, p => p.parameter);
}
