namespace ImageCodec.Models.Tests;

/// <summary>A hyperprior codec as training begins with it.</summary>
internal static class HyperpriorModel
{
    public static ImageCompressor Create(int maxThreads = 0)
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        return ModelWeights.Load(model.Network.ToWeightsFile(new Dictionary<string, string>()), maxThreads);
    }
}
