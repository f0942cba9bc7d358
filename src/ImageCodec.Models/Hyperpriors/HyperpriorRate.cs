using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// The bits of latents under the distributions that a hyperprior predicts, as <see cref="HyperpriorLatentCodec"/> codes them, with gradients. In training noise
/// stands for rounding where bits are counted, and what is rounded, with an eye on the rate as there, lets gradients pass straight through. Without noise
/// latents are taken for rounded, and their gradients are those of the bits of the values that are predicted from them.
/// </summary>
/// <param name="scope">The run, recording.</param>
/// <param name="groups">The channel groups.</param>
/// <param name="random">For each picture, where noise comes from; null for rounded latents.</param>
/// <param name="weights">For each picture, what a bit counts in the loss.</param>
internal sealed unsafe class HyperpriorRate(ComputeScope scope, IReadOnlyList<ChannelGroup> groups, RandomSource[]? random, float[] weights)
{
    /// <summary>The bits of each picture so far.</summary>
    public double[] Bits { get; } = new double[weights.Length];

    /// <summary>Rounds latents in their coding order, and counts their bits.</summary>
    /// <param name="latent">The latents, times their gains.</param>
    /// <param name="parameters">The entropy parameters that the hyper-latents give.</param>
    /// <returns>The latents as the decoder would have them.</returns>
    public Tensor CodeLatent(Tensor latent, Tensor parameters)
    {
        Tensor joined = scope.Create(latent.Count, latent.Shape);
        joined.NeedsGradient = true;
        foreach (CodingStep step in CodingOrder.Walk(scope, groups, parameters))
        {
            Tensor coded = Code(latent, step);
            step.Coded = coded;
            if (step.Positions == Positions.NonAnchor)
            {
                ChannelGroup group = step.Group;
                CopyChannels(coded, joined, group.FirstChannel);
                scope.Record(() => ElementwiseSum.AddChannels(scope, scope.GradientOf(coded), 0, joined.Gradient!, group.FirstChannel, group.Channels));
            }
        }

        return joined;
    }

    /// <summary>Rounds the positions of a step around their predicted means and counts their bits under the predicted distributions.</summary>
    /// <returns>The rounded positions, and in the others the anchors, or zero.</returns>
    private Tensor Code(Tensor latent, CodingStep step)
    {
        ChannelGroup group = step.Group;
        int channels = group.Channels;
        Tensor predictions = step.Prediction.Tensor;
        Tensor? known = step.Positions == Positions.NonAnchor ? step.Coded : null;
        RateDistortionQuantizer quantizer = RateDistortionQuantizer.Normal;
        TensorShape shape = latent.Shape with { Channels = channels };
        Tensor rounded = known is null ? step.Coded : scope.Create(latent.Count, shape);
        rounded.NeedsGradient = true;
        Tensor predictionGradient = scope.GradientOf(predictions);
        Tensor rateGradient = scope.CreateZero(latent.Count, shape);
        scope.For(latent.Count, i =>
        {
            float weight = weights[i];
            double sum = 0;
            known?.Picture(i).CopyTo(rounded.Picture(i));
            for (int row = 0; row < latent.Height; row++)
            {
                for (int column = Checkerboard.FirstColumn(step.Positions, row); column < latent.Width; column += 2)
                {
                    nint at = ((nint)i * latent.Height + row) * latent.Width + column;
                    float* from = latent.Data + at * latent.Channels + group.FirstChannel;
                    nint place = at * channels;
                    float* mean = predictions.Data + 2 * place;
                    float* back = predictionGradient.Data + 2 * place;
                    for (int channel = 0; channel < channels; channel++)
                    {
                        float distance = from[channel] - mean[channel];
                        float predicted = mean[channels + channel];
                        rounded.Data[place + channel] = random is null ? from[channel] : Round(distance, predicted) + mean[channel];

                        // The tables end at the lowest scale: nothing is gained by predicting a lower one, but the way back stays open.
                        float logScale = Math.Clamp(predicted, ScaleTable.LowestLogScale, ScaleTable.HighestLogScale);
                        sum += NormalRate.Bits(distance + (random?[i].NextSingle(-0.5f, 0.5f) ?? 0), logScale, out float slope, out float scaleSlope);
                        rateGradient.Data[place + channel] = weight * slope;
                        back[channel] = -weight * slope;
                        bool leavesRange = logScale != predicted && (predicted < logScale) == (scaleSlope > 0);
                        back[channels + channel] = leavesRange ? 0 : weight * scaleSlope;
                    }
                }
            }

            Bits[i] += sum;
        });
        scope.Record(() =>
        {
            // What flowed back to the anchors goes on to where they came from, which passes it on to the latent.
            Tensor gradient = rounded.Gradient!;
            if (known is not null)
            {
                ElementwiseSum.Add(scope, scope.GradientOf(known), gradient);
            }

            ClearAll(gradient, 1 - step.Positions);
            if (random is not null)
            {
                ElementwiseSum.Add(scope, gradient, rateGradient);
            }

            ElementwiseSum.AddChannels(scope, scope.GradientOf(latent), group.FirstChannel, gradient, 0, channels);
        });
        return rounded;

        // What is no number must not end a run before the loss tells of it.
        float Round(float distance, float logScale) =>
            float.IsFinite(distance) ? quantizer.Run(distance, ScaleTable.IndexOf(logScale)) : distance;
    }

    private static void ClearAll(Tensor tensor, Positions positions)
    {
        for (int i = 0; i < tensor.Count; i++)
        {
            for (int row = 0; row < tensor.Height; row++)
            {
                for (int column = Checkerboard.FirstColumn(positions, row); column < tensor.Width; column += 2)
                {
                    tensor.Picture(i).Slice((row * tensor.Width + column) * tensor.Channels, tensor.Channels).Clear();
                }
            }
        }
    }

    /// <summary>Puts all channels of a map among those of another one.</summary>
    private static void CopyChannels(Tensor from, Tensor to, int firstTo)
    {
        nint places = (nint)from.Count * from.Height * from.Width;
        for (nint place = 0; place < places; place++)
        {
            new ReadOnlySpan<float>(from.Data + place * from.Channels, from.Channels).CopyTo(new Span<float>(to.Data + place * to.Channels + firstTo, from.Channels));
        }
    }
}
