using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Rate and distortion of a hyperprior model, each picture of the batch at a rate of its own. Noise stands for rounding where the rate
/// is counted (Ballé et al., 2017); the synthesis transforms see rounded values, gradients pass straight through (Minnen and Singh, 2020).
/// </summary>
internal static unsafe class HyperpriorLoss
{
    /// <summary>Costs grow with λ about as λ^0.4; divided by it, every rate has the same say in what the shared layers become.</summary>
    private const double Balance = -0.4;

    /// <summary>Rates are drawn as a power of an even number in [0, 1]: the high ones, of finer detail, take longer to learn.</summary>
    private const float RateSkew = 0.7f;

    /// <summary>The mean difference between neighbouring values of a usual photo.</summary>
    private const float UsualDetail = 9 / 255f;

    /// <summary>Added to it, so that a blank picture counts for about three usual ones.</summary>
    private const float LeastDetail = 1 / 255f;

    /// <summary>What a picture counts at a rate, 1 at the middle one.</summary>
    public static double Weight(double rate) => Math.Pow(RateGains.Lambda(rate) / RateGains.Lambda((RateGains.RateCount - 1) / 2.0), Balance);

    /// <summary>
    /// What each picture of a batch counts. Both parts of the loss grow in proportion to a picture's detail; divided by the root of it, a plain one has a say too,
    /// as it has where the quality of pictures is compared in decibels.
    /// </summary>
    /// <param name="rates">The pictures' rates.</param>
    /// <param name="pictures">Their values, one after another, three to a pixel.</param>
    /// <param name="width">Their width.</param>
    public static double[] Weights(float[] rates, ReadOnlySpan<float> pictures, int width)
    {
        double[] weights = new double[rates.Length];
        int length = pictures.Length / rates.Length;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Weight(rates[i]) * Math.Sqrt((UsualDetail + LeastDetail) / (Detail(pictures.Slice(i * length, length), 3 * width) + LeastDetail));
        }

