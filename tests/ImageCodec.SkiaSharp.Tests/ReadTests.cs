namespace ImageCodec.Skia.Tests;

/// <summary>Files of every format, most of them put together by hand.</summary>
public sealed class ReadTests
{
    [Test]
    public void A_bmp_is_read()
    {
        RgbImage image = TestFiles.Noise(7, 5);
        RgbImage read = SkiaImageFile.Read(TestFiles.Bmp(image), out IReadOnlyList<string> warnings);
        TestFiles.AssertEqual(read, image);
        Assert.That((warnings.Count, read.Metadata.IsEmpty, read.IsGrey), Is.EqualTo((0, true, false)));
    }

    [Test]
    public void A_gif_is_read_with_what_is_transparent()
    {
        byte[] numbers = [0, 1, 2, 3, 2, 1];
        RgbImage opaque = SkiaImageFile.Read(TestFiles.Gif(3, 2, null, numbers), out IReadOnlyList<string> warnings);
        Assert.That(opaque.Pixels.ToArray(), Is.EqualTo(numbers.SelectMany(number => TestFiles.Palette[(3 * number)..(3 * number + 3)])));
        Assert.That((opaque.HasAlpha, warnings.Count), Is.EqualTo((false, 0)));

        RgbImage holed = SkiaImageFile.Read(TestFiles.Gif(3, 2, 3, numbers));
        Assert.That(holed.Alpha.ToArray(), Is.EqualTo(new byte[] { 255, 255, 255, 0, 255, 255 }));
        Assert.That(holed.GetRow(1)[3..].ToArray(), Is.EqualTo(opaque.GetRow(1)[3..].ToArray()));
    }

    [Test]
    public void Of_an_animation_the_first_picture_is_read_with_a_warning()
    {
        RgbImage image = SkiaImageFile.Read(TestFiles.Gif(2, 1, null, [1, 2], [3, 3], [0, 0]), out IReadOnlyList<string> warnings);
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(new byte[] { 255, 0, 0, 0, 255, 0 }));
        Assert.That(warnings, Is.EqualTo(new[] { "It is animated; only the first picture was read." }));
    }

    [Test]
    public void Of_icons_the_largest_is_read_with_a_warning()
    {
        RgbImage small = TestFiles.Noise(8, 8, hasAlpha: true);
        RgbImage large = TestFiles.Noise(16, 16, hasAlpha: true);
        TestFiles.AssertEqual(SkiaImageFile.Read(TestFiles.Ico(small, large), out IReadOnlyList<string> warnings), large);
        Assert.That(warnings, Is.EqualTo(new[] { "It holds 2 pictures; only the largest was read." }));

        TestFiles.AssertEqual(SkiaImageFile.Read(TestFiles.Ico(small), out warnings), small);
        Assert.That(warnings, Is.Empty);
    }

    /// <summary>A WBMP: type and head of nothing, width, height, and rows of bits.</summary>
    [Test]
    public void A_picture_of_bits_is_grey()
    {
        RgbImage image = SkiaImageFile.Read([0, 0, 10, 2, 0b10110000, 0b01000000, 0, 0b10000000]);
        Assert.That(image.IsGrey);
        Assert.That(image.Pixels.ToArray().Chunk(3).Select(pixel => pixel[0] / 255), Is.EqualTo(new[] { 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 }));
    }

    /// <summary>The program encodes without Skia; with -exact it leaves alone what is transparent.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void A_lossless_webp_of_cwebp_has_the_same_pixels(bool hasAlpha)
    {
        RgbImage image = TestFiles.Noise(23, 17, hasAlpha);
        if (hasAlpha)
        {
            image.Alpha[5] = 0;
        }

        byte[] file = Tool.Convert("cwebp", ImageFile.Encode(image, ImageFileFormat.Png), ".png", ".webp", "-quiet", "-lossless", "-exact", "{in}", "-o", "{out}");
        TestFiles.AssertEqual(SkiaImageFile.Read(file, out IReadOnlyList<string> warnings), image);
        Assert.That(warnings, Is.Empty);
    }

    [Test]
    public void An_animated_webp_of_gif2webp_gives_a_warning()
    {
        byte[] gif = TestFiles.Gif(2, 1, null, [1, 2], [3, 3], [0, 0]);
        byte[] file = Tool.Convert("gif2webp", gif, ".gif", ".webp", "-quiet", "{in}", "-o", "{out}");
        Assert.That(SkiaImageFile.Read(file, out IReadOnlyList<string> warnings).Pixels.ToArray(), Is.EqualTo(new byte[] { 255, 0, 0, 0, 255, 0 }));
        Assert.That(warnings, Is.EqualTo(new[] { "It is animated; only the first picture was read." }));
    }

    [TestCase(ImageFileFormat.Png)]
    [TestCase(ImageFileFormat.Jpeg)]
    [TestCase(ImageFileFormat.Ppm16)]
    public void What_ImageFile_reads_is_left_to_it(ImageFileFormat format)
    {
        RgbImage image = TestFiles.Slopes(20, 15);
        image.Metadata = new PictureMetadata { IccProfile = Imaging.Tests.Profiles.Icc("RGB "), Xmp = Imaging.Tests.Profiles.Xmp(1) };
        byte[] file = ImageFile.Encode(image, format);
        RgbImage expected = ImageFile.Read(file, out IReadOnlyList<string> expectedWarnings);
        RgbImage read = SkiaImageFile.Read(file, out IReadOnlyList<string> warnings);

        TestFiles.AssertEqual(read, expected);
        Assert.That(warnings, Is.EqualTo(expectedWarnings));
        Assert.That(read.Metadata.IccProfile.ToArray(), Is.EqualTo(expected.Metadata.IccProfile.ToArray()));
        Assert.That(read.Metadata.Xmp.ToArray(), Is.EqualTo(expected.Metadata.Xmp.ToArray()));
    }

    [Test]
    public void Streams_and_files_give_the_same()
    {
        RgbImage image = TestFiles.Noise(7, 5);
        byte[] bmp = TestFiles.Bmp(image);
        using MemoryStream stream = new(bmp);
        TestFiles.AssertEqual(SkiaImageFile.Read(stream), image);

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bmp);
            TestFiles.AssertEqual(SkiaImageFile.Read(path), image);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.That(() => SkiaImageFile.Read(path), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Mistakes_are_named()
    {
        Assert.That(() => SkiaImageFile.Read(""), Throws.ArgumentException);
        Assert.That(() => SkiaImageFile.Read((Stream)null!), Throws.ArgumentNullException);
        Assert.That(
            () => SkiaImageFile.Read(TestFiles.Bmp(new RgbImage(1, 1)), cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => SkiaImageFile.Read("No picture at all."u8), Throws.TypeOf<InvalidFileException>().With.Message.Contains("4E6F2070"));
        Assert.That(() => SkiaImageFile.Read([]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("empty"));
    }

    [Test]
    public void Threads_may_read_at_once()
    {
        RgbImage image = TestFiles.Noise(50, 40, hasAlpha: true);
        byte[] file = SkiaImageFile.EncodeLosslessWebp(image);
        Parallel.For(0, 100, _ => TestFiles.AssertEqual(SkiaImageFile.Read(file), image));
    }
}
