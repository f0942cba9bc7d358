using ImageCodec.Models;
using ImageCodec.Models.Autoencoders;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Training.Tests;

/// <summary>The losses' gradients against differences of the losses themselves.</summary>
public class RateDistortionLossTests
{
    [Test]
    public void The_noisy_distortion_has_the_gradient_of_its_loss()
    {
        using Autoencoder model = ModelFactory.CreateStrided(seed: 3);

        // Without noise the loss is smooth; one bit more than there are makes it vanishingly small.
        CheckGradient(model, 16, 0.1, scope => QuantizedLoss.RunNoisy(scope, model.Network, Pictures(scope, 16), 24, Sources()).MeanSquaredError);
    }

    [TestCase("vae", 128)]
    [TestCase("vae-spatial", 32)]
    public void The_evidence_lower_bound_has_the_gradient_of_its_loss(string architecture, int side)
    {
        using Autoencoder model = ModelFactory.Create(architecture, seed: 3);
        const double Lambda = 0.01;
        CheckGradient(model, side, 0.1, scope =>
        {
            StepResult result = model.Network.RunLoss(scope, Pictures(scope, side), Sources(), new LossOptions(Lambda, 2, 2));
            return result.BitsPerPixel + Lambda * 255 * 255 * result.MeanSquaredError;
        });
    }

    [Test]
    public void The_hyperprior_loss_has_the_gradient_of_its_loss_where_steps_are_small()
    {
        // Random weights everywhere: where training starts, residual blocks add nothing and pass nothing back.
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 3);
        RandomSource random = new(3);
        foreach (ConvolutionLayer layer in model.Network.Convolutions)
        {
            Initialization.Xavier(layer, random);
        }

        // Scales stay within those of the tables: beyond them the backward pass leads back though the loss is flat.
        EntropyModel entropyModel = ((HyperpriorNetwork)model.Network).EntropyModel;
        foreach (ChannelGroup group in entropyModel.Groups)
        {
            foreach (ref float value in group.Head.Parameters.Single(p => p.Name == "2.weight").Parameter.Values)
            {
                value *= 0.01f;
            }
        }

        // With steps this small, rounding is as smooth as what stands for it in the backward pass.
        entropyModel.Gains.LogGains.Values.Fill(5);
        entropyModel.Gains.LogInverseGains.Values.Fill(-5);
        foreach (ref float value in entropyModel.Gains.Offsets.Values)
        {
            value = random.NextSingle(-0.5f, 0.5f);
        }