        return weights;
    }

    /// <summary>The mean difference between a value of a picture and the next ones, to the right and below.</summary>
    private static double Detail(ReadOnlySpan<float> picture, int pitch)
    {
        double sum = 0;
        for (int i = 0; i < picture.Length - pitch - 3; i++)
        {
            sum += MathF.Abs(picture[i] - picture[i + 3]) + MathF.Abs(picture[i] - picture[i + pitch]);
        }

        return sum / (2.0 * picture.Length);
    }

    /// <summary>The rate of a picture, 0 … <see cref="RateGains.RateCount"/> − 1.</summary>
    public static float DrawRate(RandomSource random) => (RateGains.RateCount - 1) * MathF.Pow(random.NextSingle(), RateSkew);

    /// <summary>Runs a step, and leaves gradients in the parameters.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="network">The networks.</param>
    /// <param name="pictures">The batch.</param>
    /// <param name="random">For each picture, where its rate and its noise come from.</param>
    /// <param name="batchCount">Pictures in the whole step, of which these are a share.</param>
    /// <returns>The share of the step's figures.</returns>
    public static StepResult Run(ComputeScope scope, HyperpriorNetwork network, Tensor pictures, RandomSource[] random, int batchCount)
    {
        EntropyModel entropyModel = network.EntropyModel;
        RateGains tables = entropyModel.Gains;
        int count = pictures.Count;
        float[] rates = [.. random.Select(DrawRate)];
        double perPixel = 1.0 / ((double)pictures.Height * pictures.Width * batchCount);
        double perValue = 1.0 / ((double)pictures.PictureLength * batchCount);
        Tensor latent = network.Encoder.Forward(scope, pictures);
        Tensor gained = ApplyGains(scope, tables, tables.LogGains, latent, rates);
        Tensor hyperLatent = entropyModel.HyperLatent.Analysis.Forward(scope, gained);
        double[] bits = new double[count];
        double[] weights = Weights(rates, pictures.Span, pictures.Width);
        float[] bitWeights = [.. weights.Select(weight => (float)(weight * perPixel))];
        Tensor roundedHyper = CodeHyperLatent(scope, entropyModel.HyperLatent, hyperLatent, bitWeights, random, bits);
        Tensor parameters = entropyModel.HyperLatent.Synthesis.Forward(scope, roundedHyper);
        HyperpriorRate rate = new(scope, entropyModel.Groups, random, bitWeights);
        Tensor rounded = rate.CodeLatent(gained, parameters);
        Tensor restored = ApplyGains(scope, tables, tables.LogInverseGains, rounded, rates);
        Tensor output = network.Decoder.Forward(scope, AddOffsets(scope, tables, restored, rates));

        Tensor gradient = scope.GradientOf(output);
        double[] errors = new double[count];
        scope.For(count, i =>
        {
            nint offset = i * output.PictureLength;
            double weight = weights[i] * RateGains.Lambda(rates[i]) * Distortion.PixelScale;
            errors[i] = SquaredError.Run(
                output.Data + offset, pictures.Data + offset, gradient.Data + offset, output.PictureLength, (float)(2 * weight * perValue));
        });
        scope.Backward();

        double loss = 0;
        for (int i = 0; i < count; i++)
        {
            bits[i] += rate.Bits[i];
            loss += weights[i] * (bits[i] * perPixel + RateGains.Lambda(rates[i]) * Distortion.PixelScale * errors[i] * perValue);
        }

        return new StepResult(errors.Sum() * perValue, bits.Sum() * perPixel, loss);
    }

    /// <summary>Multiplies each channel by its gain at the picture's rate.</summary>
    private static Tensor ApplyGains(ComputeScope scope, RateGains tables, Parameter logGains, Tensor input, float[] rates)
    {
        Tensor output = scope.Create(input.Count, input.Shape);
        output.NeedsGradient = true;
        int channels = input.Channels;
        float[][] gains = [.. rates.Select(rate => tables.At(logGains, rate).Select(MathF.Exp).ToArray())];
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
            Spread(logGains, byLogGain, rates);
            Gradients.Accumulate(scope, input, gradient);
        });
        return output;
    }

    /// <summary>Adds to each channel its offset at the picture's rate.</summary>
    private static Tensor AddOffsets(ComputeScope scope, RateGains tables, Tensor input, float[] rates)
    {
        Tensor output = scope.Create(input.Count, input.Shape);
        output.NeedsGradient = true;
        int channels = input.Channels;
        scope.For(input.Count, i =>
        {
            float[] offsets = tables.At(tables.Offsets, rates[i]);
            ReadOnlySpan<float> from = input.Picture(i);
            Span<float> to = output.Picture(i);
            for (int j = 0; j < to.Length; j++)
            {
                to[j] = from[j] + offsets[j % channels];
            }
        });
        scope.Record(() =>
        {
            Tensor gradient = output.Gradient!;
            double[][] byOffset = new double[input.Count][];
            scope.For(input.Count, i =>
            {
                byOffset[i] = new double[channels];
                ReadOnlySpan<float> back = gradient.Picture(i);
                for (int j = 0; j < back.Length; j++)
                {
                    byOffset[i][j % channels] += back[j];
                }
            });
            Spread(tables.Offsets, byOffset, rates);
            Gradients.Accumulate(scope, input, gradient);
        });
        return output;
    }

    /// <summary>Adds gradients by each picture's channels at its rate to those by the learned rates that it lies between.</summary>
    private static void Spread(Parameter table, double[][] gradients, float[] rates)
    {
        for (int i = 0; i < rates.Length; i++)
        {
            int channels = gradients[i].Length;
            (int index, float part) = RateGains.Locate(rates[i]);
            Span<float> lower = table.Gradient.Slice(index * channels, channels);
            Span<float> upper = table.Gradient.Slice((index + 1) * channels, channels);
            for (int channel = 0; channel < channels; channel++)
            {
                lower[channel] += (1 - part) * (float)gradients[i][channel];
                upper[channel] += part * (float)gradients[i][channel];
            }
        }
    }

    /// <summary>Rounds the hyper-latent around its channels' means and counts its bits under the learned prior.</summary>
    private static Tensor CodeHyperLatent(
        ComputeScope scope, HyperLatent model, Tensor hyperLatent, float[] weights, RandomSource[] random, double[] bits)
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
            Span<float> means = model.Means.Values;
            Span<float> logScales = model.LogScales.Values;
            float* from = hyperLatent.Data + i * hyperLatent.PictureLength;
            float* to = rounded.Data + i * hyperLatent.PictureLength;
            float scale = weights[i];
            for (int j = 0; j < byValue[i].Length; j++)
            {
                int channel = j % channels;
                float distance = from[j] - means[channel];
                to[j] = MathF.Round(distance) + means[channel];
                bits[i] += NormalRate.Bits(distance + random[i].NextSingle(-0.5f, 0.5f), logScales[channel], out float slope, out float scaleSlope);
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
                ElementwiseSum.AddTo(gradient.Picture(i), byValue[i]);
                for (int channel = 0; channel < channels; channel++)
                {
                    model.Means.Gradient[channel] += (float)byMean[i][channel];
                    model.LogScales.Gradient[channel] += (float)byLogScale[i][channel];
                }
            }

            Gradients.Accumulate(scope, hyperLatent, gradient);
        });
        return rounded;
    }
}
