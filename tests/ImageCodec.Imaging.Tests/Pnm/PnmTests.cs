using System.Text;

namespace ImageCodec.Imaging.Tests.Pnm;

public sealed class PnmTests
{
    [Test]
    public void Reads_back_what_it_wrote(
        [Values(ImageFileFormat.Ppm, ImageFileFormat.Ppm16, ImageFileFormat.Pgm, ImageFileFormat.Pgm16)] ImageFileFormat format,
        [Values(1, 2, 67, 700)] int width,
        [Values(1, 45)] int height)
    {
        RgbImage image = format is ImageFileFormat.Pgm or ImageFileFormat.Pgm16 ? TestPictures.Grey(width, height, 1) : TestPictures.Noise(width, height, 1);

        TestPictures.AssertEqual(ImageFile.Read(ImageFile.Encode(image, format)), image);
    }

    [TestCase(ImageFileFormat.Ppm, "P6\n1 1\n255\n", new byte[] { 1, 1, 1 })]
    [TestCase(ImageFileFormat.Ppm16, "P6\n1 1\n65535\n", new byte[] { 1, 1, 1, 1, 1, 1 })]
    [TestCase(ImageFileFormat.Pgm, "P5\n1 1\n255\n", new byte[] { 1 })]
    [TestCase(ImageFileFormat.Pgm16, "P5\n1 1\n65535\n", new byte[] { 1, 1 })]
    public void Writes_these_bytes(ImageFileFormat format, string header, byte[] samples) =>
        Assert.That(ImageFile.Encode(new RgbImage(1, 1, [1, 1, 1]), format), Is.EqualTo((byte[])[.. Encoding.ASCII.GetBytes(header), .. samples]));

    [Test]
    public void Grey_files_take_no_colour()
    {
        RgbImage image = TestPictures.Grey(5, 4, 1);
        image.GetRow(2)[(3 * 3) + 2] ^= 1;

        ArgumentException e = Assert.Throws<ArgumentException>(() => ImageFile.Encode(image, ImageFileFormat.Pgm));

        Assert.That(e.Message, Does.Contain("(3, 2)"));
    }

