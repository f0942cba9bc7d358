using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Vaes;

/// <summary>
/// The evidence lower bound of a VAE (Kingma and Welling, 2014) on one scale: the divergence from the standard normal prior in
/// bits per pixel, and the squared error at λ.
/// </summary>
internal static unsafe class VaeLoss
{
    /// <summary>Runs the networks on the pictures of a step, or a share of them, and leaves gradients in their parameters.</summary>
    public static StepResult Run(ComputeScope scope, VaeNetwork network, Tensor pictures, LossOptions options, RandomSource[] random)
    {
        Tensor features = network.Features.Forward(scope, pictures);
        Tensor mean = network.Mean.Forward(scope, features);
        Tensor logVariance = network.LogVariance.Forward(scope, features);
        Tensor sample = scope.Create(mean.Count, mean.Shape);
        Tensor noise = scope.Create(mean.Count, mean.Shape);
        sample.NeedsGradient = true;
        double scale = 1 / (Math.Log(2) * pictures.Height * pictures.Width * options.BatchCount);
        double divergence = 0;
        for (nint i = 0; i < mean.Length; i++)
        {
            float log = ClampLogVariance(logVariance.Data[i]);
            noise.Data[i] = random[i / mean.PictureLength].NextNormal();
            sample.Data[i] = mean.Data[i] + MathF.Exp(log / 2) * noise.Data[i];
            divergence += 0.5 * (mean.Data[i] * mean.Data[i] + Math.Exp(log) - 1 - log);
        }

        scope.Record(() =>
        {
            Tensor meanGradient = scope.GradientOf(mean);
            Tensor logGradient = scope.GradientOf(logVariance);
            double rateScale = options.RateWeight * scale;
            for (nint i = 0; i < mean.Length; i++)
            {
                float log = ClampLogVariance(logVariance.Data[i]);
                float through = sample.Gradient!.Data[i];
                meanGradient.Data[i] += through + (float)(rateScale * mean.Data[i]);
                logGradient.Data[i] += log == logVariance.Data[i]
                    ? through * noise.Data[i] * MathF.Exp(log / 2) / 2 + (float)(rateScale * 0.5 * (Math.Exp(log) - 1))
                    : 0;
            }
        });
        double weight = options.Lambda * Distortion.PixelScale;
        double error = Distortion.Run(scope, network, sample, pictures, options.BatchCount, weight);
        return new StepResult(error, divergence * scale, divergence * scale + weight * error);
    }

    /// <summary>Keeps variances within what can be computed with.</summary>
    public static float ClampLogVariance(float value) => Math.Clamp(value, -20, 20);
}
