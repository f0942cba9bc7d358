using ImageCodec.Models.Compressor;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>What a fit is made of, each part against formulas or numerical gradients.</summary>
internal sealed class FitPartsTests
{
    [Test]
    public void Soft_rounding_follows_its_formula([Values(0.08f, 0.35f)] float temperature)
    {
        float[] latents = [.. Enumerable.Range(-37, 75).Select(i => i * 0.13f)];
        float[] values = new float[latents.Length];
        float[] slopes = new float[latents.Length];
        SoftRounding.Apply(latents, values, slopes, temperature, noise: 0, seed: 1);
        for (int i = 0; i < latents.Length; i++)
        {
            Assert.That(values[i], Is.EqualTo(Twice(latents[i])).Within(2e-5), $"value at {latents[i]}");
            const double Step = 1e-5;
            double slope = (Twice(latents[i] + Step) - Twice(latents[i] - Step)) / (2 * Step);
            Assert.That(slopes[i], Is.EqualTo(slope).Within(1e-3 * (1 + slope)), $"slope at {latents[i]}");
        }

        double Twice(double x) => Once(Once(x));

        double Once(double x)
        {
            double floor = Math.Floor(x);
            return floor + 0.5 + Math.Tanh((x - floor - 0.5) / temperature) / (2 * Math.Tanh(1 / (2.0 * temperature)));
        }
    }

    [Test]
    public void Noise_has_the_deviation_asked_for()
    {
        // At a high temperature soft rounding changes nothing.
        float[] latents = new float[100_000];
        float[] values = new float[latents.Length];
        float[] slopes = new float[latents.Length];
        SoftRounding.Apply(latents, values, slopes, temperature: 100, noise: 0.2f, seed: 5);
        double mean = values.Average(value => (double)value);
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        Assert.That((mean, deviation), Is.EqualTo((0.0, 0.2)).Using<(double Mean, double Deviation)>(
            (a, b) => Math.Abs(a.Mean - b.Mean) < 0.003 && Math.Abs(a.Deviation - b.Deviation) < 0.003));
        double neighbours = values.Zip(values.Skip(1), (a, b) => (a - mean) * (b - mean)).Average() / (deviation * deviation);
        Assert.That(neighbours, Is.EqualTo(0).Within(0.02));
    }

    [Test]
    public void The_optimiser_is_not_slowed_by_a_skewed_slope()
    {
        // ‖A·W·B − T‖² with A and B far from orthogonal: Adam on single weights hardly moves along the narrow valleys.
        Random random = new(1);
        double[,] a = Skewed(5, random);
        double[,] b = Skewed(8, random);
        float[] weights = new float[40];
        float[] target = [.. Enumerable.Range(0, 40).Select(_ => (float)(random.NextDouble() - 0.5))];
        RotatedAdam optimizer = new(5, 8);
        double first = Loss(weights, new float[40]);
        float[] gradient = new float[40];
        const int Steps = 600;
        for (int step = 0; step < Steps; step++)
        {
            Loss(weights, gradient);
            optimizer.Step(weights, gradient, 0.05f * (1 - (float)step / Steps));
        }

        Assert.That(Loss(weights, gradient), Is.LessThan(1e-3 * first));

        double Loss(float[] w, float[] g)
        {
            double sum = 0;
            double[,] rest = new double[5, 8];
            for (int i = 0; i < 5; i++)
            {
                for (int j = 0; j < 8; j++)
                {
                    double value = 0;
                    for (int k = 0; k < 5; k++)
                    {
                        for (int l = 0; l < 8; l++)
                        {
                            value += a[i, k] * (w[8 * k + l] - target[8 * k + l]) * b[l, j];
                        }
                    }

                    rest[i, j] = value;
                    sum += value * value;
                }
            }

            for (int k = 0; k < 5; k++)
            {
                for (int l = 0; l < 8; l++)
                {
                    double value = 0;
                    for (int i = 0; i < 5; i++)
                    {
                        for (int j = 0; j < 8; j++)
                        {
                            value += 2 * a[i, k] * rest[i, j] * b[l, j];
                        }
                    }

                    g[8 * k + l] = (float)value;
                }
            }

            return sum;
        }
    }

