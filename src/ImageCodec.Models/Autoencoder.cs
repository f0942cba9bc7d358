using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// A trained or trainable model: an analysis transform to the latent, a synthesis transform back, and the latent codec that belongs to them. Made by
/// <see cref="Load"/>, <see cref="PretrainedModel.LoadModel"/> or <see cref="ModelFactory"/>.
/// </summary>
/// <remarks>Safe to use from several threads at once. It may be disposed of while others work: they finish or get an <see cref="ObjectDisposedException"/>.</remarks>
public sealed class Autoencoder : IDisposable
{
    private const int CountedSide = 128;

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

    /// <summary>The analysis transform, for <see cref="LatentCodec"/>.</summary>
    public IEncoder Encoder { get; }

    /// <summary>The synthesis transform.</summary>
    public IDecoder Decoder { get; }

    /// <summary>Latent to bytes and back.</summary>
    public ILatentCodec LatentCodec { get; }

    /// <summary>Trainable numbers altogether.</summary>
    public int ParameterCount => Network.Parameters.Sum(p => p.Parameter.Length);

    /// <summary>Multiply-accumulate operations for a pixel that compressing takes, the entropy model's included, averaged over a picture of 128×128.</summary>
    public double EncoderOperationsPerPixel =>
        (Network.Encoder.CountOperations(CountedPicture) + Network.CountEntropyOperations(CountedLatent).Encoder) / (double)(CountedSide * CountedSide);

    /// <summary>Multiply-accumulate operations for a pixel that restoring takes, the entropy model's included, averaged over a picture of 128×128.</summary>
    public double DecoderOperationsPerPixel =>
        (Network.Decoder.CountOperations(CountedLatent) + Network.CountEntropyOperations(CountedLatent).Decoder) / (double)(CountedSide * CountedSide);

    /// <summary>
    /// The analysis transform for a latent codec of one's own. Some models' own latent codecs scale values, so that their encoder's latents are not what their
    /// decoder takes; those of this one are, as far as rounding allows.
    /// </summary>
    /// <param name="level">The level of <see cref="LatentCodec"/> whose scales are taken: the higher, the finer the decoder takes the rounding to have been.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public IEncoder CreateScaledEncoder(int level)
    {
        LatentArguments.CheckLevel(level, LatentCodec.LevelCount);
        return new ScaledEncoder(Encoder, Network, level);
    }

    internal Network Network { get; }

    internal ILatentRefinement? Refinement { get; }

    internal Workspace Workspace { get; } = new();

    internal int MaxThreads { get; }

    private static TensorShape CountedPicture => new(CountedSide, CountedSide, 3);

    private TensorShape CountedLatent => Network.Encoder.OutputShape(CountedPicture);

    /// <summary>Loads a model from a file of weights: safetensors, or a PyTorch checkpoint of one of the built-in architectures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <exception cref="ArgumentException">The path is empty, or <paramref name="maxThreads"/> is below zero.</exception>
    /// <exception cref="InvalidFileException">The file is damaged, or its weights fit none of the architectures.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Autoencoder Load(string path, int maxThreads = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ModelWeights.LoadModel(WeightsFile.Read(File.ReadAllBytes(path)), maxThreads);
    }

    /// <summary>Frees the native memory kept for reuse. Using the stages afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Workspace.Dispose();
}
