using ImageCodec.NeuralNetworks;
using ImageCodec.Training;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>
/// The losses of the recipes for models without a hyperprior; see <see cref="RateDistortionLoss"/>. Random numbers are drawn in the order in which
/// the library's own steps draw them, so that both have the same loss.
/// </summary>
internal static class TorchLoss
{
    private const double PixelScale = 255.0 * 255.0;

    /// <summary>Runs a step up to the gradients.</summary>
    public static StepResult Run(TorchAutoencoder module, Tensor pictures, RandomSource[] random, TrainingOptions options, double rateWeight) =>
        module switch
        {
            { LogVariance: { } head } => Variational(module, head, pictures, options.Lambda, rateWeight, random),
            _ when options.Recipe == TrainingRecipe.Seed => Noisy(module, pictures, options.Bits, random),
            _ => Quantized(module, pictures, options, rateWeight, random),
        };

    /// <summary>Noise as the library draws it: picture after picture, each place's channels side by side.</summary>
    public static Tensor Noise(TensorShape shape, RandomSource[] random, Device device, Func<RandomSource, float> draw)
    {
        float[] values = new float[random.Length * shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = draw(random[i / (int)shape.Length]);
        }

        return TorchTensors.FromPlaces(values, random.Length, shape, device);
    }

    private static StepResult Quantized(
        TorchAutoencoder module, Tensor pictures, TrainingOptions options, double rateWeight, RandomSource[] random)
    {
        Tensor latent = module.Encode(pictures);
        TensorShape shape = TorchTensors.Shape(latent);
        int length = (int)shape.Length;
        float[] values = TorchTensors.ToPlaces(latent);
        float[] quantized = new float[values.Length];
        float[] slopes = new float[values.Length];
        double bits = 0;
        for (int i = 0; i < random.Length; i++)
        {
            Span<float> picture = values.AsSpan(i * length, length);
            bits += SymbolQuantization.Forward(picture, options.Bits, shape.Channels, quantized.AsSpan(i * length, length), slopes.AsSpan(i * length, length));
            if (RateDistortionLoss.IsNoisy(i))
            {
                SymbolQuantization.AddNoise(picture, options.Bits, quantized.AsSpan(i * length, length), random[i]);
            }
        }

        // Straight through the rounding; the width of cells hangs on the largest value (see SymbolQuantization.Backward).
        Tensor rounded = TorchTensors.FromPlaces(quantized, random.Length, shape, latent.device);
        Tensor largest = latent.permute(0, 2, 3, 1).flatten(1).max(1).values.view(-1, 1, 1, 1);
        Tensor byRange = (rounded - latent.detach()) / largest.detach().clamp_min(float.Epsilon);
        Tensor through = rounded + (latent - latent.detach()) + (largest - largest.detach()) * byRange * (largest.detach() > 0);
        double pixels = Pixels(pictures);
        Tensor rate = (latent * TorchTensors.FromPlaces(slopes, random.Length, shape, latent.device)).sum() * (rateWeight / pixels);
        double error = Backward(module, through, pictures, options.Lambda * PixelScale, rate);
        return new StepResult(error, bits / pixels, bits / pixels + options.Lambda * PixelScale * error);
    }

    private static StepResult Noisy(TorchAutoencoder module, Tensor pictures, int bits, RandomSource[] random)
    {
        Tensor latent = module.Encode(pictures);
        Tensor width = latent.detach().max().clamp_min(0) / (1 << (bits + 1));
        double error = Backward(module, latent + width * Noise(TorchTensors.Shape(latent), random, latent.device, source => source.NextSingle()), pictures, 1, null);
        return new StepResult(error, 0, error);
    }

    private static StepResult Variational(
        TorchAutoencoder module, TorchConvolution head, Tensor pictures, double lambda, double rateWeight, RandomSource[] random)
    {
        Tensor features = module.Features(pictures);
        Tensor mean = module.Mean(features);
        Tensor log = head.call(features).clamp(-20, 20);
        Tensor sample = mean + (log / 2).exp() * Noise(TorchTensors.Shape(mean), random, mean.device, source => source.NextNormal());
        Tensor divergence = (0.5 * (mean.square() + log.exp() - 1 - log)).sum() / (Math.Log(2) * Pixels(pictures));
        double error = Backward(module, sample, pictures, lambda * PixelScale, rateWeight * divergence);
        double bits = divergence.item<float>();
        return new StepResult(error, bits, bits + lambda * PixelScale * error);
    }

    /// <summary>Decodes, and leads the gradient of the weighed mean squared error, and of the rate, back.</summary>
    private static double Backward(TorchAutoencoder module, Tensor latent, Tensor pictures, double weight, Tensor? rate)
    {
        Tensor error = (module.Decode(latent) - pictures).square().mean();
        Tensor loss = weight * error;
        (rate is null ? loss : loss + rate).backward();
        return error.item<float>();
    }

    private static double Pixels(Tensor pictures) => (double)pictures.shape[0] * pictures.shape[2] * pictures.shape[3];
}