    [TestCase("P5 2 1 255\n", 0, 255, 0, 255)]
    [TestCase("P5\n# a comment\n2 # another\n 1\t\r\n255\n", 7, 9, 7, 9)]
    [TestCase("P5#\n#\n2#\n1#\n255#\n", 7, 9, 7, 9)]
    [TestCase("P5 0002 1 1 ", 0, 1, 0, 255)]
    [TestCase("P5 2 1 2 ", 1, 2, 128, 255)]
    [TestCase("P5 2 1 100 ", 1, 99, 3, 252)]
    public void Reads_headers_and_scales_samples(string header, int first, int second, int expectedFirst, int expectedSecond)
    {
        RgbImage image = ImageFile.Read([.. Encoding.ASCII.GetBytes(header), (byte)first, (byte)second]);

        Assert.That((image.Width, image.Height), Is.EqualTo((2, 1)));
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(new[] { expectedFirst, expectedFirst, expectedFirst, expectedSecond, expectedSecond, expectedSecond }));
    }

    /// <summary>In 256 steps of 256 and in 65536 of 1, so that every rounding is met.</summary>
    [TestCase(65535)]
    [TestCase(1023)]
    [TestCase(256)]
    public void Rounds_16_bit_samples_to_the_nearest(int maxValue)
    {
        byte[] samples = [.. Enumerable.Range(0, maxValue + 1).SelectMany(v => new[] { (byte)(v >> 8), (byte)v })];
        RgbImage image = ImageFile.Read([.. Encoding.ASCII.GetBytes($"P5 {maxValue + 1} 1 {maxValue}\n"), .. samples]);

        for (int v = 0; v <= maxValue; v++)
        {
            decimal exact = v * 255m / maxValue;
            Assert.That(image.Pixels[3 * v], Is.EqualTo((int)Math.Round(exact, MidpointRounding.AwayFromZero)));
        }
    }

    [Test]
    public void Of_several_pictures_the_first_is_read() =>
        Assert.That(ImageFile.Read([.. "P5 1 1 255 "u8, 9, .. "P5 1 1 255 "u8, 8]).Pixels[0], Is.EqualTo(9));

    [TestCase("P1 1 1 2", "sample is 2, but the largest is 1")]
    [TestCase("P1 1 1 ", "needs 1 bytes, but 0 follow")]
    [TestCase("P1 2 1 0 x", "sample was expected")]
    [TestCase("P2 1 1 255 256", "sample is 256")]
    [TestCase("P2 1 1 255 99999999999", "sample is 999")]
    [TestCase("P2 2 1 255 1 ", "needs 3 bytes, but 2 follow")]
    [TestCase("P2 2 1 255 11#1", "ends before its last sample")]
    [TestCase("P3 1 1 9 1 2 -3", "sample was expected")]
    [TestCase("P4 9 1 0", "needs 2 bytes, but 1 follow")]
    [TestCase("P7\nWIDTH 1\n", "no line ENDHDR")]
    [TestCase("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nENDHDR\n?", "must have WIDTH, HEIGHT, DEPTH and MAXVAL")]
    [TestCase("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nCOLOUR 1\nENDHDR\n?", "a line that is none of")]
    [TestCase("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n?????", "5 samples a pixel")]
    [TestCase("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\n????", "type «CMYK»")]
    [TestCase("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n????", "those of the type RGB have 3")]
    [TestCase("P7\nWIDTH x\nENDHDR\n", "width was expected")]
    [TestCase("P5", "White space")]
    [TestCase("P55 1 255 ?", "White space")]
    [TestCase("P5 ", "width was expected")]
    [TestCase("P5 # only a comment", "White space")]
    [TestCase("P5 x", "width was expected")]
    [TestCase("P5 -1 1 255 ?", "width was expected")]
    [TestCase("P5 1 0 255 ?", "height is 0")]
    [TestCase("P5 99999999999999999999999999 1 255 ?", "width is more than")]
    [TestCase("P5 1 1 65536 ??", "largest sample is more than 65535")]
    [TestCase("P5 1 1 0 ?", "largest sample is 0")]
    [TestCase("P5 1 1", "White space")]
    [TestCase("P5 1 1 255", "White space")]
    [TestCase("P5 1 1 255x", "White space")]
    [TestCase("P5 1 1 255 ", "needs 1 bytes, but 0 follow")]
    [TestCase("P6 1 1 255 ??", "needs 3 bytes, but 2 follow")]
    [TestCase("P6 1 1 256 ?????", "needs 6 bytes, but 5 follow")]
    [TestCase("P6 60000 60000 255 ???", "60000×60000")]
    [TestCase("P6 26000 26000 255 ???", "needs 2028000000 bytes")]
    [TestCase("P5 1 1 62 ?", "sample is 63")]
    public void Refuses_and_says_why(string file, string words)
    {
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(Encoding.ASCII.GetBytes(file), new ImageReadOptions { MaxPixelCount = RgbImage.MaxPixelCount }));

        Assert.That(e.Message, Does.StartWith("PNM").And.Contain(words));
    }

    /// <summary>One picture of 9×2 pixels, or less, in each kind.</summary>
    [TestCase("P1\n# bits\n3 2\n101\n0 1#x\n0", new byte[] { 0, 255, 0, 255, 0, 255 })]
    [TestCase("P2 3 2 255 0 10 20 # more\n 30 40 50", new byte[] { 0, 10, 20, 30, 40, 50 })]
    [TestCase("P2 2 1 65535 65535 257", new byte[] { 255, 1 })]
    [TestCase("P4 9 2\n\u00A5\u0080\u005A\u007F", new byte[] { 0, 255, 0, 255, 255, 0, 255, 0, 0, 255, 0, 255, 0, 0, 255, 0, 255, 255 })]
    [TestCase("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\u0000\u0001", new byte[] { 0, 255 })]
    [TestCase("P7\n#c\n\nMAXVAL 255\n  HEIGHT\t1 \r\nDEPTH 1\nTUPLTYPE GRAYSCALE\nWIDTH 2\nENDHDR\nAB", new byte[] { 65, 66 })]
    public void Every_kind_of_grey_is_read(string file, byte[] grey)
    {
        RgbImage image = ImageFile.Read(Encoding.Latin1.GetBytes(file));

        Assert.That(image.Pixels.ToArray(), Is.EqualTo(grey.SelectMany(value => new[] { value, value, value })));
        Assert.That((image.IsGrey, image.HasAlpha), Is.EqualTo((true, false)));
        Assert.That(ImageFile.Identify(Encoding.Latin1.GetBytes(file)).Width, Is.EqualTo(image.Width));
    }

    [TestCase("P3 2 1 255 1 2 3\n4 5 6", null)]
    [TestCase("P3 2 1 10 10 5 0 0 1 10", new byte[] { 255, 128, 0, 0, 26, 255 })]
    [TestCase("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n\u0001\u0002\u0003\u0004\u0005\u0006", null)]
    [TestCase("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nENDHDR\n\u0001\u0002\u0003\u0004\u0005\u0006", null)]
    [TestCase("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 3\nMAXVAL 65535\nENDHDR\n\u0001\u0001\u0002\u0002\u0003\u0003\u0004\u0004\u0005\u0005\u0006\u0006", null)]
    public void Every_kind_of_colour_is_read(string file, byte[]? expected)
    {
        RgbImage image = ImageFile.Read(Encoding.Latin1.GetBytes(file));

        Assert.That(image.Pixels.ToArray(), Is.EqualTo(expected ?? [1, 2, 3, 4, 5, 6]));
        Assert.That((image.IsGrey, image.HasAlpha), Is.EqualTo((false, false)));
    }

    [TestCase("DEPTH 2\nTUPLTYPE GRAYSCALE_ALPHA", "\u0009\u0080\u0008\u00FF", new byte[] { 9, 9, 9, 8, 8, 8 }, new byte[] { 128, 255 })]
    [TestCase("DEPTH 4\nTUPLTYPE RGB_ALPHA", "\u0001\u0002\u0003\u0000\u0004\u0005\u0006\u0007", new byte[] { 1, 2, 3, 4, 5, 6 }, new byte[] { 0, 7 })]
    [TestCase("DEPTH 4", "\u0001\u0002\u0003\u00FF\u0004\u0005\u0006\u00FF", new byte[] { 1, 2, 3, 4, 5, 6 }, new byte[] { })]
    public void Alpha_is_read(string lines, string samples, byte[] pixels, byte[] alpha)
    {
        RgbImage image = ImageFile.Read(Encoding.Latin1.GetBytes($"P7\nWIDTH 2\nHEIGHT 1\nMAXVAL 255\n{lines}\nENDHDR\n{samples}"));

        Assert.That((image.Pixels.ToArray(), image.Alpha.ToArray()), Is.EqualTo((pixels, alpha)));
    }

    [Test]
    public void What_is_lost_is_told()
    {
        ImageFile.Read("P5 1 1 65535 ab"u8, out IReadOnlyList<string> warnings);
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("more than 8 bits"));
        ImageFile.Read("P5 1 1 255 aP5 1 1 255 b"u8, out warnings);
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("more pictures"));
    }

    [TestCase("P6 2 2 255 abcdefgh", "abcdefgh")]
    [TestCase("P3 2 2 255 97 98 99 100 101 1", "abcde\u0001")]
    [TestCase("P3 2 2 255 97 98 999 100 101 1", "ab")]
    [TestCase("P6 2 2 255 ", "")]
    public void What_is_cut_short_is_read_as_far_as_it_goes_where_asked(string file, string pixels)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(file);
        Assert.Throws<InvalidFileException>(() => ImageFile.Read(bytes));

        RgbImage image = ImageFile.Read(bytes, out IReadOnlyList<string> warnings, new ImageReadOptions { IsTolerant = true });

        Assert.That(Encoding.Latin1.GetString(image.Pixels), Is.EqualTo(pixels.PadRight(12, '\0')));
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("cut short"));
    }

    [Test]
    public void Cut_at_any_byte_is_refused([Values(ImageFileFormat.Ppm, ImageFileFormat.Pgm16)] ImageFileFormat format)
    {
        byte[] file = ImageFile.Encode(TestPictures.Grey(3, 2, 1), format);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidFileException>(() => ImageFile.Read(file.AsSpan(0, length)), $"cut at {length}");
        }
    }

    [Test]
    public void Random_bytes_give_a_picture_or_the_one_exception()
    {
        Random random = new(1);
        byte[] alphabet = [.. "0123456789 \n#P56"u8, 200];
        int pictures = 0;
        for (int attempt = 0; attempt < 50_000; attempt++)
        {
            byte[] tail = [.. Enumerable.Range(0, random.Next(30)).Select(_ => alphabet[random.Next(alphabet.Length)])];
            try
            {
                ImageFile.Read([.. "P5 "u8, .. tail]);
                pictures++;
            }
            catch (InvalidFileException)
            {
            }
        }

        Assert.That(pictures, Is.GreaterThan(0));
    }
}
