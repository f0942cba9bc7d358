using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// A trained or trainable model: an analysis transform to the latent, a synthesis transform back, and the latent codec that belongs to them. Made by
/// <see cref="ModelFactory"/> or <see cref="PretrainedModel.LoadModel"/>.
/// </summary>
/// <remarks>Encoding and decoding may run on many threads at once; training may not run meanwhile.</remarks>
public sealed class Autoencoder : IDisposable
{
    internal Autoencoder(Network network, ModelCard card, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        Network = network;
        MaxThreads = maxThreads;
        Encoder = new EncoderTransform(network, Workspace, maxThreads);
        Decoder = new DecoderTransform(network, Workspace, maxThreads);
        (LatentCodec, Refinement) = network.CreateLatentCoding(card, Workspace, maxThreads);
    }

    /// <summary>The architecture's name: one of <see cref="ModelFactory.Architectures"/>.</summary>
    public string Architecture => Network.Architecture;

    /// <summary>The analysis transform.</summary>
    public IEncoder Encoder { get; }

    /// <summary>The synthesis transform.</summary>
    public IDecoder Decoder { get; }

    /// <summary>Latent to bytes and back.</summary>
    public ILatentCodec LatentCodec { get; }

    /// <summary>Trainable numbers altogether.</summary>
    public int ParameterCount => Network.Parameters.Sum(p => p.Parameter.Length);

    internal Network Network { get; }

    internal ILatentRefinement? Refinement { get; }

    internal Workspace Workspace { get; } = new();

    internal int MaxThreads { get; }

    /// <summary>Multiply-accumulate operations for a pixel, averaged over a picture of 128×128, those of the entropy model included.</summary>
    /// <returns>Those of the encoder and those of the decoder.</returns>
    public (double Encoder, double Decoder) CountOperationsPerPixel()
    {
        const int Side = 128;
        TensorShape picture = new(Side, Side, 3);
        TensorShape latent = Network.Encoder.OutputShape(picture);
        (long encoder, long decoder) = Network.CountEntropyOperations(latent);
        return ((Network.Encoder.CountOperations(picture) + encoder) / (double)(Side * Side),
            (Network.Decoder.CountOperations(latent) + decoder) / (double)(Side * Side));
    }

    /// <summary>Frees the native memory kept for reuse. Using the stages afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Workspace.Dispose();
}
