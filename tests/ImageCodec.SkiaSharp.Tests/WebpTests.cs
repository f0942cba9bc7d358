using ImageCodec.Imaging.Tests;
using SkiaSharp;

namespace ImageCodec.Skia.Tests;

/// <summary>WebP files and what they hold.</summary>
public sealed class WebpTests
{
    private static PictureMetadata All => new() { IccProfile = Profiles.Icc("RGB ", 401), Exif = Profiles.Exif(1), Xmp = Profiles.Xmp(1) };

    [Test]
    public void Lossless_files_keep_every_pixel([Values] bool hasAlpha, [Values] bool hasMetadata)
    {
        RgbImage image = TestFiles.Noise(33, 21, hasAlpha);
        image.Metadata = hasMetadata ? All : PictureMetadata.None;
        TestFiles.AssertEqual(SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(image)), image);
    }

    [Test]
    public void Lossy_files_come_near_and_keep_alpha_exactly([Values] bool hasAlpha, [Values] bool hasMetadata)
    {
        RgbImage image = TestFiles.Slopes(64, 48, hasAlpha);
        image.Metadata = hasMetadata ? All : PictureMetadata.None;
        RgbImage back = SkiaImageFile.Read(SkiaImageFile.EncodeWebp(image));
        Assert.That(Metrics.Psnr(image.LayOver(RgbColor.White), back.LayOver(RgbColor.White)), Is.GreaterThan(38));
        Assert.That(back.Alpha.ToArray(), Is.EqualTo(image.Alpha.ToArray()));
    }

    [Test]
    public void Quality_makes_files_larger_and_better()
    {
        RgbImage image = TestFiles.Noise(64, 48);
        byte[][] files = [.. new[] { 1, 50, 90, 100 }.Select(quality => SkiaImageFile.EncodeWebp(image, quality))];
        Assert.That(files.Select(file => file.Length), Is.Ordered);
        Assert.That(files.Select(file => Metrics.Psnr(image, SkiaImageFile.Read(file))), Is.Ordered);
    }

    [Test]
    public void A_grey_picture_is_written()
    {
        RgbImage image = TestFiles.Grey(9, 7);
        TestFiles.AssertEqual(SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(image)), image);
    }

    [Test]
    public void Metadata_come_back_as_they_were([Values] bool isLossless, [Values] bool hasAlpha, [Range(0, 7)] int which)
    {
        RgbImage image = TestFiles.Slopes(10, 6, hasAlpha);
        image.Metadata = new PictureMetadata
        {
            IccProfile = (which & 1) == 0 ? default : All.IccProfile,
            Exif = (which & 2) == 0 ? default : All.Exif,
            Xmp = (which & 4) == 0 ? default : All.Xmp,
        };
        byte[] file = isLossless ? SkiaImageFile.EncodeLosslessWebp(image) : SkiaImageFile.EncodeWebp(image);
        RgbImage back = SkiaImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That(back.Metadata.IccProfile.ToArray(), Is.EqualTo(image.Metadata.IccProfile.ToArray()));
        Assert.That(back.Metadata.Exif.ToArray(), Is.EqualTo(image.Metadata.Exif.ToArray()));
        Assert.That(back.Metadata.Xmp.ToArray(), Is.EqualTo(image.Metadata.Xmp.ToArray()));
        Assert.That(back.Alpha.ToArray(), Is.EqualTo(image.Alpha.ToArray()));
        Assert.That(warnings.Concat(SkiaImageFile.FindWebpLosses(image)), Is.Empty);
    }

    [TestCase("icc")]
    [TestCase("exif")]
    [TestCase("xmp")]
    public void Webpmux_finds_what_was_written(string what)
    {
        RgbImage image = TestFiles.Slopes(11, 6, hasAlpha: true);
        image.Metadata = All;
        byte[] expected = what switch { "icc" => All.IccProfile.ToArray(), "exif" => All.Exif.ToArray(), _ => All.Xmp.ToArray() };
        foreach (byte[] file in (byte[][])[SkiaImageFile.EncodeWebp(image), SkiaImageFile.EncodeLosslessWebp(image)])
        {
            Assert.That(Tool.Convert("webpmux", file, ".webp", ".bin", "-get", what, "{in}", "-o", "{out}"), Is.EqualTo(expected));
        }
    }

    /// <summary>The program decodes without Skia.</summary>
    [Test]
    public void Dwebp_reads_the_same_pixels()
    {
        RgbImage image = TestFiles.Noise(33, 21, hasAlpha: true);
        image.Metadata = All;
        byte[] png = Tool.Convert("dwebp", SkiaImageFile.EncodeLosslessWebp(image), ".webp", ".png", "-quiet", "{in}", "-o", "{out}");
        TestFiles.AssertEqual(ImageFile.Read(png), image);
    }

    [Test]
    public void Exif_with_the_signature_of_jpeg_is_read_too()
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Profiles.Exif(6)];
        byte[] file = WebpFile.WithMetadata(SkiaImageFile.EncodeLosslessWebp(TestFiles.Noise(5, 3)), TestFiles.Noise(5, 3), [], exif, []);
        RgbImage image = SkiaImageFile.Read(file);
        Assert.That((image.Width, image.Height), Is.EqualTo((3, 5)));
        Assert.That(image.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1)));
    }

    [Test]
    public void Damaged_notes_are_left_out_with_warnings()
    {
        RgbImage image = TestFiles.Noise(5, 3);
        byte[] file = WebpFile.WithMetadata(SkiaImageFile.EncodeLosslessWebp(image), image, Profiles.Icc("CMYK"), [1, 2, 3], []);
        TestFiles.AssertEqual(SkiaImageFile.Read(file, out IReadOnlyList<string> warnings), image);
        Assert.That(warnings, Has.Count.EqualTo(2).And.One.Contains("ICC").And.One.Contains("Exif"));
    }

    [Test]
    public void Code_points_become_a_profile_and_what_has_none_is_told()
    {
        RgbImage image = TestFiles.Noise(5, 3);
        image.Metadata = new PictureMetadata { CodePoints = new ColorCodePoints(12, 13, 0, true) };
        RgbImage back = SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(image));
        TestFiles.AssertEqual(back, image);
        using SKBitmap bitmap = back.ToSKBitmap();
        Assert.That(bitmap.ColorSpace.ToColorSpaceXyz().Values, Is.EqualTo(SKColorSpaceXyz.DisplayP3.Values).Within(0.001));
        Assert.That(SkiaImageFile.FindWebpLosses(image), Is.Empty);

        image.Metadata = new PictureMetadata { CodePoints = new ColorCodePoints(9, 16, 0, false) };
        Assert.That(SkiaImageFile.FindWebpLosses(image), Has.Count.EqualTo(1));
        Assert.That(SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(image)).Metadata.IsEmpty);
    }

    [Test]
    public void Colours_that_are_wholly_transparent_become_black()
    {
        RgbImage image = TestFiles.Noise(5, 3, hasAlpha: true);
        image.Alpha[0] = 0;
        RgbImage back = SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(image));
        image.Pixels[..3].Clear();
        TestFiles.AssertEqual(back, image);
    }

    [Test]
    public void Mistakes_are_named()
    {
        RgbImage image = new(1, 1);
        Assert.That(() => SkiaImageFile.EncodeWebp(image, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => SkiaImageFile.EncodeWebp(image, 101), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => SkiaImageFile.EncodeWebp(null!), Throws.ArgumentNullException);
        Assert.That(() => SkiaImageFile.FindWebpLosses(null!), Throws.ArgumentNullException);
        Assert.That(() => SkiaImageFile.EncodeLosslessWebp(new RgbImage(16384, 1)), Throws.ArgumentException.With.Message.Contains("16384×1"));
        Assert.That(SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(new RgbImage(16383, 1))).Width, Is.EqualTo(16383));
    }
}
