namespace ImageCodec.Models.Tests;

/// <summary>Ranges of each channel.</summary>
public class ChannelQuantizerTests
{
    private static readonly ChannelQuantizer s_quantizer = new();

    [Test]
    public void Values_come_back_within_half_a_cell_of_their_channel([Range(1, 8)] int bits, [Values(1, 2, 5)] int channels)
    {
        TensorShape shape = new(6, 7, channels);
        Random random = new(bits);
        float[] latent = [.. Enumerable.Range(0, shape.Length).Select(i => 4 * random.NextSingle() / (1 << (2 * (i % channels))))];

        float[] back = RoundTrip(latent, shape, bits, out byte[] side);

        float range = latent.Max();
        for (int channel = 0; channel < channels; channel++)
        {
            // The channel's range is its largest value, rounded up to a sixteenth of the whole range.
            float own = latent.Where((_, i) => i % channels == channel).Max();
            double half = Math.Ceiling(16 * own / range) / 16 * range / (2 << bits);
            for (int i = channel; i < latent.Length; i += channels)
            {
                Assert.That(back[i], Is.EqualTo(latent[i]).Within(half * 1.001 + range / 1000), $"value {i}");
            }
        }

        Assert.That(side, Has.Length.EqualTo(2 + (channels + 1) / 2));
    }

    [Test]
    public void Side_information_is_that_of_the_picture_and_a_sixteenth_a_channel()
    {
        TensorShape shape = new(1, 2, 3);
        float[] back = RoundTrip([0, 1, 4, 0, 0.3f, 2], shape, 1, out byte[] side);

        // Range 4 as the other quantiser has it; channels at most 0, 1 and 4.
        Assert.That(side[2..], Is.EqualTo(new byte[] { 0x03, 0xF0 }));
        Assert.That(back, Is.EqualTo(new[] { 0.0625f, 0.75f, 3, 0.0625f, 0.25f, 3 }));
    }

    [Test]
    public void Zeros_and_values_below_zero_are_zeros()
    {
        Assert.That(RoundTrip(new float[8], new TensorShape(2, 2, 2), 3, out _), Is.All.Zero);
        Assert.That(RoundTrip([-5, 3], new TensorShape(1, 1, 2), 2, out _), Is.EqualTo(new[] { 3 / 16f / 8, 3 * 0.875f }).Within(1e-3));
    }

    [Test]
    public void What_was_never_written_is_refused()
    {
        TensorShape shape = new(1, 1, 2);
        Assert.That(() => s_quantizer.Dequantize([0, 2], shape, [0x15, 0, 0xFF], new float[2]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("symbol 1 is 2"));
        Assert.That(() => s_quantizer.Quantize([float.NaN, 0], shape, 2, new byte[2], new byte[3]), Throws.ArgumentException.With.Message.Contains("not finite"));
        Assert.That(() => s_quantizer.Quantize([1, 0], shape, 9, new byte[2], new byte[3]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => s_quantizer.Quantize([1, 0], shape, 1, new byte[2], new byte[2]), Throws.ArgumentException.With.Message.Contains("3 bytes, but 2"));
    }

    [Test]
    public void Weights_choose_it_by_their_metadata()
    {
        using Autoencoder model = ModelFactory.CreateStrided(maxThreads: 1);
        ImageCompressor Load(string quantizer) => ModelWeights.Load(
            model.ToWeightsFile(new Dictionary<string, string> { [ModelWeights.QuantizerKey] = quantizer, [ModelWeights.EntropyCoderKey] = "context" }), 1);
        using ImageCompressor channel = Load("channel");
        using ImageCompressor picture = Load("picture");
        RgbImage image = TestPicture.Create(40, 24);

        CompressionResult result = channel.CompressAndReconstruct(image);

        Assert.That(channel.Fingerprint, Is.Not.EqualTo(picture.Fingerprint));
        Assert.That(channel.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
        Assert.That(() => picture.Decompress(result.File), Throws.TypeOf<InvalidFileException>());
        Assert.That(() => Load("both"), Throws.TypeOf<InvalidFileException>().With.Message.Contains("both").And.Message.Contains("channel"));
    }

    private static float[] RoundTrip(float[] latent, TensorShape shape, int bits, out byte[] side)
    {
        byte[] symbols = new byte[latent.Length];
        side = new byte[s_quantizer.GetSideInformationLength(shape)];
        s_quantizer.Quantize(latent, shape, bits, symbols, side);
        float[] back = new float[latent.Length];
        s_quantizer.Dequantize(symbols, shape, side, back);
        return back;
    }
}
