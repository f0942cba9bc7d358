namespace ImageCodec.Models.Tests;

/// <summary>A hyperprior codec as training begins with it, but with steps as coarse as training makes them.</summary>
internal static class HyperpriorModel
{
    private const float LogCoarseness = 0.62f;

    public static ImageCompressor Create(int maxThreads = 0)
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        Hyperprior hyperprior = model.Network.Hyperprior!;
        for (int i = 0; i < hyperprior.LogGains.Length; i++)
        {
            hyperprior.LogGains.Values[i] -= LogCoarseness;
            hyperprior.LogInverseGains.Values[i] += LogCoarseness;
        }

        return ModelWeights.Load(model.ToWeightsFile(new Dictionary<string, string>()), maxThreads);
    }
}
