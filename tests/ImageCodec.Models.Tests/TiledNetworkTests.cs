using ImageCodec.Entropy;
using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

/// <summary>Pictures cut into tiles give the bits of pictures in one piece.</summary>
public class TiledNetworkTests
{
    [TestCase("baseline", 64, 200, 136)]
    [TestCase("baseline", 8, 40, 72)]
    [TestCase("strided", 64, 200, 136)]
    [TestCase("strided", 8, 72, 40)]
    [TestCase("strided", 64, 64, 264)]
    [TestCase("residual", 64, 200, 136)]
    [TestCase("residual", 8, 40, 72)]
    [TestCase("vae", 128, 384, 256)]
    [TestCase("vae-spatial", 8, 40, 72)]
    public void Tiles_change_no_bit(string architecture, int tileSide, int width, int height)
    {
        using Autoencoder model = ModelFactory.Create(architecture, seed: 5);
        Network network = model.Network;
        TensorShape picture = new(height, width, 3);
        TensorShape latent = new(height / network.Stride, width / network.Stride, network.LatentChannels);

        float[] pixels = Random(picture);
        AssertSame(network.Encoder, network.Stride, 1, tileSide, pixels, picture, latent);
        AssertSame(network.Decoder, 1, network.Stride, tileSide, Random(latent), latent, picture);
    }

    /// <summary>The library's own transforms take pictures by their rows, others as tensors; both with several tiles and padding.</summary>
    [TestCase(1601, 9)]
    [TestCase(5, 803)]
    public void Rows_of_pictures_and_whole_tensors_give_the_same_bits(int width, int height)
    {
        using Autoencoder model = ModelFactory.CreateStrided(seed: 5);
        using ImageCompressor rows = new(model.Encoder, model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), ContextCoder.Instance), new CodecFingerprint(1));
        using ImageCompressor tensors = new(new Hidden(model.Encoder), new Hidden(model.Decoder), new QuantizedLatentCodec(new UniformQuantizer(), ContextCoder.Instance), new CodecFingerprint(1));
        RgbImage image = TestPicture.Create(width, height);

        byte[] file = rows.Compress(image);

        Assert.That(tensors.Compress(image), Is.EqualTo(file));
        Assert.That(tensors.Decompress(file).Pixels.SequenceEqual(rows.Decompress(file).Pixels));
    }

    [Test]
    public void Less_surroundings_than_a_network_reaches_would_show()
    {
        // The reach is not just large enough, it is what is needed: this guards the test above against tiles that never differ.
        using Autoencoder model = ModelFactory.CreateStrided(seed: 5);
        Assert.That(model.Network.Encoder.Reach, Is.EqualTo(3 + 2 * 2 + 4 * 1));
        Assert.That(model.Network.Decoder.Reach, Is.EqualTo(1 + 1 / 2.0 * 1 + 1 / 4.0 * 2));
    }

    private static unsafe void AssertSame(Sequential network, int inputUnit, int outputUnit, int tileSide, float[] input, TensorShape inputShape, TensorShape outputShape)
    {
        using Workspace workspace = new();
        float[] tiled = new float[outputShape.Length];
        fixed (float* from = input, to = tiled)
        {
            new TiledNetwork(network, inputUnit, outputUnit, workspace, maxThreads: 2, tileSide).Run(
                new TensorRows(from, inputShape), inputShape, new TensorRows(to, outputShape), outputShape, null, default);
        }

        using ComputeScope scope = new(workspace, 2);
        Tensor whole = scope.Create(1, inputShape);
        input.CopyTo(whole.Span);
        Assert.That(tiled, Is.EqualTo(network.Forward(scope, whole).Span.ToArray()));
    }

    /// <summary>A transform that can't be told for one of the library's own.</summary>
    private sealed class Hidden(object transform) : IEncoder, IDecoder
    {
        public int Stride => 8;

        public int LatentChannels => 16;

        public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken) =>
            ((IEncoder)transform).Encode(picture, pictureShape, latent, cancellationToken);

        public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken) =>
            ((IDecoder)transform).Decode(latent, latentShape, picture, cancellationToken);
    }

    private static float[] Random(TensorShape shape)
    {
        RandomSource random = new(1);
        return [.. Enumerable.Range(0, shape.Length).Select(_ => random.NextSingle())];
    }
}
