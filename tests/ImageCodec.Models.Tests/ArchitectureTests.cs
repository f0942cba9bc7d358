using ImageCodec.Models.Vaes;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

/// <summary>The four architectures of the seed system against PyTorch with the same weights, and the fifth against its description.</summary>
public class ArchitectureTests
{
    [TestCase("baseline", 251_987)]
    [TestCase("strided", 251_987)]
    [TestCase("residual", 883_955)]
    [TestCase("vae", 8_729_283)]
    public void Parameters_have_PyTorchs_names_shapes_and_count(string architecture, int count)
    {
        NetworkFixture fixture = NetworkFixture.Read(architecture);
        using Autoencoder model = ModelFactory.Create(architecture);

        Assert.That(fixture.ParameterCount, Is.EqualTo(count));
        Assert.That(model.ParameterCount, Is.EqualTo(count));
        Assert.That(model.Network.Parameters.Select(p => p.Name), Is.EqualTo(fixture.Parameters.Select(p => p.Name)));
        Assert.That(model.Network.Parameters.Select(p => p.Parameter.Layout.FileShape), Is.EqualTo(fixture.Parameters.Select(p => p.Shape)));
    }

    [TestCase("baseline")]
    [TestCase("strided")]
    [TestCase("residual")]
    [TestCase("vae")]
    public void Latent_picture_and_gradients_are_PyTorchs(string architecture)
    {
        NetworkFixture fixture = NetworkFixture.Read(architecture);
        using Autoencoder model = ModelFactory.Create(architecture);
        NetworkFixture.Fill(model, fixture);
        Network network = model.Network;
        using ComputeScope scope = new(model.Workspace, recording: true);
        Tensor input = scope.Create(fixture.Count, fixture.Shape);
        NetworkFixture.Pictures("picture", (int)input.Length).CopyTo(input.Span);

        Tensor latent;
        if (network is VaeNetwork vae)
        {
            Tensor features = vae.Features.Forward(scope, input);
            latent = vae.Mean.Forward(scope, features);
            Tensor variance = vae.LogVariance.Forward(scope, features);
            fixture.LogVariance!.AssertNear(variance.Span, 2e-5, "log-variance");
            Tensor varianceGradient = scope.GradientOf(variance);
            for (int i = 0; i < variance.Length; i++)
            {
                varianceGradient.Span[i] = 2 * variance.Span[i] / variance.Length / 100;
            }
        }
        else
        {
            latent = network.Encoder.Forward(scope, input);
        }

        Tensor decoded = network.Decoder.Forward(scope, latent);
        fixture.Latent.AssertNear(latent.Span, 2e-5, "latent");
        fixture.Decoded.AssertNear(decoded.Span, 2e-5, "decoded");

        float[] target = NetworkFixture.Pictures("target", checked((int)decoded.Length));
        Tensor gradient = scope.GradientOf(decoded);
        for (int i = 0; i < target.Length; i++)
        {
            gradient.Span[i] = 2 * (decoded.Span[i] - target[i]) / target.Length;
        }

        scope.Backward();
        foreach (((string name, Parameter parameter), ExpectedParameter expected) in model.Network.Parameters.Zip(fixture.Parameters))
        {
            float[] fileOrder = new float[parameter.Length];
            parameter.Layout.ToFile(parameter.Gradient, fileOrder);
            expected.Gradient.AssertNear(fileOrder, 1e-3, $"gradient of {name}");
        }
    }

    [TestCase("baseline")]
    [TestCase("strided")]
    [TestCase("residual")]
    [TestCase("vae")]
    [TestCase("vae-spatial")]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others(string architecture)
    {
        float[] Weights(int seed)
        {
            using Autoencoder model = ModelFactory.Create(architecture, seed);
            return [.. model.Network.Parameters.SelectMany(p => p.Parameter.ToFileOrder())];
        }

        float[] first = Weights(1);

        Assert.That(first.AsSpan().SequenceEqual(Weights(1)), Is.True);
        Assert.That(first.AsSpan().SequenceEqual(Weights(2)), Is.False);
        Assert.That(first.Average(), Is.Zero.Within(0.001));
        Assert.That(first.Count(value => value == 0), Is.EqualTo(architecture == "residual" ? 1011 : 0).Within(5), "Xavier's biases are zero");
    }

    [Test]
    public void Operations_are_those_of_the_published_table()
    {
        foreach ((string architecture, double millions) in new[] { ("baseline", 916.0), ("strided", 366), ("residual", 2821), ("vae", 284) })
        {
            using Autoencoder model = ModelFactory.Create(architecture);
            (double encoder, double decoder) = (model.EncoderOperationsPerPixel, model.DecoderOperationsPerPixel);
            Assert.That((encoder + decoder) * 128 * 128 / 1e6, Is.EqualTo(millions).Within(1), architecture);
        }
    }

