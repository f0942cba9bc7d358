using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

public class UniformQuantizerTests
{
    private const int SideLength = 2;

    [Test]
    public void Values_come_back_within_half_a_cell([Range(1, 8)] int bits, [Values] bool isSigned, [Values(1e-3f, 0.7f, 4.71f, 30000f)] float scale)
    {
        UniformQuantizer quantizer = new(isSigned);
        TensorShape shape = new(10, 10, 16);
        float[] latent = Latent(shape, isSigned, scale);
        float largest = latent.Max(Math.Abs);
        float range = UniformQuantizer.GetRanges(largest).Kept;

        (byte[] symbols, byte[] side) = Quantize(quantizer, latent, shape, bits);
        float[] back = Dequantize(quantizer, symbols, shape, side);

        float half = (isSigned ? 2 : 1) * range / (1 << bits) / 2;
        for (int i = 0; i < latent.Length; i++)
        {
            // The range is kept in 13 bits only, so cells and centres may be apart by what it lost.
            Assert.That(back[i], Is.EqualTo(latent[i]).Within(half * 1.0001f + Math.Abs(range - largest)));
        }

        if (scale is > 0.25f and < 32)
        {
            Assert.That(symbols.Max(), Is.EqualTo((1 << bits) - 1), "the largest value has the last symbol");
        }

        Assert.That(side[0] >> 5, Is.EqualTo(bits - 1));
    }

    [Test]
    public void Symbols_are_those_of_the_definition([Range(1, 8)] int bits)
    {
        UniformQuantizer quantizer = new();
        TensorShape shape = new(1, 1, 1000);
        float[] latent = Latent(shape, isSigned: false, scale: 3);
        float range = latent.Max();

        (byte[] symbols, _) = Quantize(quantizer, latent, shape, bits);

        for (int i = 0; i < latent.Length; i++)
        {
            double place = Math.Clamp(latent[i] / (double)range, 0, 0.9999999) * (1 << bits);
            if (Math.Abs(place - Math.Round(place)) > 1e-4)
            {
                Assert.That(symbols[i], Is.EqualTo((byte)place), $"{latent[i]} of {range}");
            }
        }
    }

    [Test]
    public void Values_below_zero_are_quantised_as_zero_unless_signed()
    {
        TensorShape shape = new(1, 1, 3);
        float[] latent = [-1, 0, 1];

        (byte[] plain, byte[] side) = Quantize(new UniformQuantizer(), latent, shape, 2);
        (byte[] symbols, byte[] signedSide) = Quantize(new UniformQuantizer(isSigned: true), latent, shape, 2);

        Assert.That(plain, Is.EqualTo(new byte[] { 0, 0, 3 }));
        Assert.That(symbols, Is.EqualTo(new byte[] { 0, 2, 3 }));
        Assert.That(Dequantize(new UniformQuantizer(), plain, shape, side), Is.EqualTo(new[] { 0.125f, 0.125f, 0.875f }));
        Assert.That(Dequantize(new UniformQuantizer(isSigned: true), symbols, shape, signedSide), Is.EqualTo(new[] { -0.75f, 0.25f, 0.75f }));
    }

    [Test]
    public void A_latent_of_zeros_comes_back_as_zeros([Range(1, 8)] int bits, [Values] bool isSigned)
    {
        UniformQuantizer quantizer = new(isSigned);
        TensorShape shape = new(2, 2, 4);

        (byte[] symbols, byte[] side) = Quantize(quantizer, new float[16], shape, bits);

        Assert.That(symbols, Is.All.Zero);
        Assert.That(Dequantize(quantizer, symbols, shape, side), Is.All.Zero);
    }

    [Test]
    public void The_range_is_rounded_to_nearest_and_never_falls_as_the_largest_value_rises()
    {
        float before = 0;
        for (float largest = 1f / 200_000; largest < 2e6f; largest *= 1.0003f)
        {
            float range = UniformQuantizer.GetRanges(largest).Kept;
            Assert.That(range, Is.EqualTo(largest).Within(largest is >= 0.25f and <= 32 ? 0.049 : 1.57).Percent);
            Assert.That(range, Is.GreaterThanOrEqualTo(before));
            Assert.That(UniformQuantizer.GetRanges(range).Kept, Is.EqualTo(range), "what the decoder knows is kept");
            before = range;
        }
    }

