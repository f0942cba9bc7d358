using System.Buffers;
using ImageCodec.Models.Vaes;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

/// <summary>A VAE's latent to bytes and back, against the definition: rounding to steps, and the information content under the prior.</summary>
public class GaussianLatentCodecTests
{
    private static readonly TensorShape s_shape = new(20, 30, 3);
    private static readonly GaussianPrior s_prior = new([2f, 0.3f, 0f], [0.5f, 0.1f, 1f]);

    [Test]
    public void Values_come_back_within_half_a_step_of_their_channel([Values(1, 2, 10, 17, GaussianLatentCodec.Levels)] int level)
    {
        float[] latent = Draw(s_prior);

        float[] back = RoundTrip(s_prior, latent, level, out _);

        double factor = 16 * Math.Pow(2, -(level - 1) / 4.0);
        for (int i = 0; i < latent.Length; i++)
        {
            double step = factor * s_prior.Tolerances[i % 3];
            Assert.That(back[i], Is.EqualTo(latent[i]).Within(0.50001 * step), $"value {i}");
            Assert.That(back[i] / step, Is.EqualTo(Math.Round(back[i] / step)).Within(1e-3), $"value {i} is a multiple of the step, zero among them");
        }
    }

    [Test]
    public void The_length_is_the_information_content_under_the_prior([Values(5, 10, 18, GaussianLatentCodec.Levels)] int level)
    {
        float[] latent = Draw(s_prior);
        double factor = 16 * Math.Pow(2, -(level - 1) / 4.0);
        double bits = 0;
        for (int i = 0; i < latent.Length; i++)
        {
            double step = factor * s_prior.Tolerances[i % 3];
            double deviation = Math.Max(s_prior.Deviations[i % 3] / step, 1e-3);
            double symbol = Math.Round(latent[i] / step);
            bits -= Math.Log2(NormalCdf((symbol + 0.5) / deviation) - NormalCdf((symbol - 0.5) / deviation));
        }

        RoundTrip(s_prior, latent, level, out byte[] body);

        // The grid of scales and the precision of frequencies cost a little, the level a byte, the coder's state two.
        Assert.That(8.0 * body.Length, Is.EqualTo(bits + 20).Within(24 + 0.004 * bits));
    }

    [Test]
    public void Values_far_out_of_the_prior_come_back_as_far_as_symbols_reach()
    {
        float[] latent = new float[s_shape.Length];
        (latent[0], latent[1], latent[2], latent[3]) = (300, -300, 25, float.MaxValue);

        float[] back = RoundTrip(s_prior, latent, 20, out _);

        Assert.That(back[0], Is.EqualTo(300).Within(0.2));
        Assert.That(back[1], Is.EqualTo(-300).Within(0.05));
        Assert.That(back[2], Is.EqualTo(25).Within(0.4));
        Assert.That(back[3], Is.GreaterThan(9_000).And.LessThan(10_000), "32767 steps");
        Assert.That(back.Skip(4), Is.All.Zero);
    }