    [Test]
    public void The_hyperprior_costs_as_much_as_its_layers_say()
    {
        // For a place of the latent, 256 pixels: outputs · kernel² · inputs of each layer, by hand.
        int analysis = 4 * 128 * 9 * 192 + 320 * 9 * 128;
        int synthesis = 320 * 16 * 128 + 4 * 384 * 9 * 128;
        int filterBefore = 256 * 9 * (16 * 3 + 16 * 16 + 3 * 16);
        int filtersAfter = 64 * 9 * (32 * 24 + 32 * 32 + 16 * 32) + 256 * 9 * (16 * 4 + 2 * 16 * 16 + 3 * 16);
        int hyperAnalysis = 128 * 9 * 320 + 128 * 9 * 128 / 4 + 64 * 9 * 128 / 16;
        int hyperSynthesis = 64 * 16 * 128 / 16 + 128 * 16 * 192 / 4;
        int contexts = 9 * 192 * (32 + 64) + 9 * 192 * (32 + 64 + 224) / 2;
        int heads = 192 * (3 * 192 + 2 * 320);
        using Autoencoder model = ModelFactory.CreateHyperprior();

        (double encoder, double decoder) = (model.EncoderOperationsPerPixel, model.DecoderOperationsPerPixel);

        Assert.That(encoder * 256, Is.EqualTo(filterBefore + analysis + hyperAnalysis + hyperSynthesis + contexts + heads).Within(1e-6));
        Assert.That(decoder * 256, Is.EqualTo(synthesis + filtersAfter + hyperSynthesis + contexts + heads).Within(1e-6));
        Assert.That(decoder, Is.LessThan(40_000));
        Assert.That(model.Network.Parameters.Select(p => p.Name).Where(name => name.StartsWith("decoder", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "decoder.0.weight", "decoder.0.bias", "decoder.1.weight", "decoder.1.bias",
            "decoder.half_filter.0.weight", "decoder.half_filter.0.bias", "decoder.half_filter.1.weight", "decoder.half_filter.1.bias",
            "decoder.half_filter.2.weight", "decoder.half_filter.2.bias", "decoder.filter.0.weight", "decoder.filter.0.bias",
            "decoder.filter.1.weight", "decoder.filter.1.bias", "decoder.filter.2.weight", "decoder.filter.2.bias",
            "decoder.filter.3.weight", "decoder.filter.3.bias",
        }));
    }

    [Test]
    public void The_spatial_vae_is_as_large_and_costs_as_much_as_its_layers_say()
    {
        // Outputs · kernel² · inputs of each layer, by hand: 5×5 3→96→64, 3×3 64→64, a residual block, two heads; and back.
        int encoder = 96 * 75 + 96 + 64 * 25 * 96 + 64 + 3 * (64 * 9 * 64 + 64) + 2 * (32 * 64 + 32);
        int decoder = 64 * 9 * 32 + 64 + 3 * (64 * 9 * 64 + 64) + 96 * 25 * 64 + 96 + 3 * 25 * 96 + 3;
        using Autoencoder model = ModelFactory.CreateSpatialVae();

        Assert.That(model.ParameterCount, Is.EqualTo(encoder + decoder).And.EqualTo(566_083));
        Assert.That((model.Encoder.Stride, model.Encoder.LatentChannels), Is.EqualTo((8, 32)));
        (double analysis, double synthesis) = (model.EncoderOperationsPerPixel, model.DecoderOperationsPerPixel);
        Assert.That(analysis * 64, Is.EqualTo(16 * 96 * 75 + 4 * 64 * 25 * 96 + 3 * 64 * 9 * 64 + 32 * 64).Within(1e-6), "for a place of the latent, without the head that only training uses");
        Assert.That(synthesis * 64, Is.EqualTo(64 * 9 * 32 + 3 * 64 * 9 * 64 + 4 * 96 * 25 * 64 + 16 * 3 * 25 * 96).Within(1e-6));
        Assert.That(model.Network.Parameters.Select(p => p.Name).Where(name => name.EndsWith("weight", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "encoder.0.weight", "encoder.2.weight", "encoder.4.weight", "encoder.6.conv1.weight", "encoder.6.conv2.weight", "mean.weight", "log_variance.weight",
            "decoder.0.weight", "decoder.2.conv1.weight", "decoder.2.conv2.weight", "decoder.3.weight", "decoder.5.weight", "decoder.7.weight",
        }));
    }

    [Test]
    public void An_unknown_architecture_is_named_with_those_there_are()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ModelFactory.Create("resnet"))!;
        Assert.That(error.Message, Does.Contain("resnet").And.Contain("baseline, strided, residual, vae, vae-spatial"));
    }

    [Test]
    public void Tensors_that_do_not_fit_are_refused_with_expected_and_given_shape()
    {
        using Autoencoder model = ModelFactory.CreateStrided();
        float[] picture = new float[16 * 24 * 3], latent = new float[2 * 3 * 16];
        Assert.Multiple(() =>
        {
            AssertRefused(() => model.Encoder.Encode(picture, new TensorShape(12, 24, 3), latent), "multiples of 8", "12×24×3");
            AssertRefused(() => model.Encoder.Encode(picture, new TensorShape(16, 24, 4), latent), "3 channels", "16×24×4");
            AssertRefused(() => model.Encoder.Encode(picture.AsSpan(1), new TensorShape(16, 24, 3), latent), "1152 values", "1151");
            AssertRefused(() => model.Encoder.Encode(picture, new TensorShape(16, 24, 3), latent.AsSpan(1)), "96 values", "95");
            AssertRefused(() => model.Decoder.Decode(latent, new TensorShape(2, 3, 17), picture), "16 channels", "2×3×17");
            AssertRefused(() => model.Decoder.Decode(latent, new TensorShape(0, 3, 16), picture), "16 channels", "0×3×16");
            AssertRefused(() => model.Decoder.Decode(latent, new TensorShape(2, 3, 16), picture.AsSpan(3)), "1152 values", "1149");
        });
    }

    [Test]
    public void A_disposed_model_refuses_to_run()
    {
        Autoencoder model = ModelFactory.CreateStrided();
        model.Dispose();

        Assert.That(
            () => model.Encoder.Encode(new float[8 * 8 * 3], new TensorShape(8, 8, 3), new float[16]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(
            () => model.Decoder.Decode(new float[16], new TensorShape(1, 1, 16), new float[8 * 8 * 3]), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static void AssertRefused(Action call, params string[] parts)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(call)!;
        foreach (string part in parts)
        {
            Assert.That(error.Message, Does.Contain(part));
        }
    }
}
