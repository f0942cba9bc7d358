using ImageCodec.Entropy;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks.Layers;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp.Tests;

public class TorchAutoencoderTests
{
    private static IEnumerable<string> Architectures => Samples.Architectures;

    [TestCaseSource(nameof(Architectures))]
    public void Encodes_and_decodes_as_the_librarys_own_network(string architecture)
    {
        using Autoencoder model = Samples.CreateModel(architecture);
        using TorchAutoencoder module = new(model);
        TensorShape shape = new(128, 256, 3);
        float[] picture = [.. Samples.Picture(shape.Width, shape.Height, 1).Pixels.ToArray().Select(value => value / 255f)];
        TensorShape latentShape = new(shape.Height / model.Encoder.Stride, shape.Width / model.Encoder.Stride, model.Encoder.LatentChannels);
        float[] expectedLatent = new float[latentShape.Length];
        float[] latent = new float[latentShape.Length];
        model.Encoder.Encode(picture, shape, expectedLatent);
        module.Encoder.Encode(picture, shape, latent);
        float[] expected = new float[shape.Length];
        float[] restored = new float[shape.Length];
        model.Decoder.Decode(expectedLatent, latentShape, expected);
        module.Decoder.Decode(expectedLatent, latentShape, restored);

        double inLatent = Largest(expectedLatent, latent) / expectedLatent.Max(Math.Abs);
        double inPicture = Largest(expected, restored);
        TestContext.Out.WriteLine($"{architecture}: latent {inLatent:0.0e+0} of the largest value, picture {inPicture:0.0e+0}");
        Assert.Multiple(() =>
        {
            Assert.That(expectedLatent.Max(Math.Abs), Is.GreaterThan(0));
            Assert.That(inLatent, Is.LessThan(1e-5));
            Assert.That(inPicture, Is.LessThan(1e-4));
        });
    }

    [TestCaseSource(nameof(Architectures))]
    public void Has_the_names_and_shapes_of_weights_files(string architecture)
    {
        using Autoencoder model = ModelFactory.Create(architecture);
        using TorchAutoencoder module = new(model);
        Assert.That(
            module.named_parameters().Select(p => $"{p.name} {string.Join('×', p.parameter.shape)}"),
            Is.EquivalentTo(model.Network.Parameters.Select(p => $"{p.Name} {string.Join('×', p.Parameter.Layout.FileShape)}")));
    }

    [TestCaseSource(nameof(Architectures))]
    public void Gives_back_the_weights_it_was_given(string architecture)
    {
        using Autoencoder model = Samples.CreateModel(architecture);
        using TorchAutoencoder module = new(model);
        using Autoencoder back = module.ToManaged();
        foreach (((string name, Parameter expected), (_, Parameter actual)) in model.Network.Parameters.Zip(back.Network.Parameters))
        {
            Assert.That(actual.Values.SequenceEqual(expected.Values), name);
        }
    }

    [Test]
    public void Weights_written_make_the_same_files([Values("photo", "vae-spatial", "strided")] string name)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{name}.safetensors");
        using (TorchAutoencoder module = TorchAutoencoder.LoadPretrained(name))
        {
            module.SaveWeights(path);
        }

        using ImageCompressor expected = ImageCompressor.LoadPretrained(name);
        using ImageCompressor actual = ImageCompressor.Load(path);
        using TorchAutoencoder again = TorchAutoencoder.Load(path);
        RgbImage picture = Samples.Picture(128, 128, 2);
        Assert.Multiple(() =>
        {
            Assert.That(actual.Fingerprint, Is.EqualTo(expected.Fingerprint));
            Assert.That(actual.Compress(picture), Is.EqualTo(expected.Compress(picture)));
            Assert.That(again.Architecture, Is.EqualTo(PretrainedModel.All.Single(model => model.Name == name).Card["architecture"]));
        });
    }

    [Test]
    public void Works_as_the_stages_of_a_compressor()
    {
        using Autoencoder model = PretrainedModel.All.Single(pretrained => pretrained.Name == "strided").LoadModel();
        using TorchAutoencoder module = new(model);
        using ImageCompressor compressor = new(module.Encoder, module.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), AdaptiveCoder.Instance), new CodecFingerprint(1));
        RgbImage picture = Samples.Picture(100, 75, 3);
        RgbImage back = compressor.Decompress(compressor.Compress(picture));
        Assert.That((back.Width, back.Height), Is.EqualTo((100, 75)));
    }

    [Test]
    public void Forward_is_encoding_and_decoding()
    {
        using Autoencoder model = Samples.CreateModel("residual");
        using TorchAutoencoder module = new(model);
        using Tensor pictures = rand(2, 3, 64, 96);
        using Tensor whole = module.call(pictures);
        using Tensor stages = module.Decode(module.Encode(pictures));
        Assert.Multiple(() =>
        {
            Assert.That(whole.shape, Is.EqualTo(pictures.shape));
            Assert.That(whole.allclose(stages));
        });
    }

    [Test]
    public void Says_which_shape_does_not_fit()
    {
        using Autoencoder model = ModelFactory.CreateStrided();
        using TorchAutoencoder module = new(model);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => module.Encoder.Encode(new float[12 * 16 * 3], new TensorShape(12, 16, 3), new float[32]),
                Throws.ArgumentException.With.Message.Contains("multiples of 8"));
            Assert.That(() => module.Encoder.Encode(new float[16 * 16 * 3], new TensorShape(16, 16, 3), new float[5]), Throws.ArgumentException);
            Assert.That(() => module.Decoder.Decode(new float[2 * 2 * 8], new TensorShape(2, 2, 8), new float[16 * 16 * 3]), Throws.ArgumentException);
            Assert.That(() => TorchAutoencoder.LoadPretrained("nothing"), Throws.ArgumentException.With.Message.Contains("«nothing»"));
            Assert.That(() => TorchAutoencoder.LoadPretrained("fitted"), Throws.TypeOf<NotSupportedException>().With.Message.Contains("«fitted»"));
        });
    }

    private static double Largest(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();
}
