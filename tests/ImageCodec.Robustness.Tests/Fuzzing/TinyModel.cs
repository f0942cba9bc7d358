using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>An autoencoder of a few hundred weights, so that whole decodings take microseconds.</summary>
internal static class TinyModel
{
    /// <summary>Pixels that its compressors take.</summary>
    public const int MaxPixelCount = 1 << 14;

    private const int LatentChannels = 3;

    public static Autoencoder Create()
    {
        TinyNetwork network = new();
        network.Initialize(new RandomSource(1));
        return new Autoencoder(network, new ModelCard(new Dictionary<string, string>(), "weights"), maxThreads: 1);
    }

    public static ImageCompressor CreateCompressor(IEntropyCoder entropyCoder, int fingerprint)
    {
        Autoencoder model = Create();
        return new ImageCompressor(
            model.Encoder, model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), entropyCoder), new CodecFingerprint(fingerprint))
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

    /// <summary>The same, with all that a file can hold beside colours.</summary>
    public static RgbImage CreateWholePicture(int width, int height)
    {
        RgbImage image = CreatePicture(width, height);
        image.Metadata = new PictureMetadata
        {
            IccProfile = new byte[200],
            Exif = "II*\0"u8.ToArray(),
            Xmp = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<rdf:li/>", 20))),
            CodePoints = new ColorCodePoints(9, 16, 0, true),
            Gamma = 100_000,
        };
        for (int i = 0; i < image.PixelCount; i++)
        {
            image.AddAlpha()[i] = (byte)(i * i);
        }

        return image;
    }
}
