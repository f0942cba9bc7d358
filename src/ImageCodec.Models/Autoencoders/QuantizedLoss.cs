using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Autoencoders;

/// <summary>The losses of the plain autoencoders: each runs the networks on a batch and leaves gradients in their parameters.</summary>
internal static unsafe class QuantizedLoss
{
    /// <summary>Squared error through the real quantiser, plus the bits of an ideal adaptive coder.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="network">The networks.</param>
    /// <param name="pictures">The batch, or a share of it.</param>
    /// <param name="options">Bits, λ, what the rate counts, and which share it is.</param>
    /// <param name="random">For each picture, where noise comes from.</param>
    public static StepResult Run(ComputeScope scope, Network network, Tensor pictures, LossOptions options, RandomSource[] random)
    {
        int bits = options.Bits;
        Tensor latent = network.Encoder.Forward(scope, pictures);
        Tensor quantized = scope.Create(latent.Count, latent.Shape);
        Tensor rateGradient = scope.Create(latent.Count, latent.Shape);
        quantized.NeedsGradient = true;
        double pixels = (double)pictures.Height * pictures.Width * options.BatchCount;
        double totalBits = 0;
        for (int i = 0; i < latent.Count; i++)
        {
            totalBits += SymbolQuantization.Forward(latent.Picture(i), bits, latent.Channels, quantized.Picture(i), rateGradient.Picture(i));
            if (IsNoisy(options.FirstPicture + i))
            {
                SymbolQuantization.AddNoise(latent.Picture(i), bits, quantized.Picture(i), random[i]);
            }
        }

        scope.Record(() =>
        {
            Tensor gradient = quantized.Gradient!;
            float scale = (float)(options.RateWeight / pixels);
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
        double weight = options.Lambda * Distortion.PixelScale;
        double error = Distortion.Run(scope, network, quantized, pictures, options.BatchCount, weight);
        return new StepResult(error, totalBits / pixels, totalBits / pixels + weight * error);
    }

    /// <summary>Squared error alone, the latent disturbed by noise on one side, in proportion to the largest value of the whole batch.</summary>
    public static StepResult RunNoisy(ComputeScope scope, Network network, Tensor pictures, int bits, RandomSource[] random)
    {
        Tensor latent = network.Encoder.Forward(scope, pictures);
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
        double error = Distortion.Run(scope, network, noisy, pictures, pictures.Count, 1);
        return new StepResult(error, 0, error);
    }

    /// <summary>
    /// Every second picture gets noise in place of rounding: rounding alone would let the latent drift away from its cells' centres,
    /// and the model be no good at finer settings.
    /// </summary>
    public static bool IsNoisy(int picture) => picture % 2 == 1;
}
