using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models;

/// <summary>
/// Lets a model begin with what another one has learned (after Chen, Goodfellow and Shlens, «Net2Net», 2016): convolutions are taken over in order,
/// and residual blocks that the other one lacks begin as the identity.
/// </summary>
internal static class Transplant
{
    /// <summary>Sets a model's weights from a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">Weights of the same architecture, or of one with the same convolutions outside residual blocks.</param>
    /// <exception cref="InvalidFileException">The file's weights do not fit.</exception>
    public static void Run(Autoencoder model, WeightsFile file)
    {
        using Autoencoder source = ModelWeights.LoadModel(file, maxThreads: 1);
        if (source.Architecture == model.Architecture)
        {
            model.Network.Load(file);
            return;
        }

        ConvolutionLayer[] from = [.. source.Network.Blocks.OfType<ConvolutionLayer>()];
        ConvolutionLayer[] to = [.. model.Network.Blocks.OfType<ConvolutionLayer>()];
        bool fits = from.Length == to.Length && from.Zip(to).All(pair => pair.First.Weight.Layout.FileShape.AsSpan().SequenceEqual(pair.Second.Weight.Layout.FileShape));
        if (!fits)
        {
            throw new InvalidFileException(
                file.Format, $"its weights are of «{source.Architecture}», which has other convolutions than «{model.Architecture}»; these can't begin with them.");
        }

        for (int i = 0; i < to.Length; i++)
        {
            Copy(from[i].Weight, to[i].Weight);
            Copy(from[i].Bias, to[i].Bias);
        }

        foreach (ResidualBlock block in model.Network.Blocks.OfType<ResidualBlock>())
        {
            block.BecomeIdentity();
        }
    }

    private static void Copy(Parameter from, Parameter to)
    {
        from.Values.CopyTo(to.Values);
        to.Changed();
    }
}
