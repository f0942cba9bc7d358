namespace ImageCodec.Imaging.Tests;

public sealed class ImageFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("imagecodec-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("a.png", "89504E47")]
    [TestCase("a.PNG", "89504E47")]
    [TestCase("a.ppm", "50360A32")]
    [TestCase("a.pnm", "50360A32")]
    [TestCase("a.b.pgm", "50350A32")]
    public void The_extension_says_what_is_written(string name, string beginning)
    {
        string path = Path.Combine(_folder, name);
        RgbImage image = TestPictures.Grey(2, 3, 1);

        ImageFile.Write(path, image);

        Assert.That(Convert.ToHexString(File.ReadAllBytes(path).AsSpan(0, 4)), Is.EqualTo(beginning));
        TestPictures.AssertEqual(ImageFile.Read(path), image);
    }

    [Test]
    public void A_given_format_wins_over_the_name()
    {
        string path = Path.Combine(_folder, "picture.bin");
        RgbImage image = TestPictures.Noise(4, 3, 1);

        ImageFile.Write(path, image, ImageFileFormat.Ppm16);

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(ImageFile.Encode(image, ImageFileFormat.Ppm16)));
    }

    [TestCase("a.jpg")]
    [TestCase("a.JPEG")]
    public void The_extension_says_that_JPEG_is_written(string name)
    {
        string path = Path.Combine(_folder, name);
        RgbImage image = TestPictures.Slopes(20, 13, 1);

        ImageFile.Write(path, image);

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(ImageFile.EncodeJpeg(image)).And.EqualTo(ImageFile.Encode(image, ImageFileFormat.Jpeg)));
        Assert.That(ImageFile.Read(path).Width, Is.EqualTo(20));
    }

    [TestCase("picture.gif")]
    [TestCase("picture")]
    public void Other_extensions_are_refused_with_the_supported_ones(string name)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => ImageFile.Write(Path.Combine(_folder, name), new RgbImage(1, 1)));

        Assert.That(e.Message, Does.Contain(name).And.Contain(".png, .jpg, .jpeg, .ppm, .pnm and .pgm"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public void The_contents_say_what_is_read()
    {
        string path = Path.Combine(_folder, "really-png.ppm");
        RgbImage image = TestPictures.Noise(4, 3, 1);
        File.WriteAllBytes(path, ImageFile.Encode(image, ImageFileFormat.Png));

        TestPictures.AssertEqual(ImageFile.Read(path), image);
    }

    [TestCase("", "is empty")]
    [TestCase("Hello, this is text named .png", "48656C6C")]
    [TestCase("P", "begins with the bytes 50")]
    public void Another_file_named_png_is_refused(string text, string words)
    {
        string path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, text);

        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(path));

        Assert.That(e.Message, Does.Contain(words).And.Contain("none of PNG, JPEG and PNM"));
    }

    [Test]
    public void Random_bytes_are_refused()
    {
        Random random = new(1);
        for (int attempt = 0; attempt < 10_000; attempt++)
        {
            byte[] file = new byte[random.Next(100)];
            random.NextBytes(file);
            Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));
        }
    }

    [Test]
    public void A_picture_that_cannot_be_written_leaves_the_old_file()
    {
        string path = Path.Combine(_folder, "picture.pgm");
        File.WriteAllText(path, "old");

        Assert.Throws<ArgumentException>(() => ImageFile.Write(path, TestPictures.Noise(9, 9, 1)));

        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void Wrong_arguments_are_named()
    {
        RgbImage image = new(1, 1);
        string path = Path.Combine(_folder, "a.png");
        Assert.That(() => ImageFile.Read(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => ImageFile.Write("", image), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => ImageFile.Write(path, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("image"));
        Assert.That(() => ImageFile.Encode(null!, ImageFileFormat.Png), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("image"));
        Assert.That(() => ImageFile.EncodeJpeg(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("image"));
        Assert.That(() => ImageFile.EncodeJpeg(image, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("quality"));
        Assert.That(() => ImageFile.EncodeJpeg(image, 101), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("quality"));
        Assert.That(() => ImageFile.EncodeJpeg(new RgbImage(65536, 1)), Throws.ArgumentException.With.Property("ParamName").EqualTo("image"));
        Assert.That(() => ImageFile.Encode(image, (ImageFileFormat)99), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("format"));
        Assert.That(() => ImageFile.Write(path, image, (ImageFileFormat)99), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public void Missing_files_and_folders_are_the_platforms_exceptions()
    {
        Assert.Throws<FileNotFoundException>(() => ImageFile.Read(Path.Combine(_folder, "none.png")));
        Assert.Throws<UnauthorizedAccessException>(() => ImageFile.Read(_folder));
        Assert.Throws<DirectoryNotFoundException>(() => ImageFile.Write(Path.Combine(_folder, "none", "a.png"), new RgbImage(1, 1)));
    }
}
