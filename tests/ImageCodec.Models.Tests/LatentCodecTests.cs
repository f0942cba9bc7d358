using System.Buffers;
using ImageCodec.Entropy;

namespace ImageCodec.Models.Tests;

/// <summary>The contract of latent codecs, kept by each of the library's own and asked of no one more than is needed.</summary>
public class LatentCodecTests
{
    [TestCase("photo")]
    [TestCase("strided")]
    [TestCase("vae-spatial")]
    public void Encoding_tells_what_decoding_will_give(string name)
    {
        using Autoencoder model = Load(name);
        RgbImage image = TestPicture.Create(77, 41);
        TensorShape shape = ShapeOf(model, image);
        float[] latent = new float[shape.Length], foreseen = new float[shape.Length], decoded = new float[shape.Length];
        model.Encoder.Encode(image, latent);
        foreach (int level in new[] { 1, model.LatentCodec.DefaultLevel, model.LatentCodec.LevelCount })
        {
            ArrayBufferWriter<byte> body = new();
            ArrayBufferWriter<byte> again = new();
            model.LatentCodec.Encode(latent, shape, level, body, foreseen);
            model.LatentCodec.Encode(latent, shape, level, again, []);
            model.LatentCodec.Decode(body.WrittenSpan, shape, decoded);

            Assert.That(again.WrittenSpan.SequenceEqual(body.WrittenSpan), Is.True, "what is told changes nothing");
            Assert.That(decoded, Is.EqualTo(foreseen));
        }
    }

    [TestCase("photo")]
    [TestCase("vae")]
    public void The_stages_of_a_model_make_its_files(string name)
    {
        using ImageCompressor whole = ImageCompressor.LoadPretrained(name);
        using Autoencoder model = Load(name);
        using ImageCompressor joined = new(model.Encoder, model.Decoder, model.LatentCodec, whole.Fingerprint);
        RgbImage image = TestPicture.Create(130, 70);

        byte[] file = whole.Compress(image);

        Assert.That(joined.Compress(image), Is.EqualTo(file));
        Assert.That(joined.Decompress(file).Pixels.SequenceEqual(whole.Decompress(file).Pixels), Is.True);
    }

    [Test]
    public void Transforms_of_the_default_model_take_another_latent_codec()
    {
        using Autoencoder model = Load("photo");
        using ImageCompressor own = new(
            model.CreateScaledEncoder(200), model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(isSigned: true), ContextCoder.Instance, 8), new CodecFingerprint(1));
        RgbImage image = Photo(64, 48);

        CompressionResult result = own.CompressAndReconstruct(image);

