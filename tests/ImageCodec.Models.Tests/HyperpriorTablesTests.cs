using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

public class HyperpriorTablesTests
{
    private const int Magnitudes = HyperpriorTables.Magnitudes;

    [Test]
    public void Without_corrections_they_are_those_of_normal_distributions()
    {
        FrequencyTableSet normal = new ScaleGrid(0.11, 256, 64).CreateGaussianTables();
        for (int i = 0; i < 172; i++)
        {
            // One for each scale, then of scales 10 … 63 those of either quantiser, whose steps are wider by two scales.
            int scale = i < 64 ? i : 8 + (i - 64) % 54;
            Assert.That(Frequencies(HyperpriorTables.Normal, i), Is.EqualTo(normal.Tables[scale].Frequencies.ToArray()), $"table {i}");
        }

        Assert.That(HyperpriorTables.Normal.Tensors, Is.Empty);
    }

    [Test]
    public void Corrections_multiply_probabilities_before_they_are_scaled_to_one([Values(0, 9, 20, 40, 63, 64, 117, 118, 150, 171)] int index)
    {
        HyperpriorTables tables = new(Corrections());
        FrequencyTable normal = HyperpriorTables.Normal.Coder.Tables.Tables[index];
        FrequencyTable table = tables.Coder.Tables.Tables[index];
        double[] weights = new double[normal.ValueCount + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            int magnitude = i == normal.ValueCount ? 15 : Math.Min(15, Math.Abs(normal.MinValue + i));
            weights[i] = normal.Frequencies[i] * Math.Exp(tables.Corrections[index * Magnitudes + magnitude]);
        }

        double sum = weights.Sum();
        Assert.That((table.MinValue, table.ValueCount), Is.EqualTo((normal.MinValue, normal.ValueCount)));
        Assert.That(table.Frequencies.ToArray().Sum(frequency => frequency), Is.EqualTo(FrequencyTable.Total));
        for (int i = 0; i < weights.Length; i++)
        {
            // Where many are raised to the least frequency there is, the others give it.
            Assert.That((double)table.Frequencies[i], Is.EqualTo(FrequencyTable.Total * weights[i] / sum).Within(1 + 0.02 * table.Frequencies[i]), $"entry {i}");
        }
    }

    [Test]
    public void A_weights_file_keeps_them_and_its_codec_is_another()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        WeightsFile plain = model.Network.ToWeightsFile(new Dictionary<string, string>());
        Entropy(model).Tables = new HyperpriorTables(Corrections());
        WeightsFile corrected = WeightsFile.Read(Safetensors.ToBytes(model.Network.ToWeightsFile(new Dictionary<string, string>()), WeightPrecision.Half));
        using Autoencoder loaded = ModelWeights.LoadModel(corrected, maxThreads: 1);
        using ImageCompressor before = ModelWeights.Load(plain, maxThreads: 1);
        using ImageCompressor after = ModelWeights.Load(corrected, maxThreads: 1);

        Assert.That(Entropy(loaded).Tables.Corrections, Is.EqualTo(Corrections()).Within(0.002));
        Assert.That(after.Fingerprint, Is.Not.EqualTo(before.Fingerprint));
        RgbImage image = TestPicture.Create(70, 50);
        CompressionResult result = after.CompressAndReconstruct(image);
        Assert.That(after.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
        Assert.That(result.File, Is.Not.EqualTo(before.Compress(image)));
    }

    [TestCase(20.5f)]
    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    public void Corrections_out_of_range_are_refused(float value)
    {
        using Autoencoder model = ModelFactory.CreateHyperprior();
        float[] corrections = Corrections();
        corrections[77] = value;
        Entropy(model).Tables = new HyperpriorTables(corrections);
        WeightsFile file = model.Network.ToWeightsFile(new Dictionary<string, string>());

        Assert.That(() => ModelWeights.LoadModel(file, maxThreads: 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains("table_corrections"));
    }

    [Test]
    public void A_stream_is_as_long_as_its_tables_say()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        Entropy(model).Tables = new HyperpriorTables(Corrections());
        HyperpriorLatentCodec codec = new(Entropy(model), model.Workspace, maxThreads: 1);
        TensorShape shape = new(12, 16, model.Encoder.LatentChannels);
        Random random = new(3);
        float[] latent = [.. Enumerable.Range(0, shape.Length).Select(_ => (random.NextSingle() + random.NextSingle() - 1) * 0.8f)];
        foreach (int level in new[] { 60, 128, 220 })
        {
            (short[] values, byte[] indices) = codec.Quantize(latent, shape, level, null, [], CancellationToken.None);
            IReadOnlyList<FrequencyTable> tables = Entropy(model).Tables.Coder.Tables.Tables;
            double bits = values.Zip(indices, (value, index) => tables[index].GetBits(value)).Sum();
            ArrayBufferWriter<byte> body = new();
            codec.Encode(latent, shape, level, body, []);

            Assert.That(body.WrittenCount * 8, Is.EqualTo(bits).Within(64 + 0.001 * bits), $"level {level}");
        }
    }

    private static EntropyModel Entropy(Autoencoder model) => ((HyperpriorNetwork)model.Network).EntropyModel;

    private static ushort[] Frequencies(HyperpriorTables tables, int index) => tables.Coder.Tables.Tables[index].Frequencies.ToArray();

    /// <summary>More zeros and more outliers than there would be, as encoders make them.</summary>
    private static float[] Corrections()
    {
        float[] corrections = new float[DependentTables.Count * Magnitudes];
        for (int i = 0; i < corrections.Length; i++)
        {
            corrections[i] = (i % Magnitudes) switch
            {
                0 => 0.3f,
                1 => -0.25f,
                < 8 => 0,
                int magnitude => 0.1f * (magnitude - 7),
            };
        }

        return corrections;
    }
}
