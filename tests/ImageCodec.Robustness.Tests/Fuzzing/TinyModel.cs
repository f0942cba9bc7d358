using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>An autoencoder of a few hundred weights, so that whole decodings take microseconds.</summary>
internal static class TinyModel
{
    /// <summary>Pixels that its compressors take.</summary>
    public const int MaxPixelCount = 1 << 14;

    private const int LatentChannels = 3;

    public static Autoencoder Create()
    {
        Network network = new(
            new Sequential(
                ("encoder.0", ConvolutionLayer.Convolve(3, 4, 3, 2, 1, Activation.Relu)),
                ("encoder.1", ConvolutionLayer.Convolve(4, LatentChannels, 3, 2, 1, Activation.Relu))),
            new Sequential(
                ("decoder.0", ConvolutionLayer.Transpose(LatentChannels, 4, 3, 2, 1, 1, Activation.Relu)),
                ("decoder.1", ConvolutionLayer.Transpose(4, 3, 3, 2, 1, 1, Activation.Sigmoid))),
            null,
            4,
            LatentChannels);
        RandomSource random = new(1);
        foreach (ConvolutionLayer layer in Architecture.Convolutions(network))
        {
            Initialization.FanIn(layer, random);
        }

        return new Autoencoder("tiny", network, maxThreads: 1);
    }

    public static ImageCompressor CreateCompressor(IEntropyCoder entropyCoder, int fingerprint)
    {
        Autoencoder model = Create();
        return new ImageCompressor(
            model.Encoder, model.Decoder, new UniformQuantizer(), entropyCoder, new CodecFingerprint(fingerprint))
        {
            MaxPixelCount = MaxPixelCount,
        };
    }

    /// <summary>Colours that go on smoothly, with some noise.</summary>
    public static RgbImage CreatePicture(int width, int height)
    {
        RgbImage image = new(width, height);
        RandomSource random = new(width, height);
        Span<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i / 3 % width * 3) + (i / 3 / width * 5) + (80 * (i % 3)) + random.Next(16));
        }

        return image;
    }
}
