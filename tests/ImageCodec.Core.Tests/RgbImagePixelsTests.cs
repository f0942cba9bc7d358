namespace ImageCodec.Tests;

/// <summary>Pixels from and to other libraries, checked byte by byte against layouts written out by hand.</summary>
public class RgbImagePixelsTests
{
    private static readonly byte[] Rgb = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    private static readonly object[] Layouts =
    [
        new object[] { PixelLayout.Rgb24, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } },
        new object[] { PixelLayout.Bgr24, new byte[] { 3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10 } },
        new object[] { PixelLayout.Rgba32, new byte[] { 1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255 } },
        new object[] { PixelLayout.Bgra32, new byte[] { 3, 2, 1, 255, 6, 5, 4, 255, 9, 8, 7, 255, 12, 11, 10, 255 } },
        new object[] { PixelLayout.Rgbx32, new byte[] { 1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255 } },
        new object[] { PixelLayout.Bgrx32, new byte[] { 3, 2, 1, 255, 6, 5, 4, 255, 9, 8, 7, 255, 12, 11, 10, 255 } },
    ];

    [TestCaseSource(nameof(Layouts))]
    public void Layouts_are_what_their_names_say(PixelLayout layout, byte[] bytes)
    {
        Assert.That(RgbImage.FromPixels(2, 2, bytes, layout).Pixels.ToArray(), Is.EqualTo(Rgb));

        byte[] written = new byte[bytes.Length];
        new RgbImage(2, 2, Rgb).CopyPixelsTo(written, layout);
        Assert.That(written, Is.EqualTo(bytes));
    }

    [TestCaseSource(nameof(Layouts))]
    public void Gaps_between_rows_are_skipped_and_left_alone(PixelLayout layout, byte[] bytes)
    {
        int row = bytes.Length / 2;
        byte[] padded = [.. bytes[..row], 77, 78, 79, .. bytes[row..]];
        Assert.That(RgbImage.FromPixels(2, 2, padded, layout, row + 3).Pixels.ToArray(), Is.EqualTo(Rgb));

        byte[] written = [.. Enumerable.Repeat((byte)9, padded.Length)];
        new RgbImage(2, 2, Rgb).CopyPixelsTo(written, layout, row + 3);
        Assert.That(written, Is.EqualTo((byte[])[.. bytes[..row], 9, 9, 9, .. bytes[row..]]));
    }

    [TestCase(PixelLayout.Rgba32)]
    [TestCase(PixelLayout.Bgra32)]
    public void Alpha_goes_in_and_out_as_it_is(PixelLayout layout)
    {
        byte[] bytes = [1, 2, 3, 255, 4, 5, 6, 255, 99, 7, 8, 9, 0, 10, 11, 12, 254, 99];
        RgbImage image = RgbImage.FromPixels(2, 2, bytes, layout, 9);
        Assert.That(image.Alpha.ToArray(), Is.EqualTo(new byte[] { 255, 255, 0, 254 }));

        byte[] written = [.. Enumerable.Repeat((byte)99, bytes.Length)];
        image.CopyPixelsTo(written, layout, 9);
        Assert.That(written, Is.EqualTo(bytes));
    }

    [Test]
    public void Opaque_pixels_make_no_alpha_channel() =>
        Assert.That(RgbImage.FromPixels(1, 2, [1, 2, 3, 255, 1, 2, 3, 255], PixelLayout.Rgba32).HasAlpha, Is.False);

    [Test]
    public void An_alpha_channel_begins_opaque_and_can_be_taken_away()
    {
        RgbImage image = new(3, 2);
        Assert.That(image.Alpha.IsEmpty, Is.True);
        image.AddAlpha()[4] = 7;
        Assert.That(image.AddAlpha().ToArray(), Is.EqualTo(new byte[] { 255, 255, 255, 255, 7, 255 }));
        image.RemoveAlpha();
        Assert.That((image.HasAlpha, image.Alpha.IsEmpty), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_byte_without_meaning_is_no_alpha() =>
        Assert.That(RgbImage.FromPixels(1, 1, [1, 2, 3, 0], PixelLayout.Bgrx32).Pixels.ToArray(), Is.EqualTo(new byte[] { 3, 2, 1 }));

    [Test]
    public void Every_value_at_every_opacity_is_laid_over_a_background_and_rounded_once()
    {
        byte[] bytes = new byte[4 * 256 * 256];
        for (int i = 0; i < 256 * 256; i++)
        {
            (bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], bytes[4 * i + 3]) = ((byte)i, (byte)i, (byte)i, (byte)(i / 256));
        }

        RgbImage image = RgbImage.FromPixels(256, 256, bytes, PixelLayout.Bgra32).LayOver(new RgbColor(10, 128, 255));

        for (int i = 0; i < 256 * 256; i++)
        {
            decimal value = i % 256;
            decimal opacity = i / 256 / 255m;
            byte[] expected = [.. new decimal[] { 10, 128, 255 }.Select(b => (byte)Math.Round(value * opacity + b * (1 - opacity), MidpointRounding.AwayFromZero))];
            if (!image.Pixels.Slice(3 * i, 3).SequenceEqual(expected))
            {
                Assert.Fail($"value {value}, alpha {i / 256}: {string.Join(' ', image.Pixels.Slice(3 * i, 3).ToArray())}, not {string.Join(' ', expected)}");
            }
        }
    }

    [Test]
    public void Buffers_and_strides_that_do_not_fit_are_refused()
    {
        Assert.That(() => RgbImage.FromPixels(2, 2, new byte[15], PixelLayout.Rgba32), Throws.ArgumentException.With.Message.Contains("16 bytes"));
        Assert.That(() => RgbImage.FromPixels(2, 2, new byte[17], PixelLayout.Rgba32, 10), Throws.ArgumentException.With.Message.Contains("18 bytes"));
        Assert.That(() => RgbImage.FromPixels(2, 2, new byte[99], PixelLayout.Rgba32, 7), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RgbImage.FromPixels(2, 2, new byte[99], PixelLayout.Rgba32, -8), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RgbImage.FromPixels(2, 2, new byte[99], (PixelLayout)99), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RgbImage.FromPixels(0, 2, new byte[99], PixelLayout.Rgb24), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RgbImage(2, 2).CopyPixelsTo(new byte[11], PixelLayout.Bgr24), Throws.ArgumentException);
        Assert.That(() => new RgbImage(2, 2).CopyPixelsTo(new byte[99], PixelLayout.Bgr24, 5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
