using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Training;

/// <summary>
/// Rate and distortion of a hyperprior model, each picture of the batch at a rate of its own. Noise stands for rounding where the rate
/// is counted (Ballé et al., 2017); the synthesis transforms see rounded values, gradients pass straight through (Minnen and Singh, 2020).
/// </summary>
internal static unsafe class HyperpriorLoss
{
    private const double PixelScale = 255.0 * 255.0;

    /// <summary>Costs grow with λ about as λ^0.4; divided by it, every rate has the same say in what the shared layers become.</summary>
    private const double Balance = -0.4;

    /// <summary>What a picture counts at a rate, 1 at the middle one.</summary>
    public static double Weight(double rate) => Math.Pow(Hyperprior.Lambda(rate) / Hyperprior.Lambda((Hyperprior.AnchorCount - 1) / 2.0), Balance);

    /// <summary>Runs a step, and leaves gradients in the parameters.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="model">The model.</param>
    /// <param name="pictures">The batch.</param>
    /// <param name="random">Where rates and noise come from.</param>
    public static StepResult Run(ComputeScope scope, Autoencoder model, Tensor pictures, RandomSource random)
    {
        Hyperprior hyperprior = model.Network.Hyperprior!;
        int count = pictures.Count;
        float[] rates = new float[count];
        RandomSource[] noise = new RandomSource[count];
        for (int i = 0; i < count; i++)
        {
            rates[i] = random.NextSingle(0, Hyperprior.AnchorCount - 1);
            noise[i] = new RandomSource(random.Next(int.MaxValue));
        }

        double perPixel = 1.0 / ((double)pictures.Height * pictures.Width * count);
        Tensor latent = model.Network.Encoder.Forward(scope, pictures);
        Tensor gained = ApplyGains(scope, hyperprior, hyperprior.LogGains, latent, rates);
        Tensor hyperLatent = hyperprior.Analysis.Forward(scope, gained);
        double[] bits = new double[count];
        Tensor roundedHyper = CodeHyperLatent(scope, hyperprior, hyperLatent, i => Weight(rates[i]) * perPixel, noise, bits);
        Tensor features = hyperprior.Synthesis.Forward(scope, roundedHyper);
        Tensor firstHalf = CodeHalf(scope, gained, hyperprior.Head.Forward(scope, features), 0, null, i => Weight(rates[i]) * perPixel, noise, bits);
        Tensor informed = hyperprior.AddContext(scope, features, firstHalf);
        Tensor rounded = CodeHalf(scope, gained, hyperprior.Head.Forward(scope, informed), 1, firstHalf, i => Weight(rates[i]) * perPixel, noise, bits);
        Tensor restored = ApplyGains(scope, hyperprior, hyperprior.LogInverseGains, rounded, rates);
        Tensor output = model.Network.Decoder.Forward(scope, restored);

        Tensor gradient = scope.GradientOf(output);
        double[] errors = new double[count];
        scope.For(count, i =>
        {
            nint offset = i * output.PictureLength;
            double weight = Weight(rates[i]) * Hyperprior.Lambda(rates[i]) * PixelScale;
            errors[i] = SquaredError.Run(
                output.Data + offset, pictures.Data + offset, gradient.Data + offset, output.PictureLength, (float)(2 * weight / output.Length));
        });
        scope.Backward();

        double loss = 0;
        for (int i = 0; i < count; i++)
        {
            loss += Weight(rates[i]) * (bits[i] * perPixel + Hyperprior.Lambda(rates[i]) * PixelScale * errors[i] / output.Length);
        }

        return new StepResult(errors.Sum() / output.Length, bits.Sum() * perPixel, loss);
    }

    /// <summary>Multiplies each channel by its gain at the picture's rate.</summary>
    private static Tensor ApplyGains(ComputeScope scope, Hyperprior hyperprior, Parameter logGains, Tensor input, float[] rates)
    {
        Tensor output = scope.Create(input.Count, input.Shape);
        output.NeedsGradient = true;
        int channels = input.Channels;
        float[][] gains = [.. rates.Select(rate => Enumerable.Range(0, channels).Select(c => MathF.Exp(hyperprior.LogGain(logGains, rate, c))).ToArray())];
        scope.For(input.Count, i =>
        {
            float* from = input.Data + i * input.PictureLength;
            float* to = output.Data + i * input.PictureLength;
            for (nint j = 0; j < input.PictureLength; j++)
            {
                to[j] = from[j] * gains[i][j % channels];
            }
        });
        scope.Record(() =>
        {
            Tensor gradient = output.Gradient!;
            double[][] byLogGain = new double[input.Count][];
            scope.For(input.Count, i =>
            {
                byLogGain[i] = new double[channels];
                float* back = gradient.Data + i * input.PictureLength;
                float* value = output.Data + i * input.PictureLength;
                for (nint j = 0; j < input.PictureLength; j++)
                {
                    int channel = (int)(j % channels);
                    byLogGain[i][channel] += (double)back[j] * value[j];
                    back[j] *= gains[i][channel];
                }
            });
            for (int i = 0; i < input.Count; i++)
            {
                (int anchor, float part) = Hyperprior.Anchor(rates[i]);
                Span<float> lower = logGains.Gradient.Slice(anchor * channels, channels);
                Span<float> upper = logGains.Gradient.Slice((anchor + 1) * channels, channels);
                for (int channel = 0; channel < channels; channel++)
                {
                    lower[channel] += (1 - part) * (float)byLogGain[i][channel];
                    upper[channel] += part * (float)byLogGain[i][channel];
                }
            }

            Gradients.Accumulate(scope, input, gradient);
        });
        return output;
    }

