using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models;

/// <summary>Makes models with fresh random weights, the same for the same seed.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public static class ModelFactory
{
    /// <summary>The names that <see cref="Create(string, int, int)"/> knows.</summary>
    public static IReadOnlyList<string> Architectures => Models.Architectures.Names;

    /// <summary>Three convolutions with max pooling, three transposed ones: 251,987 parameters, stride 8, 16 latent channels.</summary>
    /// <param name="seed">What the weights are drawn from.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    public static Autoencoder CreateBaseline(int seed = 0, int maxThreads = 0) => Create(Models.Architectures.Baseline, seed, maxThreads);

    /// <summary>The baseline with strides in place of pooling: 251,987 parameters, stride 8, 16 latent channels.</summary>
    /// <inheritdoc cref="CreateBaseline"/>
    public static Autoencoder CreateStrided(int seed = 0, int maxThreads = 0) => Create(Models.Architectures.Strided, seed, maxThreads);

    /// <summary>The strided one with residual blocks between: 883,955 parameters, stride 8, 16 latent channels.</summary>
    /// <inheritdoc cref="CreateBaseline"/>
    public static Autoencoder CreateResidual(int seed = 0, int maxThreads = 0) => Create(Models.Architectures.Residual, seed, maxThreads);

    /// <summary>A variational autoencoder (Kingma and Welling, 2014): 8,729,283 parameters, 128 numbers for each 128×128 pixels.</summary>
    /// <inheritdoc cref="CreateBaseline"/>
    public static Autoencoder CreateVae(int seed = 0, int maxThreads = 0) => Create(Models.Architectures.Vae, seed, maxThreads);

    /// <summary>A variational autoencoder whose latent is a grid: 566,083 parameters, stride 8, 32 latent channels.</summary>
    /// <inheritdoc cref="CreateBaseline"/>
    public static Autoencoder CreateSpatialVae(int seed = 0, int maxThreads = 0) => Create(Models.Architectures.SpatialVae, seed, maxThreads);

    /// <summary>
    /// A codec for pictures of any kind at any rate, with a mean-scale hyperprior (Minnen et al., 2018): stride 16, 320 latent channels.
    /// </summary>
    /// <inheritdoc cref="CreateBaseline"/>
    public static Autoencoder CreateHyperprior(int seed = 0, int maxThreads = 0) => Create(Models.Architectures.Hyperprior, seed, maxThreads);

    /// <summary>Makes a model by its architecture's name.</summary>
    /// <param name="architecture">One of <see cref="Architectures"/>.</param>
    /// <param name="seed">What the weights are drawn from.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <exception cref="ArgumentException">There is no architecture of that name.</exception>
    public static Autoencoder Create(string architecture, int seed = 0, int maxThreads = 0) => Create(architecture, seed, maxThreads, LossOptions.Usual);

    /// <summary>Makes a model that is to be trained for something else than usual.</summary>
    internal static Autoencoder Create(string architecture, int seed, int maxThreads, LossOptions options)
    {
        Autoencoder model = CreateBlank(architecture, maxThreads, options);
        model.Network.Initialize(new RandomSource(seed));
        return model;
    }

    /// <summary>Makes a model whose weights someone else sets.</summary>
    internal static Autoencoder CreateBlank(string architecture, int maxThreads, LossOptions? options = null)
    {
        Network network = Models.Architectures.Create(architecture);
        return new Autoencoder(network, ModelCard.OfTraining(network, options ?? LossOptions.Usual), maxThreads);
    }
}