    [Test]
    public void The_optimiser_takes_no_step_where_gradients_do_not_reach()
    {
        // Gradients of rank one: all but one direction of the basis holds nothing but rounding errors.
        RotatedAdam optimizer = new(3, 30);
        float[] weights = new float[90];
        float[] gradient = [.. Enumerable.Range(0, 90).Select(i => (1 + i / 30) * MathF.Sin(i % 30) * 1e4f)];
        optimizer.Step(weights, gradient, 0.01f);
        double length = Math.Sqrt(weights.Sum(weight => (double)weight * weight));
        double along = weights.Zip(gradient, (w, g) => (double)w * g).Sum() / Math.Sqrt(gradient.Sum(g => (double)g * g));
        Assert.That(length, Is.EqualTo(0.01).Within(1e-4));
        Assert.That(along, Is.EqualTo(-0.01).Within(1e-4));
    }

    [Test]
    public void What_a_changed_parameter_costs_draws_it_back()
    {
        FittedPrior prior = FittedPriors.Of(FittedLayout.Small, 12);
        ParameterRate rate = new(prior);
        float[] parameters = prior.ToFloat();
        float[] gradients = new float[parameters.Length];
        rate.AddGradient(parameters, 5, gradients);
        Assert.That(gradients, Is.All.Zero);

        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] += i % 2 == 0 ? 0.1f : -0.2f;
        }

        rate.AddGradient(parameters, 5, gradients);
        Assert.That(Enumerable.Range(0, parameters.Length).All(i => i % 2 == 0 ? gradients[i] > 0 : gradients[i] < 0), Is.True);
    }

    [Test]
    public void Networks_are_the_freer_the_more_they_are_used()
    {
        float[] weights = [.. new[] { 0, 1e4, 6e4, 2.4e5, 6e6, 1e12 }.Select(ParameterRate.Weight)];
        Assert.That(weights, Is.EqualTo(new[] { 5, 5, 5, 2.5f, 0.5f, 0.5f }).Within(1e-5f));
    }

    [Test]
    public void Parameters_are_kept_within_what_a_file_can_hold()
    {
        FittedLayout layout = FittedLayout.Large;
        Random random = new(3);
        float[] parameters = [.. Enumerable.Range(0, layout.Count).Select(_ => (float)(random.NextDouble() - 0.5) * 100)];
        layout.Confine(parameters);
        for (int i = 0; i < parameters.Length; i++)
        {
            Assert.That(Math.Abs(parameters[i] * (1 << layout.FractionalBits(i))), Is.LessThanOrEqualTo(short.MaxValue));
        }
    }

    [Test]
    public void A_length_is_steered_to([Values(0.4, 1.2)] double bitsPerPixel)
    {
        RgbImage picture = TestPicture.Create(160, 120);
        double length = bitsPerPixel * 160 * 120 / 8;
        using FittedCodec codec = new(0);
        EncodedPicture encoded = codec.Encode(picture, new EncodingRequest { Length = length, Effort = 1 }, null, default);
        Assert.That(encoded.Body.Length, Is.EqualTo(length).Within(12).Percent);
    }

    [Test]
    public void A_psnr_is_steered_to([Values(30.0, 38.0)] double psnr)
    {
        RgbImage picture = TestPicture.Create(160, 120);
        using FittedCodec codec = new(0);
        EncodedPicture encoded = codec.Encode(picture, new EncodingRequest { Psnr = psnr, Effort = 2, NeedsReconstruction = true }, null, default);
        Assert.That(Metrics.Psnr(picture, encoded.Reconstruction!), Is.EqualTo(psnr).Within(0.4));
    }

    [Test]
    public void The_same_request_gives_the_same_file_on_any_number_of_threads()
    {
        RgbImage picture = TestPicture.Create(150, 140);
        byte[][] bodies =
        [
            .. new[] { 1, 2, 3, 2 }.Select(threads =>
            {
                using FittedCodec codec = new(threads);
                return codec.Encode(picture, new EncodingRequest { Effort = 0 }, null, default).Body.ToArray();
            }),
        ];
        Assert.That(bodies, Is.All.EqualTo(bodies[0]));
    }

    private static double[,] Skewed(int size, Random random)
    {
        double[,] matrix = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                matrix[i, j] = (i == j ? 0.3 : 0) + random.NextDouble();
            }
        }

        return matrix;
    }
}