    /// <summary>Rounds the hyper-latent around its channels' means and counts its bits under the learned prior.</summary>
    private static Tensor CodeHyperLatent(
        ComputeScope scope, Hyperprior hyperprior, Tensor hyperLatent, Func<int, double> weight, RandomSource[] noise, double[] bits)
    {
        Tensor rounded = scope.Create(hyperLatent.Count, hyperLatent.Shape);
        rounded.NeedsGradient = true;
        int channels = hyperLatent.Channels;
        float[][] byValue = new float[hyperLatent.Count][];
        double[][] byMean = new double[hyperLatent.Count][];
        double[][] byLogScale = new double[hyperLatent.Count][];
        scope.For(hyperLatent.Count, i =>
        {
            (byValue[i], byMean[i], byLogScale[i]) = (new float[hyperLatent.PictureLength], new double[channels], new double[channels]);
            Span<float> means = hyperprior.PriorMeans.Values;
            Span<float> logScales = hyperprior.PriorLogScales.Values;
            float* from = hyperLatent.Data + i * hyperLatent.PictureLength;
            float* to = rounded.Data + i * hyperLatent.PictureLength;
            float scale = (float)weight(i);
            for (int j = 0; j < byValue[i].Length; j++)
            {
                int channel = j % channels;
                float distance = from[j] - means[channel];
                to[j] = MathF.Round(distance) + means[channel];
                bits[i] += NormalRate.Bits(distance + noise[i].NextSingle(-0.5f, 0.5f), logScales[channel], out float slope, out float scaleSlope);
                byValue[i][j] = scale * slope;
                byMean[i][channel] -= scale * slope;
                byLogScale[i][channel] += scale * scaleSlope;
            }
        });
        scope.Record(() =>
        {
            Tensor gradient = rounded.Gradient!;
            for (int i = 0; i < hyperLatent.Count; i++)
            {
                AddTo(gradient.Picture(i), byValue[i]);
                for (int channel = 0; channel < channels; channel++)
                {
                    hyperprior.PriorMeans.Gradient[channel] += (float)byMean[i][channel];
                    hyperprior.PriorLogScales.Gradient[channel] += (float)byLogScale[i][channel];
                }
            }

            Gradients.Accumulate(scope, hyperLatent, gradient);
        });
        return rounded;
    }

    /// <summary>Rounds half of the latent around its predicted means and counts its bits under the predicted distributions.</summary>
    /// <returns>The rounded half, and in the other one what <paramref name="known"/> has there, or zero.</returns>
    private static Tensor CodeHalf(
        ComputeScope scope, Tensor latent, Tensor predictions, int half, Tensor? known, Func<int, double> weight, RandomSource[] noise, double[] bits)
    {
        Tensor rounded = known is null ? scope.CreateZero(latent.Count, latent.Shape) : scope.Create(latent.Count, latent.Shape);
        rounded.NeedsGradient = true;
        Tensor predictionGradient = scope.GradientOf(predictions);
        Tensor rateGradient = scope.CreateZero(latent.Count, latent.Shape);
        int channels = latent.Channels;
        scope.For(latent.Count, i =>
        {
            float scale = (float)weight(i);
            double sum = 0;
            known?.Picture(i).CopyTo(rounded.Picture(i));
            for (int row = 0; row < latent.Height; row++)
            {
                for (int column = (row + half) & 1; column < latent.Width; column += 2)
                {
                    nint place = i * latent.PictureLength + ((nint)row * latent.Width + column) * channels;
                    float* mean = predictions.Data + 2 * place;
                    float* back = predictionGradient.Data + 2 * place;
                    for (int channel = 0; channel < channels; channel++)
                    {
                        float distance = latent.Data[place + channel] - mean[channel];
                        rounded.Data[place + channel] = MathF.Round(distance) + mean[channel];

                        // The tables end at the lowest scale: nothing is gained by predicting a lower one, but the way back stays open.
                        float predicted = mean[channels + channel];
                        float logScale = Math.Clamp(predicted, HyperpriorLatentCodec.LowestLogScale, HighestLogScale);
                        sum += NormalRate.Bits(distance + noise[i].NextSingle(-0.5f, 0.5f), logScale, out float slope, out float scaleSlope);
                        rateGradient.Data[place + channel] = scale * slope;
                        back[channel] = -scale * slope;
                        bool leavesRange = logScale != predicted && (predicted < logScale) == (scaleSlope > 0);
                        back[channels + channel] = leavesRange ? 0 : scale * scaleSlope;
                    }
                }
            }

            bits[i] += sum;
        });
        scope.Record(() =>
        {
            // What flowed back to the known half goes on to where it came from, which passes it on to the latent.
            Tensor gradient = rounded.Gradient!;
            if (known is not null)
            {
                Gradients.Add(scope, scope.GradientOf(known), gradient);
            }

            ClearHalf(gradient, 1 - half);
            Gradients.Add(scope, gradient, rateGradient);
            Gradients.Accumulate(scope, latent, gradient);
        });
        return rounded;
    }

    private static void ClearHalf(Tensor tensor, int half)
    {
        for (int i = 0; i < tensor.Count; i++)
        {
            for (int row = 0; row < tensor.Height; row++)
            {
                for (int column = (row + half) & 1; column < tensor.Width; column += 2)
                {
                    tensor.Picture(i).Slice((row * tensor.Width + column) * tensor.Channels, tensor.Channels).Clear();
                }
            }
        }
    }

    private static float HighestLogScale =>
        HyperpriorLatentCodec.LowestLogScale + (HyperpriorLatentCodec.ScaleCount - 1) * HyperpriorLatentCodec.LogScaleStep;

    private static void AddTo(Span<float> sum, ReadOnlySpan<float> addend)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += addend[i];
        }
    }
}
