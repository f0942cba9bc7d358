using ImageCodec.Models.Autoencoders;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

/// <summary>A checkpoint that PyTorch wrote, through the public door; its weights come from a formula and are known here.</summary>
public class CheckpointTests
{
    private static string File => Path.Combine(NetworkFixture.Folder, "strided.pth");

    [Test]
    public void A_checkpoint_of_PyTorch_is_the_model_that_it_was_there()
    {
        using Autoencoder expected = ModelFactory.CreateStrided();
        NetworkFixture.Fill(expected, NetworkFixture.Read("strided"));
        using ImageCompressor made = new(
            expected.Encoder, expected.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), Entropy.AdaptiveCoder.Instance, 2), FingerprintOf(expected));
        using ImageCompressor loaded = ImageCompressor.Load(File);
        RgbImage image = TestPicture.Create(70, 50);

        byte[] file = loaded.Compress(image);

        Assert.That(loaded.Fingerprint, Is.EqualTo(made.Fingerprint));
        Assert.That(file, Is.EqualTo(made.Compress(image)));
        Assert.That(loaded.Decompress(file).Pixels.SequenceEqual(made.Decompress(file).Pixels), Is.True);
    }

    [Test]
    public void The_same_weights_as_safetensors_are_the_same_codec()
    {
        using Autoencoder model = ModelWeights.LoadModel(WeightsFile.Read(System.IO.File.ReadAllBytes(File)), maxThreads: 1);
        byte[] safetensors = Safetensors.ToBytes(model.Network.ToWeightsFile(new Dictionary<string, string> { [AutoencoderNetwork.BitsKey] = "5" }));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.safetensors");
        System.IO.File.WriteAllBytes(path, safetensors);
        try
        {
            using ImageCompressor fromCheckpoint = ImageCompressor.Load(File);
            using ImageCompressor fromSafetensors = ImageCompressor.Load(path);
            RgbImage image = TestPicture.Create(30, 20);

            CompressionResult result = fromSafetensors.CompressAndReconstruct(image);

            Assert.That(fromSafetensors.Fingerprint, Is.EqualTo(fromCheckpoint.Fingerprint));
            Assert.That(result.Level, Is.EqualTo(5), "what the metadata says");
            Assert.That(fromCheckpoint.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [TestCase("0")]
    [TestCase("9")]
    [TestCase("two")]
    public void A_default_that_is_no_number_of_bits_is_refused(string bits)
    {
        using Autoencoder model = ModelFactory.CreateStrided();
        WeightsFile weights = model.Network.ToWeightsFile(new Dictionary<string, string> { [AutoencoderNetwork.BitsKey] = bits });

        Assert.That(() => ModelWeights.Load(weights, 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains(bits));
    }

    [Test]
    public void Weights_of_no_architecture_are_refused_with_the_list_of_those_there_are()
    {
        WeightsFile weights = new([new NamedTensor("encoder.0.weight", [1, 1, 1, 1], [1])]);

        Assert.That(
            () => ModelWeights.Load(weights, 1),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("encoder.0.weight").And.Message.Contains("baseline, strided, residual, vae, vae-spatial"));
    }

    [Test]
    public void A_missing_file_is_an_IOException() =>
        Assert.That(() => ImageCompressor.Load(Path.Combine(NetworkFixture.Folder, "missing.pth")), Throws.InstanceOf<IOException>());

    private static CodecFingerprint FingerprintOf(Autoencoder model) => ModelWeights.Fingerprint(model.Network, model.Network.ToWeightsFile(new Dictionary<string, string>()));
}
