using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Training;

/// <summary>What a step's loss was made of, means over its pictures.</summary>
/// <param name="MeanSquaredError">On the scale of values in [0, 1].</param>
/// <param name="BitsPerPixel">The rate; 0 where the loss sees none.</param>
/// <param name="Loss">What was minimised.</param>
internal readonly record struct StepResult(double MeanSquaredError, double BitsPerPixel, double Loss);

/// <summary>The losses of the recipes: each runs a model on a batch and leaves gradients in its parameters.</summary>
internal static unsafe class RateDistortionLoss
{
    private const double PixelScale = 255.0 * 255.0;

    /// <summary>Squared error through the real quantiser, plus the bits of an ideal adaptive coder.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="model">The model.</param>
    /// <param name="pictures">The batch.</param>
    /// <param name="bits">Bits of a symbol.</param>
    /// <param name="lambda">The price of distortion.</param>
    /// <param name="rateWeight">The share of the rate's gradient that counts, 0 … 1.</param>
    /// <param name="random">For each picture, where noise comes from.</param>
    public static StepResult Quantized(ComputeScope scope, Autoencoder model, Tensor pictures, int bits, double lambda, double rateWeight, RandomSource[] random)
    {
        Tensor latent = model.Network.Encoder.Forward(scope, pictures);
        Tensor quantized = scope.Create(latent.Count, latent.Shape);
        Tensor rateGradient = scope.Create(latent.Count, latent.Shape);
        quantized.NeedsGradient = true;
        double pixels = (double)pictures.Height * pictures.Width * pictures.Count;
        double totalBits = 0;
        for (int i = 0; i < latent.Count; i++)
        {
            totalBits += SymbolQuantization.Forward(latent.Picture(i), bits, latent.Channels, quantized.Picture(i), rateGradient.Picture(i));
            if (IsNoisy(i))
            {
                SymbolQuantization.AddNoise(latent.Picture(i), bits, quantized.Picture(i), random[i]);
            }
        }

        scope.Record(() =>
        {
            Tensor gradient = quantized.Gradient!;
            float scale = (float)(rateWeight / pixels);
            for (int i = 0; i < latent.Count; i++)
            {
                Span<float> values = gradient.Picture(i);
                SymbolQuantization.Backward(latent.Picture(i), quantized.Picture(i), values);
                ReadOnlySpan<float> rate = rateGradient.Picture(i);
                for (int j = 0; j < values.Length; j++)
                {
                    values[j] += scale * rate[j];
                }
            }

            latent.Gradient = gradient;
        });
        double error = Decode(scope, model, quantized, pictures, lambda * PixelScale);
        return new StepResult(error, totalBits / pixels, totalBits / pixels + lambda * PixelScale * error);
    }

    /// <summary>Squared error alone, the latent disturbed by noise on one side.</summary>
    public static StepResult Noisy(ComputeScope scope, Autoencoder model, Tensor pictures, int bits, RandomSource[] random)
    {
        Tensor latent = model.Network.Encoder.Forward(scope, pictures);
        float largest = 0;
        foreach (float value in latent.Span)
        {
            largest = Math.Max(largest, value);
        }

        // In a tensor of its own: the encoder's ReLU still needs to know where it gave zero.
        float width = largest / (1 << (bits + 1));
        Tensor noisy = scope.Create(latent.Count, latent.Shape);
        noisy.NeedsGradient = true;
        for (nint i = 0; i < latent.Length; i++)
        {
            noisy.Data[i] = latent.Data[i] + width * random[i / latent.PictureLength].NextSingle();
        }

        scope.Record(() => latent.Gradient = noisy.Gradient);
        double error = Decode(scope, model, noisy, pictures, 1);
        return new StepResult(error, 0, error);
    }

    /// <summary>
    /// The evidence lower bound of a VAE (Kingma and Welling, 2014) on one scale: the divergence from the standard normal prior in
    /// bits per pixel, and the squared error at λ.
    /// </summary>
    public static StepResult Variational(ComputeScope scope, Autoencoder model, Tensor pictures, double lambda, double rateWeight, RandomSource[] random)
    {
        VarianceBranch branch = model.Network.LogVariance!;
        Tensor features = branch.Features.Forward(scope, pictures);
        Tensor mean = branch.Mean.Forward(scope, features);
        Tensor logVariance = branch.LogVariance.Forward(scope, features);
        Tensor sample = scope.Create(mean.Count, mean.Shape);
        Tensor noise = scope.Create(mean.Count, mean.Shape);
        sample.NeedsGradient = true;
        double scale = 1 / (Math.Log(2) * pictures.Height * pictures.Width * pictures.Count);
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
            double rateScale = rateWeight * scale;
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
        double error = Decode(scope, model, sample, pictures, lambda * PixelScale);
        return new StepResult(error, divergence * scale, divergence * scale + lambda * PixelScale * error);
    }

    /// <summary>
    /// Every second picture gets noise in place of rounding: rounding alone would let the latent drift away from its cells' centres,
    /// and the model be no good at finer settings.
    /// </summary>
    public static bool IsNoisy(int picture) => picture % 2 == 1;

    /// <summary>Keeps variances within what can be computed with.</summary>
    public static float ClampLogVariance(float value) => Math.Clamp(value, -20, 20);

    /// <summary>Decodes, sets the gradient of <paramref name="weight"/> times the mean squared error, and runs the tape back.</summary>
    private static double Decode(ComputeScope scope, Autoencoder model, Tensor latent, Tensor pictures, double weight)
    {
        Tensor output = model.Network.Decoder.Forward(scope, latent);
        Tensor gradient = scope.GradientOf(output);
        double[] errors = new double[output.Count];
        float slope = (float)(2 * weight / output.Length);
        scope.For(output.Count, i =>
        {
            nint offset = i * output.PictureLength;
            errors[i] = SquaredError.Run(output.Data + offset, pictures.Data + offset, gradient.Data + offset, output.PictureLength, slope);
        });
        scope.Backward();
        return errors.Sum() / output.Length;
    }
}
