using System.Buffers;

namespace ImageCodec.Models.Tests;

/// <summary>Each of the four stages can be one's own.</summary>
public class CustomCodecTests
{
    [Test]
    public void A_codec_of_four_own_stages_takes_one_expression()
    {
        using ImageCompressor compressor = new(new Mean(), new Spread(), new QuantizedLatentCodec(new Bytes(), new Raw()), CodecFingerprint.Of("means of 4×4, 8 bits"u8));
        RgbImage image = new(6, 5);
        image.Pixels.Fill(100);

        CompressionResult result = compressor.CompressAndReconstruct(image);

        Assert.That(result.Reconstruction.Pixels.SequenceEqual(image.Pixels), Is.True);
        Assert.That(result.Psnr, Is.EqualTo(double.PositiveInfinity));
        Assert.That(IcdFile.Read(result.File).Body.ToArray(), Is.EqualTo(new byte[] { 100, 100, 100, 100 }));
        Assert.That(
            () => compressor.Decompress(IcdFile.Encode(compressor.Fingerprint, 6, 5, [1, 2, 3])), Throws.TypeOf<InvalidFileException>());
    }

    [Test]
    public void Stages_that_do_not_fit_each_other_are_refused()
    {
        using Autoencoder model = ModelFactory.CreateStrided();

        Assert.That(
            () => new ImageCompressor(model.Encoder, new Spread(), new QuantizedLatentCodec(new Bytes(), new Raw()), new CodecFingerprint(1)),
            Throws.ArgumentException.With.Message.Contains("stride 8").And.Message.Contains("stride 4"));
        Assert.That(() => new QuantizedLatentCodec(null!, new Raw()), Throws.ArgumentNullException);
        Assert.That(() => new QuantizedLatentCodec(new Bytes(), null!), Throws.ArgumentNullException);
        Assert.That(
            () => new QuantizedLatentCodec(new Bytes(), new Raw(), 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private sealed class Mean : IEncoder
    {
        public int Stride => 4;

        public int LatentChannels => 1;

        public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
        {
            latent.Clear();
            for (int i = 0; i < picture.Length; i++)
            {
                (int y, int x) = Math.DivRem(i / 3, pictureShape.Width);
                latent[y / 4 * (pictureShape.Width / 4) + x / 4] += picture[i] / 48;
            }
        }
    }

    private sealed class Spread : IDecoder
    {
        public int Stride => 4;

        public int LatentChannels => 1;

        public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < picture.Length; i++)
            {
                (int y, int x) = Math.DivRem(i / 3, latentShape.Width * 4);
                picture[i] = latent[y / 4 * latentShape.Width + x / 4];
            }
        }
    }

    private sealed class Bytes : IQuantizer
    {
        public int LevelCount => 1;

        public int GetSideInformationLength(TensorShape latentShape) => 0;

        public void Quantize(
            ReadOnlySpan<float> latent, TensorShape latentShape, int level, Span<byte> symbols, Span<byte> sideInformation, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < latent.Length; i++)
            {
                symbols[i] = (byte)Math.Round(255 * latent[i]);
            }
        }

        public void Dequantize(
            ReadOnlySpan<byte> symbols, TensorShape latentShape, ReadOnlySpan<byte> sideInformation, Span<float> latent, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < latent.Length; i++)
            {
                latent[i] = symbols[i] / 255f;
            }
        }
    }

    private sealed class Raw : IEntropyCoder
    {
        public void Encode(ReadOnlySpan<byte> symbols, TensorShape latentShape, IBufferWriter<byte> destination, CancellationToken cancellationToken) =>
            destination.Write(symbols);

        public void Decode(ReadOnlySpan<byte> source, TensorShape latentShape, Span<byte> symbols, CancellationToken cancellationToken)
        {
            if (source.Length != symbols.Length)
            {
                throw new InvalidFileException("raw", $"there are {source.Length} bytes, but {symbols.Length} symbols.");
            }

            source.CopyTo(symbols);
        }
    }
}