        // Not so those of the hyper-latent; and biases begin at zero, where a step is lost in the sums' rounding.
        CheckGradient(
            model, 64, 0.1, scope => model.Network.RunLoss(scope, Pictures(scope, 64), Sources(), new LossOptions(0, 0, 2)).Loss, enlargement: 1,
            name => !name.StartsWith("hyper_analysis.", StringComparison.Ordinal) && !name.EndsWith(".bias", StringComparison.Ordinal) && name != "prior.means");
    }

    [Test]
    public void Steps_against_its_gradient_lower_the_hyperprior_loss()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 3);
        Optimizer optimizer = new TrainingState(model).Optimizer;
        double first = 0;
        double last = 0;
        for (int step = 0; step < 40; step++)
        {
            optimizer.ClearGradients();
            last = Run(model, scope => model.Network.RunLoss(scope, Pictures(scope, 64), Sources(), new LossOptions(0, 0, 2)).Loss);
            first = step == 0 ? last : first;
            optimizer.Step(2e-4, 1);
        }

        Assert.That(last, Is.LessThan(0.8 * first));
    }

    [Test]
    public void Squared_error_and_its_gradient_are_right_at_every_length([Values(1, 7, 16, 17, 5000)] int length)
    {
        RandomSource random = new(1);
        float[] a = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
        float[] b = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
        float[] gradient = new float[length];
        double sum;
        unsafe
        {
            fixed (float* pa = a, pb = b, pg = gradient)
            {
                sum = SquaredError.Run(pa, pb, pg, length, 3);
            }
        }

        Assert.That(sum, Is.EqualTo(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum()).Within(1e-5).Percent);
        Assert.That(gradient, Is.EqualTo(a.Zip(b, (x, y) => 3 * (x - y))));
    }

    [Test]
    public void A_picture_counts_by_one_over_the_root_of_its_detail()
    {
        // Columns that differ by so much, rows that do not: half of a picture's differences, and the last row and the last column have none.
        const int Side = 256;
        const float Step = 0.4f;
        float[] Striped(float step) => [.. Enumerable.Range(0, 3 * Side * Side).Select(i => i / 3 % 2 * step)];
        float[] blank = new float[3 * Side * Side];
        float[] rates = [3.5f, 3.5f, 3.5f, 6];

        double[] weights = HyperpriorLoss.Weights(rates, [.. Striped(Step), .. Striped(Step / 4), .. blank, .. blank], Side);

        Assert.That(weights[0], Is.EqualTo(Math.Sqrt(10 / 255.0 / (Step / 2 + 1 / 255.0))).Within(1).Percent);
        Assert.That(weights[1], Is.EqualTo(Math.Sqrt(10 / 255.0 / (Step / 8 + 1 / 255.0))).Within(1).Percent);
        Assert.That(weights[2], Is.EqualTo(Math.Sqrt(10)).Within(1e-6));
        Assert.That(weights[3], Is.EqualTo(HyperpriorLoss.Weight(6) * weights[2]).Within(1e-6));
    }

    private static RandomSource[] Sources() => [new RandomSource(1), new RandomSource(2)];

    private static Tensor Pictures(ComputeScope scope, int side)
    {
        Tensor pictures = scope.Create(2, new TensorShape(side, side, 3));
        RandomSource random = new(9);
        foreach (ref float value in pictures.Span)
        {
            value = random.NextSingle();
        }

        return pictures;
    }

    /// <summary>
    /// Compares, for each parameter, the slope along its own gradient with a central difference. The kinks of ReLU leave a few percent;
    /// a forgotten term or a wrong mask is far outside.
    /// </summary>
    private static void CheckGradient(Autoencoder model, int side, double tolerance, Func<ComputeScope, double> loss, float enlargement = 2, Func<string, bool>? isChecked = null)
    {
        // Larger weights than a model starts with, for gradients well above the rounding of single precision.
        Parameter[] parameters = [.. model.Network.Parameters.Select(p => p.Parameter)];
        string[] names = [.. model.Network.Parameters.Select(p => p.Name)];
        foreach (Parameter parameter in parameters)
        {
            foreach (ref float value in parameter.Values)
            {
                value *= enlargement;
            }

            parameter.Changed();
        }

        new Optimizer(parameters, []).ClearGradients();
        Run(model, loss);
        float[][] gradients = [.. parameters.Select(parameter => parameter.Gradient.ToArray())];
        for (int p = 0; p < parameters.Length; p++)
        {
            if (isChecked?.Invoke(names[p]) == false)
            {
                continue;
            }

            double norm = Math.Sqrt(gradients[p].Sum(value => (double)value * value));
            Assert.That(norm, Is.GreaterThan(0), $"parameter {p} of a picture of {side}");
            float[] original = parameters[p].Values.ToArray();

            // Far enough for the change to stand out from rounding, near enough to meet few kinks.
            double size = Math.Sqrt(original.Sum(value => (double)value * value) + 1e-4);
            double step = Math.Clamp(2e-6 / norm, 2e-4 * size, 5e-3 * size);
            double up = Move(step);
            double down = Move(-step);
            original.CopyTo(parameters[p].Values);
            parameters[p].Changed();
            Assert.That((up - down) / (2 * step), Is.EqualTo(norm).Within(100 * tolerance).Percent, names[p]);

            double Move(double distance)
            {
                for (int i = 0; i < original.Length; i++)
                {
                    parameters[p].Values[i] = (float)(original[i] + distance * gradients[p][i] / norm);
                }

                parameters[p].Changed();
                return Run(model, loss);
            }
        }
    }

    private static double Run(Autoencoder model, Func<ComputeScope, double> loss)
    {
        using ComputeScope scope = new(model.Workspace, 2, recording: true);
        return loss(scope);
    }
}