    [TestCase(0f, 0f)]
    [TestCase(-3f, 0f)]
    [TestCase(0.25f, 0.25f)]
    [TestCase(32f, 32f)]
    [TestCase(float.Epsilon, 1f / (1 << 18) * 33 / 32)]
    [TestCase(1e-20f, 1f / (1 << 18) * 33 / 32)]
    [TestCase(1e20f, (1 << 21) - (1 << 15))]
    [TestCase(float.MaxValue, (1 << 21) - (1 << 15))]
    public void Ranges_beyond_what_side_information_can_hold_become_the_nearest_one(float largest, float expected) =>
        Assert.That(UniformQuantizer.GetRanges(largest).Kept, Is.EqualTo(expected));

    [Test]
    public void All_8191_ranges_come_back()
    {
        // Quantising a code's own range must give that code again, for all codes that side information can hold.
        UniformQuantizer quantizer = new();
        TensorShape shape = new(1, 1, 1);
        float before = 0;
        for (int code = 1; code < 1 << 13; code++)
        {
            byte[] side = [(byte)((7 << 5) | (code >> 8)), (byte)code];
            float range = Dequantize(quantizer, [255], shape, side)[0] * 512 / 511;
            Assert.That(range, Is.GreaterThan(before));
            before = range;
            (byte[] symbols, byte[] again) = Quantize(quantizer, [range], shape, 8);
            Assert.That(again, Is.EqualTo(side), $"code {code}");
            Assert.That(symbols[0], Is.EqualTo(255));
        }
    }

    [Test]
    public void Values_past_the_largest_range_do_not_wrap_around([Values] bool isSigned)
    {
        TensorShape shape = new(1, 1, 2);
        (byte[] symbols, _) = Quantize(new UniformQuantizer(isSigned), [float.MaxValue, float.MinValue], shape, 8);

        Assert.That(symbols, Is.EqualTo(new byte[] { 255, 0 }));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void A_latent_that_is_not_finite_is_refused(float value)
    {
        TensorShape shape = new(1, 1, 3);
        Assert.That(
            () => Quantize(new UniformQuantizer(), [1, value, 2], shape, 2), Throws.ArgumentException.With.Message.Contains("not finite"));
    }

    [Test]
    public void A_symbol_that_was_never_written_is_refused([Range(1, 7)] int bits)
    {
        UniformQuantizer quantizer = new();
        TensorShape shape = new(1, 1, 3);
        (byte[] symbols, byte[] side) = Quantize(quantizer, [1, 2, 3], shape, bits);
        symbols[1] = (byte)(1 << bits);

        Assert.That(() => Dequantize(quantizer, symbols, shape, side), Throws.TypeOf<InvalidFileException>().With.Message.Contains("symbol 1"));
    }

    [Test]
    public void Lengths_and_levels_that_do_not_fit_are_refused()
    {
        UniformQuantizer quantizer = new();
        TensorShape shape = new(1, 1, 3);
        Assert.Multiple(() =>
        {
            Assert.That(() => quantizer.Quantize(new float[2], shape, 2, new byte[3], new byte[2]), Throws.ArgumentException);
            Assert.That(() => quantizer.Quantize(new float[3], shape, 2, new byte[4], new byte[2]), Throws.ArgumentException);
            Assert.That(() => quantizer.Quantize(new float[3], shape, 2, new byte[3], new byte[3]), Throws.ArgumentException);
            Assert.That(() => quantizer.Quantize(new float[3], shape, 0, new byte[3], new byte[2]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => quantizer.Quantize(new float[3], shape, 9, new byte[3], new byte[2]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => quantizer.Dequantize(new byte[3], shape, new byte[2], new float[2]), Throws.ArgumentException);
            Assert.That(() => quantizer.Dequantize(new byte[3], shape, new byte[1], new float[3]), Throws.ArgumentException);
        });
    }

    private static float[] Latent(TensorShape shape, bool isSigned, float scale)
    {
        RandomSource random = new(3);
        return [.. Enumerable.Range(0, shape.Length).Select(_ => random.NextSingle(isSigned ? -scale : 0, scale))];
    }

    private static (byte[] Symbols, byte[] Side) Quantize(UniformQuantizer quantizer, float[] latent, TensorShape shape, int bits)
    {
        byte[] symbols = new byte[shape.Length], side = new byte[SideLength];
        quantizer.Quantize(latent, shape, bits, symbols, side);
        return (symbols, side);
    }

    private static float[] Dequantize(UniformQuantizer quantizer, byte[] symbols, TensorShape shape, byte[] side)
    {
        float[] latent = new float[shape.Length];
        quantizer.Dequantize(symbols, shape, side, latent);
        return latent;
    }
}