    [Test]
    public void Priors_at_the_ends_of_floats_still_round_trip()
    {
        GaussianPrior prior = new([float.MaxValue, 0, 1e-38f], [float.Epsilon, float.MaxValue, 1e-38f]);
        float[] latent = Draw(s_prior);

        float[] back = RoundTrip(prior, latent, 1, out _);

        Assert.That(back, Is.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void A_latent_that_is_not_finite_is_the_callers_mistake([Values(float.NaN, float.NegativeInfinity)] float value)
    {
        float[] latent = new float[s_shape.Length];
        latent[77] = value;

        Assert.That(
            () => new GaussianLatentCodec(() => s_prior).Encode(latent, s_shape, 3, new ArrayBufferWriter<byte>(), []),
            Throws.ArgumentException.With.Message.Contains("not finite"));
    }

    [Test]
    public void Damage_is_refused_or_gives_some_latent()
    {
        GaussianLatentCodec codec = new(() => s_prior);
        RoundTrip(s_prior, Draw(s_prior), 12, out byte[] body);
        float[] latent = new float[s_shape.Length];
        AssertRefused([], "empty");
        AssertRefused([GaussianLatentCodec.Levels, .. body[1..]], $"level is {GaussianLatentCodec.Levels + 1}");
        AssertRefused([.. body, 0], "damaged");
        AssertRefused(body[..^1], "damaged");
        Random random = new(4);
        for (int attempt = 0; attempt < 500; attempt++)
        {
            byte[] damaged = [.. body.AsSpan(0, attempt % 2 == 0 ? body.Length : random.Next(body.Length))];
            if (damaged.Length > 0)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            }

            try
            {
                codec.Decode(damaged, s_shape, latent);
                Assert.That(latent, Is.All.Matches<float>(float.IsFinite));
            }
            catch (InvalidFileException)
            {
                // The one exception that bytes may cause.
            }
        }

        void AssertRefused(byte[] bytes, string part) => Assert.That(
            () => codec.Decode(bytes, s_shape, latent), Throws.TypeOf<InvalidFileException>().With.Message.Contains(part));
    }

    [Test]
    public void Weights_of_a_vae_keep_their_prior_and_another_prior_is_another_codec()
    {
        using Autoencoder model = ModelFactory.CreateSpatialVae(seed: 5, maxThreads: 1);
        CodecFingerprint Fingerprint() => ModelWeights.Fingerprint(model.Network, model.Network.ToWeightsFile(new Dictionary<string, string>()));
        CodecFingerprint standard = Fingerprint();
        GaussianPrior prior = new([.. Enumerable.Range(0, 32).Select(i => i / 8f)], [.. Enumerable.Range(1, 32).Select(i => i / 9f)]);
        model.Network.LoadFitted(new WeightsFile(prior.Tensors));
        CodecFingerprint own = Fingerprint();

        using ImageCompressor loaded = ModelWeights.Load(
            WeightsFile.Read(Safetensors.ToBytes(model.Network.ToWeightsFile(new Dictionary<string, string> { [VaeNetwork.LevelKey] = "14" }))), 1);
        CompressionResult result = loaded.CompressAndReconstruct(TestPicture.Create(40, 24));

        Assert.That(own, Is.Not.EqualTo(standard));
        Assert.That(loaded.Fingerprint, Is.EqualTo(own));
        Assert.That(result.Level, Is.EqualTo(14));
        Assert.That(IcdFile.Read(result.File).Body.Span[0], Is.EqualTo(13));
        Assert.That(loaded.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
    }

    [TestCase("prior.deviation", -1f)]
    [TestCase("prior.deviation", float.NaN)]
    [TestCase("prior.tolerance", 0f)]
    [TestCase("prior.tolerance", float.PositiveInfinity)]
    public void A_prior_that_is_none_is_refused(string name, float value)
    {
        using Autoencoder model = ModelFactory.CreateSpatialVae(maxThreads: 1);
        WeightsFile weights = model.Network.ToWeightsFile(new Dictionary<string, string>());
        weights.Get(name).Values[7] = value;

        Assert.That(() => ModelWeights.Load(weights, 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains(name));
    }

    [Test]
    public void Half_a_prior_is_refused([Values("prior.deviation", "prior.tolerance")] string missing)
    {
        using Autoencoder model = ModelFactory.CreateSpatialVae(maxThreads: 1);
        WeightsFile weights = model.Network.ToWeightsFile(new Dictionary<string, string>());
        WeightsFile half = new(weights.Tensors.Where(tensor => tensor.Name != missing));
        WeightsFile none = new(weights.Tensors.Where(tensor => !tensor.Name.StartsWith("prior.", StringComparison.Ordinal)));

        Assert.That(() => ModelWeights.Load(half, 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains(missing));
        using ImageCompressor standard = ModelWeights.Load(none, 1);
        Assert.That(standard.Fingerprint, Is.EqualTo(ModelWeights.Fingerprint(model.Network, weights)), "fresh models have the standard prior");
    }

    [TestCase("0")]
    [TestCase("25")]
    [TestCase("fine")]
    public void A_default_that_is_no_level_is_refused(string level)
    {
        using Autoencoder model = ModelFactory.CreateSpatialVae(maxThreads: 1);
        WeightsFile weights = model.Network.ToWeightsFile(new Dictionary<string, string> { [VaeNetwork.LevelKey] = level });

        Assert.That(() => ModelWeights.Load(weights, 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains(level));
    }

    private static float[] RoundTrip(GaussianPrior prior, float[] latent, int level, out byte[] body)
    {
        GaussianLatentCodec codec = new(() => prior);
        ArrayBufferWriter<byte> writer = new();
        float[] foreseen = new float[latent.Length];
        codec.Encode(latent, s_shape, level, writer, foreseen);
        body = writer.WrittenSpan.ToArray();
        float[] back = new float[latent.Length];
        codec.Decode(body, s_shape, back);
        Assert.That(foreseen, Is.EqualTo(back));
        return back;
    }

    private static float[] Draw(GaussianPrior prior)
    {
        RandomSource random = new(3);
        return [.. Enumerable.Range(0, s_shape.Length).Select(i => prior.Deviations[i % 3] * random.NextNormal())];
    }

    /// <summary>Φ after Abramowitz and Stegun 7.1.26, good to 1.5e-7; far tails don't occur here.</summary>
    private static double NormalCdf(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double t = 1 / (1 + 0.3275911 * z);
        double erf = 1 - (((((1.061405429 * t) - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.Exp(-z * z);
        return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
    }
}
