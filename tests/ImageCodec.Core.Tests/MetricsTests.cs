namespace ImageCodec.Tests;

public class MetricsTests
{
    [Test]
    public void Errors_are_those_worked_out_by_hand()
    {
        RgbImage first = new(2, 1, [0, 10, 255, 100, 100, 100]);
        RgbImage second = new(2, 1, [255, 12, 250, 100, 100, 103]);

        // 255² + 2² + 5² + 0 + 0 + 3² over 6 values; the first would wrap around in 8 bits.
        const double Mse = (65025 + 4 + 25 + 9) / 6.0;
        Assert.That(Metrics.Mse(first, second), Is.EqualTo(Mse).Within(1e-12));
        Assert.That(Metrics.Mse(second, first), Is.EqualTo(Mse).Within(1e-12));
        Assert.That(Metrics.Psnr(first, second), Is.EqualTo(10 * Math.Log10(65025 / Mse)).Within(1e-12));
    }

    [Test]
    public void Black_and_white_are_0_dB_apart_and_one_level_is_48_dB()
    {
        RgbImage black = new(3, 3), white = new(3, 3), nearly = new(3, 3);
        white.Pixels.Fill(255);
        nearly.Pixels.Fill(1);

        Assert.That(Metrics.Psnr(black, white), Is.Zero);
        Assert.That(Metrics.Psnr(black, nearly), Is.EqualTo(48.1308036).Within(1e-6));
        Assert.That(Metrics.Psnr(black, black), Is.EqualTo(double.PositiveInfinity));
        Assert.That(Metrics.Mse(black, black), Is.Zero);
    }

    [Test]
    public void Pictures_of_two_sizes_have_no_distance()
    {
        Assert.That(() => Metrics.Mse(new RgbImage(2, 3), new RgbImage(3, 2)), Throws.ArgumentException.With.Message.Contains("2×3").And.Message.Contains("3×2"));
        Assert.That(() => Metrics.Psnr(new RgbImage(2, 3), new RgbImage(2, 2)), Throws.ArgumentException);
        Assert.That(() => Metrics.Mse(null!, new RgbImage(1, 1)), Throws.ArgumentNullException);
        Assert.That(() => Metrics.Mse(new RgbImage(1, 1), null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Bits_per_pixel_count_the_whole_file()
    {
        Assert.That(Metrics.BitsPerPixel(1024, 128, 128), Is.EqualTo(0.5));
        Assert.That(Metrics.BitsPerPixel(0, 1, 1), Is.Zero);
        Assert.That(Metrics.BitsPerPixel(1L << 40, 65536, 65536), Is.EqualTo(2048));
        Assert.That(() => Metrics.BitsPerPixel(-1, 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Metrics.BitsPerPixel(1, 0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Metrics.BitsPerPixel(1, 1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
