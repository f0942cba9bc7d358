using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>A convolutional autoencoder: a network to the latent and one back. Made by <see cref="ModelFactory"/>.</summary>
/// <remarks>Encoding and decoding may run on many threads at once; loading weights or training may not run meanwhile.</remarks>
public sealed class Autoencoder : IDisposable
{
    private readonly Network _network;
    private readonly Workspace _workspace = new();

    internal Autoencoder(string architecture, int maxThreads)
        : this(architecture, Models.Architecture.Create(architecture), maxThreads)
    {
    }

    internal Autoencoder(string architecture, Network network, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        Architecture = architecture;
        _network = network;
        Prior = HasSignedLatent ? GaussianPrior.Standard(_network.LatentChannels) : null;
        Encoder = new EncoderTransform(_network, _workspace, maxThreads);
        Decoder = new DecoderTransform(_network, _workspace, maxThreads);
    }

    /// <summary>The architecture's name: one of <see cref="ModelFactory.Architectures"/>.</summary>
    public string Architecture { get; }

    /// <summary>The analysis transform.</summary>
    public IEncoder Encoder { get; }

    /// <summary>The synthesis transform.</summary>
    public IDecoder Decoder { get; }

    /// <summary>Whether latents have values below zero, which asks for a signed quantiser.</summary>
    public bool HasSignedLatent => _network.LogVariance is not null;

    /// <summary>Trainable numbers altogether.</summary>
    public int ParameterCount => Parameters.Sum(p => p.Parameter.Length);

    /// <summary>For a VAE: what its latents are coded with.</summary>
    internal GaussianPrior? Prior { get; set; }

    internal Network Network => _network;

    internal Workspace Workspace => _workspace;

    /// <summary>All parameters by their names in weights files, in PyTorch's order.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> Parameters
    {
        get
        {
            IEnumerable<(string, Parameter)> variance = _network.LogVariance is { } branch
                ? branch.LogVariance.Parameters.Select(p => ($"{branch.Name}.{p.Name}", p.Parameter))
                : [];
            return [.. _network.Encoder.Parameters, .. variance, .. _network.Decoder.Parameters, .. _network.Hyperprior?.Parameters ?? []];
        }
    }

    /// <summary>Multiply-accumulate operations for a pixel, averaged over a picture of 128×128, those of a hyperprior included.</summary>
    /// <returns>Those of the encoder and those of the decoder.</returns>
    public (double Encoder, double Decoder) CountOperationsPerPixel()
    {
        const int Side = 128;
        TensorShape picture = new(Side, Side, 3);
        TensorShape latent = _network.Encoder.OutputShape(picture);
        long analysis = _network.Hyperprior?.Analysis.CountOperations(latent) ?? 0;
        long prediction = _network.Hyperprior?.CountPredictionOperations(latent) ?? 0;
        return ((_network.Encoder.CountOperations(picture) + analysis + prediction) / (double)(Side * Side),
            (_network.Decoder.CountOperations(latent) + prediction) / (double)(Side * Side));
    }

    /// <summary>Frees the native memory kept for reuse. Using the transforms afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _workspace.Dispose();

    /// <summary>Sets all parameters from a weights file.</summary>
    /// <exception cref="InvalidFileException">The file lacks one, or one has another shape.</exception>
    internal void Load(WeightsFile file)
    {
        foreach ((string name, Parameter parameter) in Parameters)
        {
            parameter.Load(file.Get(name, parameter.Layout.FileShape).Values);
        }

        if (HasSignedLatent && GaussianPrior.IsIn(file))
        {
            Prior = GaussianPrior.Read(file, _network.LatentChannels);
        }

        if (_network.Hyperprior is { } hyperprior)
        {
            hyperprior.Tables = HyperpriorTables.Read(file);
        }
    }

    /// <summary>Takes over what was fitted to another network of the same architecture beside its parameters.</summary>
    internal void TakeFitted(Autoencoder other)
    {
        Prior = other.Prior;
        if (_network.Hyperprior is { } hyperprior)
        {
            hyperprior.Tables = other.Network.Hyperprior!.Tables;
        }
    }

    /// <summary>What was fitted to the network beside its parameters, as a weights file keeps it: a VAE's prior, a hyperprior's tables.</summary>
    internal IEnumerable<NamedTensor> Fitted => [.. Prior?.Tensors ?? [], .. _network.Hyperprior?.Tables.Tensors ?? []];

    /// <summary>The parameters, and what was fitted beside them, as a weights file.</summary>
    internal WeightsFile ToWeightsFile(IReadOnlyDictionary<string, string> metadata) => new(
        [.. Parameters.Select(p => new NamedTensor(p.Name, p.Parameter.Layout.FileShape, p.Parameter.ToFileOrder())), .. Fitted],
        new Dictionary<string, string>(metadata) { ["architecture"] = Architecture });

    /// <summary>Whether a weights file has just this architecture's parameters, with or without what is fitted beside them.</summary>
    internal bool Fits(WeightsFile file) =>
        Parameters.Count() + CountFitted(file) == file.Tensors.Count &&
        Parameters.All(p => file.TryGet(p.Name, out NamedTensor? tensor) && tensor.Shape.AsSpan().SequenceEqual(p.Parameter.Layout.FileShape));

    private int CountFitted(WeightsFile file) =>
        (HasSignedLatent && GaussianPrior.IsIn(file) ? Prior!.Tensors.Count() : 0) + (_network.Hyperprior is not null && HyperpriorTables.IsIn(file) ? 1 : 0);
}