        Assert.That(result.Level, Is.EqualTo(8));
        Assert.That(own.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
        Assert.That(result.Psnr, Is.GreaterThan(30));
        Assert.That(() => model.CreateScaledEncoder(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Nothing_is_decoded_that_was_just_encoded()
    {
        using Autoencoder model = Load("photo");
        Counting codec = new(model.LatentCodec);
        using ImageCompressor compressor = new(model.Encoder, model.Decoder, codec, new CodecFingerprint(1));
        RgbImage image = TestPicture.Create(256, 192);

        CompressionResult plain = compressor.CompressAndReconstruct(image);
        Assert.That((codec.Encoded, codec.Decoded), Is.EqualTo((1, 0)));

        compressor.CompressAndReconstruct(image, new CompressionOptions { Psnr = plain.Psnr - 2 });
        Assert.That(codec.Encoded, Is.InRange(2, 1 + 6));
        Assert.That(codec.Decoded, Is.Zero);
    }

    [TestCase(0.15)]
    [TestCase(0.3)]
    [TestCase(0.6)]
    public void A_length_is_found_in_few_encodings(double bitsPerPixel)
    {
        using Autoencoder model = Load("photo");
        Counting codec = new(model.LatentCodec);
        using ImageCompressor compressor = new(model.Encoder, model.Decoder, codec, new CodecFingerprint(1));
        RgbImage image = Photo(320, 256);

        CompressionResult result = compressor.CompressAndReconstruct(image, new CompressionOptions { BitsPerPixel = bitsPerPixel });

        Assert.That(result.BitsPerPixel, Is.EqualTo(bitsPerPixel).Within(2).Percent);
        Assert.That(codec.Encoded, Is.LessThanOrEqualTo(3));
    }

    [TestCase("photo")]
    [TestCase("strided")]
    [TestCase("vae-spatial")]
    public void Lengths_that_do_not_fit_are_refused_before_any_memory_is_touched(string name)
    {
        using Autoencoder model = Load(name);
        ILatentCodec codec = model.LatentCodec;
        TensorShape shape = new(2, 3, model.Encoder.LatentChannels);
        float[] latent = new float[shape.Length], less = new float[10], more = new float[2 * shape.Length];
        ArrayBufferWriter<byte> body = new();
        codec.Encode(latent, shape, 1, body, []);

        foreach (float[] wrong in new[] { less, more })
        {
            Assert.That(() => codec.Encode(wrong, shape, 1, new ArrayBufferWriter<byte>(), []), Throws.ArgumentException);
            Assert.That(() => codec.Encode(latent, shape, 1, new ArrayBufferWriter<byte>(), wrong), Throws.ArgumentException);
            Assert.That(() => codec.Decode(body.WrittenSpan, shape, wrong), Throws.ArgumentException);
            Assert.That(() => codec.FindLevel(wrong, shape, 100), Throws.ArgumentException);
            Assert.That(() => codec.FindLevel(latent, shape, double.NaN), Throws.ArgumentException);
        }

        Assert.That(() => codec.Encode(latent, new TensorShape(0, 0, shape.Channels), 1, new ArrayBufferWriter<byte>(), []), Throws.ArgumentException);
        Assert.That(() => codec.Encode(latent, shape, 0, new ArrayBufferWriter<byte>(), []), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => codec.Encode(latent, shape, codec.LevelCount + 1, new ArrayBufferWriter<byte>(), []), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("photo")]
    [TestCase("vae-spatial")]
    public void Channels_of_another_model_are_refused(string name)
    {
        using Autoencoder model = Load(name);
        TensorShape shape = new(2, 3, model.Encoder.LatentChannels + 1);
        float[] latent = new float[shape.Length];

        Assert.That(() => model.LatentCodec.Encode(latent, shape, 1, new ArrayBufferWriter<byte>(), []), Throws.ArgumentException.With.Message.Contains($"{shape}"));
        Assert.That(() => model.LatentCodec.Decode([0, 0, 0], shape, latent), Throws.ArgumentException.With.Message.Contains($"{shape}"));
    }

    [TestCase("photo", 1)]
    [TestCase("photo", 2)]
    [TestCase("vae-spatial", 2)]
    public void Values_that_are_not_finite_are_the_callers_mistake_on_any_number_of_threads(string name, int maxThreads)
    {
        using Autoencoder model = PretrainedModel.Get(name).LoadModel(maxThreads);
        TensorShape shape = new(40, 40, model.Encoder.LatentChannels);
        float[] latent = new float[shape.Length];
        latent[5000] = float.NaN;

        Assert.That(() => model.LatentCodec.Encode(latent, shape, 3, new ArrayBufferWriter<byte>(), []), Throws.ArgumentException);
        Assert.That(() => model.LatentCodec.FindLevel(latent, shape, 1000), Throws.ArgumentException);
    }

    [TestCase("photo")]
    [TestCase("baseline")]
    [TestCase("vae")]
    public void Shapes_that_none_has_are_the_callers_mistake(string name)
    {
        using Autoencoder model = Load(name);
        int channels = model.Encoder.LatentChannels;
        float[] some = new float[4 * channels];
        foreach (TensorShape shape in new TensorShape[] { new(65536, 65536, channels), new(-2, -2, channels), new(int.MaxValue, 1, channels) })
        {
            Assert.That(() => model.LatentCodec.Decode([1, 2, 3], shape, some), Throws.ArgumentException);
            Assert.That(() => model.LatentCodec.Encode(some, shape, 1, new ArrayBufferWriter<byte>(), []), Throws.ArgumentException);
            Assert.That(() => model.Decoder.Decode(some, shape, some), Throws.ArgumentException);
            Assert.That(() => model.Encoder.Encode(some, shape with { Channels = 3 }, some), Throws.ArgumentException);
            Assert.That(() => new UniformQuantizer().Quantize(some, shape, 1, new byte[some.Length], new byte[2]), Throws.ArgumentException);
            Assert.That(() => ContextCoder.Instance.Encode(new byte[some.Length], shape, new ArrayBufferWriter<byte>()), Throws.ArgumentException);
        }

        Assert.That(() => model.Encoder.Encode((RgbImage)null!, some), Throws.ArgumentNullException);
        Assert.That(() => model.Decoder.Decode(some, (RgbImage)null!), Throws.ArgumentNullException);
    }

    [TestCase("photo")]
    [TestCase("baseline")]
    [TestCase("vae-spatial")]
    public void Targets_beyond_all_reach_give_the_last_level(string name)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained(name);
        RgbImage image = TestPicture.Create(24, 16);
        foreach (double target in new[] { 1e4, 1e20, double.MaxValue })
        {
            Assert.That(compressor.CompressAndReconstruct(image, new CompressionOptions { BitsPerPixel = target }).Level, Is.EqualTo(compressor.LevelCount));
        }

        Assert.That(compressor.Compress(image, new CompressionOptions { Psnr = double.MaxValue }), Is.EqualTo(compressor.Compress(image, new CompressionOptions { Psnr = 999 })));
    }

    [Test]
    public void A_compressor_may_go_one_way_only()
    {
        using Autoencoder model = Load("strided");
        using ImageCompressor there = new(model.Encoder, null, model.LatentCodec, new CodecFingerprint(7));
        using ImageCompressor back = new(null, model.Decoder, model.LatentCodec, new CodecFingerprint(7));
        using ImageCompressor both = new(model.Encoder, model.Decoder, model.LatentCodec, new CodecFingerprint(7));
        RgbImage image = TestPicture.Create(30, 20);

        byte[] file = there.Compress(image);
        Assert.That(there.Compress(image, new CompressionOptions { BitsPerPixel = 0.4 }), Is.EqualTo(both.Compress(image, new CompressionOptions { BitsPerPixel = 0.4 })));
        Assert.That(back.Decompress(file).Pixels.SequenceEqual(both.Decompress(file).Pixels), Is.True);

        Assert.That(() => back.Compress(image), Throws.TypeOf<NotSupportedException>().With.Message.Contains("only decompresses"));
        Assert.That(() => there.Decompress(file), Throws.TypeOf<NotSupportedException>().With.Message.Contains("only compresses"));
        Assert.That(() => there.CompressAndReconstruct(image), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => there.Compress(image, new CompressionOptions { Psnr = 30 }), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => there.Compress(image, new CompressionOptions { Ssimulacra2 = 70 }), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => new ImageCompressor(null, null, model.LatentCodec, default), Throws.ArgumentException);
        Assert.That(() => new ImageCompressor(model.Encoder, null, null!, default), Throws.ArgumentNullException);
        using Autoencoder photo = Load("photo");
        Assert.That(() => new ImageCompressor(null, model.Decoder, photo.LatentCodec, default), Throws.ArgumentException.With.Message.Contains("320").And.Message.Contains("16"));
    }

    private static Autoencoder Load(string name) => PretrainedModel.All.Single(model => model.Name == name).LoadModel();

    private static TensorShape ShapeOf(Autoencoder model, RgbImage image) => new(
        (image.Height + model.Encoder.Stride - 1) / model.Encoder.Stride,
        (image.Width + model.Encoder.Stride - 1) / model.Encoder.Stride,
        model.Encoder.LatentChannels);

    /// <summary>Smooth shades, edges and some grain: about as many bits as a photo has.</summary>
    private static RgbImage Photo(int width, int height)
    {
        RgbImage image = new(width, height);
        Random random = new(1);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < width; x++)
            {
                double shade = 120 + 60 * Math.Sin(x / 37.0) + 40 * Math.Cos(y / 23.0) + ((x / 40 + y / 32) % 2 == 0 ? 25 : 0) + 12 * random.NextDouble();
                for (int channel = 0; channel < 3; channel++)
                {
                    row[3 * x + channel] = (byte)Math.Clamp(shade + 15 * channel * Math.Sin((x + y) / 50.0), 0, 255);
                }
            }
        }

        return image;
    }

    /// <summary>A latent codec that counts what it is asked for.</summary>
    private sealed class Counting(ILatentCodec inner) : ILatentCodec
    {
        public int Encoded { get; private set; }

        public int Decoded { get; private set; }

        public int LevelCount => inner.LevelCount;

        public int DefaultLevel => inner.DefaultLevel;

        public void Encode(
            ReadOnlySpan<float> latent, TensorShape latentShape, int level, IBufferWriter<byte> body, Span<float> decoded, CancellationToken cancellationToken = default)
        {
            Encoded++;
            inner.Encode(latent, latentShape, level, body, decoded, cancellationToken);
        }

        public void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default)
        {
            Decoded++;
            inner.Decode(body, latentShape, latent, cancellationToken);
        }

        public int FindLevel(ReadOnlySpan<float> latent, TensorShape latentShape, double length, CancellationToken cancellationToken = default) =>
            inner.FindLevel(latent, latentShape, length, cancellationToken);
    }
}
