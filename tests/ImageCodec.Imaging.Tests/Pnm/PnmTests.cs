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

    [TestCase("P1 1 1 0", "kind P1")]
    [TestCase("P4 1 1 0", "kind P4")]
    [TestCase("P7\nWIDTH 1\n", "kind P7")]
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
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(Encoding.ASCII.GetBytes(file), RgbImage.MaxPixelCount));

        Assert.That(e.Message, Does.StartWith("PNM").And.Contain(words));
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
