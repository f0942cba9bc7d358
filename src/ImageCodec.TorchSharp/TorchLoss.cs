using ImageCodec.Models;
using ImageCodec.Models.Autoencoders;
using ImageCodec.Models.Transforms;
using ImageCodec.Models.Vaes;
using ImageCodec.NeuralNetworks;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>
/// The losses of plain and variational autoencoders; see <see cref="QuantizedLoss"/> and <see cref="VaeLoss"/>. Random numbers are drawn in the order in which
/// the library's own steps draw them, so that both have the same loss.
/// </summary>
internal static class TorchLoss
{
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

    /// <summary><see cref="QuantizedLoss.Run"/> for tensors.</summary>
    public static StepResult Quantized(TorchAutoencoder module, Tensor pictures, LossOptions options, RandomSource[] random)
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
            if (QuantizedLoss.IsNoisy(i))
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
        Tensor rate = (latent * TorchTensors.FromPlaces(slopes, random.Length, shape, latent.device)).sum() * (options.RateWeight / pixels);
        double error = Backward(module, through, pictures, options.Lambda * Distortion.PixelScale, rate);
        return new StepResult(error, bits / pixels, bits / pixels + options.Lambda * Distortion.PixelScale * error);
    }

    /// <summary><see cref="QuantizedLoss.RunNoisy"/> for tensors.</summary>
    public static StepResult Noisy(TorchAutoencoder module, Tensor pictures, int bits, RandomSource[] random)
    {
        Tensor latent = module.Encode(pictures);
        Tensor width = latent.detach().max().clamp_min(0) / (1 << (bits + 1));
        double error = Backward(module, latent + width * Noise(TorchTensors.Shape(latent), random, latent.device, source => source.NextSingle()), pictures, 1, null);
        return new StepResult(error, 0, error);
    }

    /// <summary><see cref="VaeLoss.Run"/> for tensors.</summary>
    public static StepResult Variational(TorchAutoencoder module, TorchConvolution head, Tensor pictures, LossOptions options, RandomSource[] random)
    {
        Tensor features = module.Features(pictures);
        Tensor mean = module.Mean(features);
        Tensor log = head.call(features).clamp(-20, 20);
        Tensor sample = mean + (log / 2).exp() * Noise(TorchTensors.Shape(mean), random, mean.device, source => source.NextNormal());
        Tensor divergence = (0.5 * (mean.square() + log.exp() - 1 - log)).sum() / (Math.Log(2) * Pixels(pictures));
        double error = Backward(module, sample, pictures, options.Lambda * Distortion.PixelScale, options.RateWeight * divergence);
        double bits = divergence.item<float>();
        return new StepResult(error, bits, bits + options.Lambda * Distortion.PixelScale * error);
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
