using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Vaes;

/// <summary>The prior that fits the latents of a VAE's training pictures.</summary>
internal static class PriorEstimate
{
    private const int MaxPictures = 256;

    /// <summary>
    /// Takes, channel by channel, the root mean square of the means, and that of the posterior's deviations: the noise that the
    /// decoder saw.
    /// </summary>
    /// <param name="network">A VAE.</param>
    /// <param name="model">Its model.</param>
    /// <param name="pictures">The pictures; of more than 256 the first ones are taken, of each a square without shift or mirroring.</param>
    /// <param name="side">The side of the squares.</param>
    public static GaussianPrior Of(VaeNetwork network, Autoencoder model, IReadOnlyList<RgbImage> pictures, int side)
    {
        double[] means = new double[network.LatentChannels];
        double[] variances = new double[means.Length];
        double places = 0;
        RandomSource random = new(0);
        foreach (RgbImage picture in pictures.Take(MaxPictures))
        {
            using ComputeScope scope = new(model.Workspace, model.MaxThreads, recording: false);
            Tensor input = scope.Create(1, new TensorShape(side, side, 3));
            PictureCrop.Take(picture, side, 0, mayMirror: false, random, input.Picture(0));
            Tensor features = network.Features.Forward(scope, input);
            Span<float> mean = network.Mean.Forward(scope, features).Span;
            Span<float> logVariance = network.LogVariance.Forward(scope, features).Span;
            for (int i = 0; i < mean.Length; i++)
            {
                means[i % means.Length] += (double)mean[i] * mean[i];
                variances[i % means.Length] += Math.Exp(VaeLoss.ClampLogVariance(logVariance[i]));
            }

            places += mean.Length / means.Length;
        }

        return new GaussianPrior(
            [.. means.Select(sum => (float)Math.Sqrt(sum / places))], [.. variances.Select(sum => (float)Math.Sqrt(sum / places))]);
    }
}
