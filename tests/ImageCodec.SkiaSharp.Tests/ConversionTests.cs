using System.Runtime.InteropServices;
using SkiaSharp;

namespace ImageCodec.Skia.Tests;

/// <summary>Pixels of Skia, with values that are worked out by hand.</summary>
public sealed class ConversionTests
{
    private static byte[] Halves(params double[] values) => MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()).ToArray();

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>Type, alpha, bytes of one pixel; red, green, blue and alpha to come.</summary>
    public static IEnumerable<TestCaseData> Kinds()
    {
        static TestCaseData Case(SKColorType type, SKAlphaType alpha, byte[] pixel, params byte[] expected) => new TestCaseData(type, alpha, pixel, expected).SetArgDisplayNames($"{type} {alpha}");
        yield return Case(SKColorType.Rgba8888, SKAlphaType.Unpremul, [10, 20, 30, 40], 10, 20, 30, 40);
        yield return Case(SKColorType.Bgra8888, SKAlphaType.Unpremul, [30, 20, 10, 40], 10, 20, 30, 40);

        // 255 / 102 = 2.5
        yield return Case(SKColorType.Rgba8888, SKAlphaType.Premul, [20, 40, 60, 102], 50, 100, 150, 102);
        yield return Case(SKColorType.Bgra8888, SKAlphaType.Premul, [60, 40, 20, 102], 50, 100, 150, 102);
        yield return Case(SKColorType.Rgba8888, SKAlphaType.Opaque, [1, 2, 3, 255], 1, 2, 3, 255);
        yield return Case(SKColorType.Bgra8888, SKAlphaType.Opaque, [3, 2, 1, 255], 1, 2, 3, 255);
        yield return Case(SKColorType.Rgb888x, SKAlphaType.Opaque, [1, 2, 3, 0], 1, 2, 3, 255);
        yield return Case(SKColorType.Gray8, SKAlphaType.Opaque, [77], 77, 77, 77, 255);
        yield return Case(SKColorType.Alpha8, SKAlphaType.Premul, [90], 0, 0, 0, 90);

        // 16 · 255 / 31, 32 · 255 / 63, 8 · 255 / 31
        yield return Case(SKColorType.Rgb565, SKAlphaType.Opaque, BitConverter.GetBytes((ushort)((16 << 11) | (32 << 5) | 8)), 132, 130, 66, 255);
        yield return Case(SKColorType.Argb4444, SKAlphaType.Unpremul, BitConverter.GetBytes((ushort)0xF80F), 255, 136, 0, 255);

        // 512 · 255 / 1023
        yield return Case(SKColorType.Rgba1010102, SKAlphaType.Unpremul, BitConverter.GetBytes(1023u | (512u << 10) | (3u << 30)), 255, 128, 0, 255);
        yield return Case(SKColorType.Bgra1010102, SKAlphaType.Unpremul, BitConverter.GetBytes(1023u | (512u << 10) | (3u << 30)), 0, 128, 255, 255);
        yield return Case(SKColorType.Rgb101010x, SKAlphaType.Opaque, BitConverter.GetBytes(1023u | (512u << 10)), 255, 128, 0, 255);
        yield return Case(SKColorType.Rgba16161616, SKAlphaType.Unpremul, [1, 1, 128, 128, 255, 255, 51, 51], 1, 128, 255, 51);
        yield return Case(SKColorType.RgbaF16, SKAlphaType.Unpremul, Halves(0.2, 0.4, 1, 0.6), 51, 102, 255, 153);
        yield return Case(SKColorType.RgbaF16, SKAlphaType.Premul, Halves(0.1, 0.2, 0.5, 0.5), 51, 102, 255, 128);
        yield return Case(SKColorType.RgbaF16Clamped, SKAlphaType.Unpremul, Halves(0.2, 0.4, 1, 0.6), 51, 102, 255, 153);
        yield return Case(SKColorType.RgbaF32, SKAlphaType.Unpremul, Floats(0.2f, 0.4f, 7, 0.6f), 51, 102, 255, 153);
        yield return Case(SKColorType.Rg88, SKAlphaType.Opaque, [5, 6], 5, 6, 0, 255);
    }

    [TestCaseSource(nameof(Kinds))]
    public unsafe void Pixels_of_a_kind_become_those_worked_out_by_hand(SKColorType type, SKAlphaType alpha, byte[] pixel, byte[] expected)
    {
        ArgumentNullException.ThrowIfNull(pixel);

        // Two rows of one pixel, with room for another between them.
        int stride = 2 * pixel.Length;
        byte[] memory = [.. pixel, .. new byte[pixel.Length], .. pixel];
        fixed (byte* start = memory)
        {
            using SKPixmap pixels = new(new SKImageInfo(1, 2, type, alpha), (nint)start, stride);
            RgbImage image = pixels.ToRgbImage();

            Assert.That(image.Pixels.ToArray(), Is.EqualTo((byte[])[.. expected[..3], .. expected[..3]]));
            Assert.That(image.Alpha.ToArray(), Is.EqualTo(expected[3] == 255 ? [] : new[] { expected[3], expected[3] }));
            Assert.That(image.IsGrey, Is.EqualTo(type == SKColorType.Gray8));
            Assert.That(image.Metadata.IsEmpty);
        }
    }

    [Test]
    public void Bytes_that_mean_nothing_make_no_alpha()
    {
        using SKBitmap bitmap = new(3, 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.GetPixelSpan().Fill(9);
        RgbImage image = bitmap.ToRgbImage();

        Assert.That((image.HasAlpha, image.Pixels.ToArray().All(sample => sample == 9)), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_picture_with_alpha_goes_there_and_back()
    {
        RgbImage image = TestFiles.Noise(7, 5, hasAlpha: true);
        image.Pixels[..3].Fill(200);
        image.Alpha[0] = 0;
        using SKBitmap bitmap = image.ToSKBitmap();

        Assert.That((bitmap.ColorType, bitmap.AlphaType), Is.EqualTo((SKColorType.Rgba8888, SKAlphaType.Unpremul)));
        byte[] first = [200, 200, 200, 0, .. image.Pixels[3..6], image.Alpha[1]];
        Assert.That(bitmap.GetPixelSpan()[..8].ToArray(), Is.EqualTo(first));
        TestFiles.AssertEqual(bitmap.ToRgbImage(), image);
        using SKImage shared = image.ToSKImage();
        TestFiles.AssertEqual(shared.ToRgbImage(), image);
    }

    [Test]
    public void An_opaque_picture_goes_there_and_back()
    {
        RgbImage image = TestFiles.Noise(7, 5);
        using SKBitmap bitmap = image.ToSKBitmap();

        Assert.That((bitmap.ColorType, bitmap.AlphaType), Is.EqualTo((SKColorType.Rgba8888, SKAlphaType.Opaque)));
        Assert.That(bitmap.GetPixel(6, 4), Is.EqualTo(new SKColor(image.Pixels[^3], image.Pixels[^2], image.Pixels[^1])));
        TestFiles.AssertEqual(bitmap.ToRgbImage(), image);
    }

    [Test]
    public void A_grey_picture_goes_there_and_back()
    {
        RgbImage image = TestFiles.Grey(7, 5);
        using SKBitmap bitmap = image.ToSKBitmap();

        Assert.That(bitmap.ColorType, Is.EqualTo(SKColorType.Gray8));
        TestFiles.AssertEqual(bitmap.ToRgbImage(), image);
        Assert.That(bitmap.ToRgbImage().IsGrey);

        image.AddAlpha()[0] = 5;
        using SKBitmap withAlpha = image.ToSKBitmap();
        Assert.That(withAlpha.ColorType, Is.EqualTo(SKColorType.Rgba8888));
    }

    /// <summary>What is called grey and is not, is not.</summary>
    [Test]
    public void A_picture_with_a_colour_is_not_made_grey()
    {
        RgbImage image = TestFiles.Noise(7, 5);
        image.IsGrey = true;
        using SKBitmap bitmap = image.ToSKBitmap();
        TestFiles.AssertEqual(bitmap.ToRgbImage(), image);
    }

    [Test]
    public void A_part_of_a_bitmap_has_its_own_pixels()
    {
        RgbImage image = TestFiles.Noise(9, 8, hasAlpha: true);
        using SKBitmap bitmap = image.ToSKBitmap();
        using SKBitmap part = new();
        Assert.That(bitmap.ExtractSubset(part, SKRectI.Create(2, 3, 4, 5)));
        RgbImage cut = part.ToRgbImage();

        Assert.That((cut.Width, cut.Height), Is.EqualTo((4, 5)));
        for (int y = 0; y < 5; y++)
        {
            Assert.That(cut.GetRow(y).ToArray(), Is.EqualTo(image.GetRow(y + 3).Slice(6, 12).ToArray()));
            Assert.That(cut.Alpha.Slice(4 * y, 4).ToArray(), Is.EqualTo(image.Alpha.Slice(9 * (y + 3) + 2, 4).ToArray()));
        }
    }

    /// <summary>An image that is still encoded has no pixels to look at yet.</summary>
    [Test]
    public void An_encoded_image_is_decoded()
    {
        RgbImage image = TestFiles.Noise(6, 4);
        using SKImage encoded = SKImage.FromEncodedData(ImageFile.Encode(image, ImageFileFormat.Png));
        TestFiles.AssertEqual(encoded.ToRgbImage(), image);

        using SKImage grey = SKImage.FromEncodedData(ImageFile.Encode(TestFiles.Grey(6, 4), ImageFileFormat.Png));
        Assert.That(grey.ToRgbImage().IsGrey);
    }

    [Test]
    public void What_is_drawn_with_premultiplied_alpha_comes_back_straight()
    {
        using SKBitmap canvas = new(2, 1, SKColorType.Rgba8888, SKAlphaType.Premul);
        canvas.Erase(new SKColor(50, 100, 150, 102));
        Assert.That(canvas.GetPixelSpan()[..4].ToArray(), Is.EqualTo(new byte[] { 20, 40, 60, 102 }));
        RgbImage image = canvas.ToRgbImage();
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(new byte[] { 50, 100, 150, 50, 100, 150 }));
    }

    [Test]
    public unsafe void Pixels_are_written_as_their_type_asks()
    {
        RgbImage image = new(2, 1, [50, 100, 150, 200, 77, 11]);
        image.AddAlpha()[0] = 102;
        image.Alpha[1] = 100;
        byte[] memory = new byte[8];
        fixed (byte* start = memory)
        {
            using SKPixmap premultiplied = new(new SKImageInfo(2, 1, SKColorType.Bgra8888, SKAlphaType.Premul), (nint)start, 8);
            image.CopyPixelsTo(premultiplied);

            // 200 · 100 / 255 = 78.4, 77 · 100 / 255 = 30.2, 11 · 100 / 255 = 4.3
            Assert.That(memory, Is.EqualTo(new byte[] { 60, 40, 20, 102, 4, 30, 78, 100 }));
            using SKPixmap straight = new(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)start, 8);
            image.CopyPixelsTo(straight);
            Assert.That(memory, Is.EqualTo(new byte[] { 50, 100, 150, 102, 200, 77, 11, 100 }));

            // Green has 0.7152 of the brightness of sRGB, blue 0.0722.
            using SKPixmap grey = new(new SKImageInfo(2, 1, SKColorType.Gray8, SKAlphaType.Opaque), (nint)start, 2);
            new RgbImage(2, 1, [0, 255, 0, 0, 0, 255]).CopyPixelsTo(grey);
            Assert.That(memory[..2], Is.EqualTo(new[] { 182, 18 }).Within(1));
        }
    }

    [Test]
    public void Mistakes_are_named()
    {
        using SKBitmap small = new(3, 2);
        using SKPixmap pixels = small.PeekPixels();
        using SKBitmap nothing = new();
        Assert.That(() => TestFiles.Noise(2, 3).CopyPixelsTo(pixels), Throws.ArgumentException.With.Message.Contains("2×3").And.Message.Contains("3×2"));
        Assert.That(() => nothing.ToRgbImage(), Throws.ArgumentException);
        Assert.That(() => ((SKBitmap)null!).ToRgbImage(), Throws.ArgumentNullException);
        Assert.That(() => ((RgbImage)null!).ToSKBitmap(), Throws.ArgumentNullException);
        using SKPixmap nowhere = new(new SKImageInfo(3, 2), 0);
        Assert.That(() => nowhere.ToRgbImage(), Throws.ArgumentException);

        SKBitmap gone = new(1, 1);
        SKPixmap gonePixels = gone.PeekPixels();
        SKImage goneImage = SKImage.FromBitmap(gone);
        gonePixels.Dispose();
        goneImage.Dispose();
        gone.Dispose();
        Assert.That(() => gone.ToRgbImage(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => gonePixels.ToRgbImage(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => goneImage.ToRgbImage(), Throws.TypeOf<ObjectDisposedException>());
    }
}
