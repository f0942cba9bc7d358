using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Training.Tests;

/// <summary>Steps whose pictures are shared by copies of the model.</summary>
public class ReplicasTests
{
    private const int Side = 128;

    // Shares of one and of two pictures, one of which begins at an odd number.
    private const int Count = 5;

    [TestCase("baseline", TrainingRecipe.RateDistortion)]
    [TestCase("baseline", TrainingRecipe.NoisyDistortion)]
    [TestCase("residual", TrainingRecipe.RateDistortion)]
    [TestCase("vae", TrainingRecipe.RateDistortion)]
    [TestCase("vae-spatial", TrainingRecipe.RateDistortion)]
    [TestCase("hyperprior", TrainingRecipe.RateDistortion)]
    public void A_shared_step_has_the_figures_and_gradients_of_one_pass(string architecture, TrainingRecipe recipe)
    {
        TrainingOptions options = new()
        {
            Folder = "unused",
            OutputPath = "unused",
            Architecture = architecture,
            Recipe = recipe,
            BatchSize = Count,
        };
        using Autoencoder model = ModelFactory.Create(architecture, seed: 3);
        TrainingState state = new(model);
        using ManagedEngine engine = new(state, options);
        RandomSource random = new(5);
        float[] crops = [.. Enumerable.Range(0, Count * Side * Side * 3).Select(i => 0.5f + 0.3f * MathF.Sin(i * 0.01f) + random.NextSingle(-0.1f, 0.1f))];

        StepResult shared = engine.LeaveGradients(new TrainingBatch(crops, Side, Sources()), 0.7);
        float[][] gradients = [.. state.Parameters.Select(parameter => parameter.Gradient.ToArray())];
        state.Optimizer.ClearGradients();
        StepResult whole = RunWhole(model, crops, options.Loss(0.7, Count));

        Assert.Multiple(() =>
        {
            Assert.That(shared.Loss, Is.EqualTo(whole.Loss).Within(1e-4).Percent);
            Assert.That(shared.MeanSquaredError, Is.EqualTo(whole.MeanSquaredError).Within(1e-4).Percent);
            Assert.That(shared.BitsPerPixel, Is.EqualTo(whole.BitsPerPixel).Within(1e-4).Percent);
        });
        foreach ((int index, Parameter parameter) in state.Parameters.Index())
        {
            double size = Math.Sqrt(parameter.Gradient.ToArray().Sum(value => (double)value * value));
            double apart = Math.Sqrt(gradients[index].Zip(parameter.Gradient.ToArray(), (a, b) => ((double)a - b) * ((double)a - b)).Sum());
            Assert.That(apart, Is.LessThanOrEqualTo(1e-4 * size), $"parameter {index}");
        }
    }

    private static RandomSource[] Sources() => [.. Enumerable.Range(0, Count).Select(i => new RandomSource(1, i))];

    private static StepResult RunWhole(Autoencoder model, float[] crops, LossOptions loss)
    {
        using ComputeScope scope = new(model.Workspace, 2, recording: true);
        Tensor pictures = scope.Create(Count, new TensorShape(Side, Side, 3));
        crops.CopyTo(pictures.Span);
        return model.Network.RunLoss(scope, pictures, Sources(), loss);
    }
}
