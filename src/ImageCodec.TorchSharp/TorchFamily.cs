using ImageCodec.Models;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.Models.Vaes;
using ImageCodec.Training;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>What is particular to a family of models beside its two transforms: further modules, and the loss.</summary>
internal abstract class TorchFamily
{
    /// <summary>The modules of a network's family. This is the one place that asks which it is: a family of the library knows nothing of TorchSharp.</summary>
    public static TorchFamily Of(Network network) => network switch
    {
        HyperpriorNetwork hyperprior => new TorchHyperprior(hyperprior),
        VaeNetwork vae => new TorchVae(vae),
        _ => new TorchPlain(),
    };

    /// <summary>Registers the further modules under their names in weights files.</summary>
    public virtual void Register(TorchAutoencoder module)
    {
    }

    /// <summary>Runs a step up to the gradients.</summary>
    /// <param name="module">The whole model.</param>
    /// <param name="pictures">The batch.</param>
    /// <param name="batch">The same, with where random numbers come from.</param>
    /// <param name="options">What is minimised.</param>
    public abstract StepResult RunLoss(TorchAutoencoder module, Tensor pictures, TrainingBatch batch, LossOptions options);
}

/// <summary>The plain autoencoders, which have nothing more.</summary>
internal sealed class TorchPlain : TorchFamily
{
    public override StepResult RunLoss(TorchAutoencoder module, Tensor pictures, TrainingBatch batch, LossOptions options) => options.IsNoisy
        ? TorchLoss.Noisy(module, pictures, options.Bits, batch.Random)
        : TorchLoss.Quantized(module, pictures, options, batch.Random);
}

/// <summary>The variational autoencoders: the head of the latent's log-variance, which only training uses.</summary>
internal sealed class TorchVae(VaeNetwork network) : TorchFamily
{
    /// <summary>Belongs to the module that it is registered with.</summary>
    public TorchConvolution LogVariance { get; } = new(network.LogVariance);

    public override void Register(TorchAutoencoder module) => module.register_module(network.LogVarianceName, LogVariance);

    public override StepResult RunLoss(TorchAutoencoder module, Tensor pictures, TrainingBatch batch, LossOptions options) =>
        TorchLoss.Variational(module, LogVariance, pictures, options, batch.Random);
}
