using ImageCodec.Models;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.Training;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp.Tests;

/// <summary>Steps computed by TorchSharp beside those of the library's own kernels.</summary>
public class TorchEngineTests
{
    [TestCase("baseline", TrainingRecipe.NoisyDistortion)]
    [TestCase("strided", TrainingRecipe.NoisyDistortion)]
    [TestCase("baseline", TrainingRecipe.RateDistortion)]
    [TestCase("strided", TrainingRecipe.RateDistortion)]
    [TestCase("residual", TrainingRecipe.RateDistortion)]
    [TestCase("vae", TrainingRecipe.RateDistortion)]
    [TestCase("vae-spatial", TrainingRecipe.RateDistortion)]
    [TestCase("hyperprior", TrainingRecipe.RateDistortion)]
    public void A_step_has_the_librarys_loss_and_gradients(string architecture, TrainingRecipe recipe)
    {
        using Autoencoder model = Samples.CreateModel(architecture);
        TrainingOptions options = Samples.Options(architecture, recipe);
        TrainingState state = new(model);
        using ManagedEngine managed = new(state, options);
        using TorchEngine torch = new(state, options, CPU);
        StepResult expected = managed.LeaveGradients(Samples.Batch(3), 0.7);
        using IDisposable scope = NewDisposeScope();
        StepResult actual = torch.LeaveGradients(Samples.Batch(3), 0.7);

        double furthest = 0;
        foreach ((Parameter own, global::TorchSharp.Modules.Parameter other) in torch.Module.Pairs(model))
        {
            float[] gradient = new float[own.Length];
            if (other.grad is { } grad)
            {
                own.Layout.ToKernel(TorchTensors.ToArray(grad), gradient);
            }

            furthest = Math.Max(furthest, Samples.Distance(own.Gradient, gradient));
        }

        TestContext.Out.WriteLine($"{architecture}, {recipe}: loss {expected.Loss} and {actual.Loss}, gradients {furthest:0.0e+0} apart");
        Assert.Multiple(() =>
        {
            Assert.That(actual.Loss, Is.EqualTo(expected.Loss).Within(0.01).Percent);
            Assert.That(actual.MeanSquaredError, Is.EqualTo(expected.MeanSquaredError).Within(0.01).Percent);
            Assert.That(actual.BitsPerPixel, Is.EqualTo(expected.BitsPerPixel).Within(0.01).Percent);
            Assert.That(furthest, Is.LessThan(1e-3));
        });
    }

    [TestCase("vae-spatial")]
    [TestCase("hyperprior")]
    public void Steps_lead_where_the_librarys_own_lead(string architecture)
    {
        TrainingOptions options = Samples.Options(architecture);
        TrainingState expected = Train(options, state => new ManagedEngine(state, options));
        TrainingState actual = Train(options, state => new TorchEngine(state, options, CPU));
        Assert.That(actual.Optimizer.StepCount, Is.EqualTo(expected.Optimizer.StepCount));
        foreach ((int index, Parameter parameter) in expected.Parameters.Index())
        {
            Parameter other = actual.Parameters[index];

            // The first steps of Adam have one length, whatever the gradient: where it is next to nothing, rounding decides where they lead. They change
            // parameters by about a hundredth.
            Assert.Multiple(() =>
            {
                Assert.That(Samples.Distance(parameter.Values, other.Values), Is.LessThan(1e-3), $"parameter {index}");
                Assert.That(Samples.Distance(parameter.FirstMoment, other.FirstMoment), Is.LessThan(1e-2), $"first moment {index}");
                Assert.That(Samples.Distance(parameter.SecondMoment, other.SecondMoment), Is.LessThan(1e-2), $"second moment {index}");
                Assert.That(Samples.Distance(expected.Average.Values[index], actual.Average.Values[index]), Is.LessThan(1e-3), $"average {index}");
            });
        }
    }

    [Test]
    public void Storing_and_loading_change_nothing()
    {
        TrainingOptions options = Samples.Options("hyperprior");
        using Autoencoder model = Samples.CreateModel("hyperprior");
        TrainingState state = new(model);
        float[][] before = [.. state.Parameters.Select(parameter => parameter.Values.ToArray())];
        using TorchEngine engine = new(state, options, CPU);
        engine.Load();
        engine.Store();
        Assert.That(state.Parameters.Select((parameter, i) => parameter.Values.SequenceEqual(before[i])), Is.All.True);
    }

    private static TrainingState Train(TrainingOptions options, Func<TrainingState, ITrainingEngine> create)
    {
        using Autoencoder model = Samples.CreateModel(options.Architecture);
        TrainingState state = new(model);
        using ITrainingEngine engine = create(state);
        engine.Load();
        for (int step = 0; step < 3; step++)
        {
            engine.Step(Samples.Batch(3), 1e-4, 1);
        }

        engine.Store();
        return state;
    }
}
