using System.Globalization;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>
/// Whole models at 128×128, as lines «model what batch milliseconds» for compare_with_pytorch.py: encoder and decoder forward, and
/// a training step (forward, the loss, backward, Adam). The loss is the squared error, for a hyperprior its own.
/// </summary>
internal static class ModelReport
{
    private const int Side = 128;
    private const int TrainingBatch = 16;

    public static void Print(TextWriter output, string filter, int threads)
    {
        foreach (string architecture in ModelFactory.Architectures.Where(name => name.Contains(filter, StringComparison.Ordinal)))
        {
            using Autoencoder model = ModelFactory.Create(architecture, seed: 1);
            foreach (int count in new[] { 1, 16 })
            {
                TensorShape picture = new(Side, Side, 3);
                Report(output, architecture, "encoder", count, Forward(model, model.Network.Encoder, count, picture, threads));
                Report(output, architecture, "decoder", count, Forward(model, model.Network.Decoder, count, model.Network.Encoder.OutputShape(picture), threads));
            }

            Report(output, architecture, "training", TrainingBatch, Stopwatches.Best(() => TrainingStep(model, threads), seconds: 2));
        }
    }

    private static void Report(TextWriter output, string architecture, string what, int count, double seconds)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{architecture} {what} {count} {seconds * 1000:F3}"));
        output.Flush();
    }

    private static double Forward(Autoencoder model, Layer layer, int count, TensorShape shape, int threads) => Stopwatches.Best(
        () =>
        {
            using ComputeScope scope = new(model.Workspace, threads);
            Tensor input = scope.Create(count, shape);
            input.Span.Fill(0.5f);
            return Stopwatches.Time(() => layer.Forward(scope, input), threads);
        },
        seconds: 1);

    private static unsafe double TrainingStep(Autoencoder model, int threads)
    {
        using ComputeScope scope = new(model.Workspace, threads, recording: true);
        Tensor input = scope.Create(TrainingBatch, new TensorShape(Side, Side, 3));
        RandomSource random = new(1);
        foreach (ref float value in input.Span)
        {
            value = random.NextSingle();
        }

        return Stopwatches.Time(() =>
        {
            foreach ((_, Parameter parameter) in model.Network.Parameters)
            {
                parameter.Gradient.Clear();
            }

            RunLoss(scope, model, input);
            AdamStep step = new(1e-6f, 0.9f, 0.999f, 1, 1e-8f, 1);
            foreach ((_, Parameter parameter) in model.Network.Parameters)
            {
                fixed (float* values = parameter.Values, gradients = parameter.Gradient, first = parameter.FirstMoment, second = parameter.SecondMoment)
                {
                    Backend.Current.Run(new AdamUpdate(values, gradients, first, second, parameter.Length, step));
                }

                parameter.Changed();
            }
        }, threads);
    }

    /// <summary>Runs forward and backward, and leaves gradients in the parameters.</summary>
    private static unsafe void RunLoss(ComputeScope scope, Autoencoder model, Tensor input)
    {
        if (model.Architecture == Architectures.Hyperprior)
        {
            RandomSource[] random = [.. Enumerable.Range(0, input.Count).Select(picture => new RandomSource(picture))];
            model.Network.RunLoss(scope, input, random, LossOptions.Usual with { BatchCount = input.Count });
            return;
        }

        Tensor decoded = model.Network.Decoder.Forward(scope, model.Network.Encoder.Forward(scope, input));
        Tensor gradient = scope.GradientOf(decoded);
        float factor = 2f / decoded.Length;
        scope.For(TrainingBatch, picture =>
        {
            nint first = picture * decoded.PictureLength;
            for (nint i = first; i < first + decoded.PictureLength; i++)
            {
                gradient.Data[i] = factor * (decoded.Data[i] - input.Data[i]);
            }
        });
        scope.Backward();
    }
}
