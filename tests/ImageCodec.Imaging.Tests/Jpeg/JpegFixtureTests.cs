using System.Text;

namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>Every kind of JPEG that is read, and files as they are to be written; made and expected by fixtures/jpeg/make.py, which asks libjpeg-turbo.</summary>
public sealed class JpegFixtureTests
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "fixtures", "jpeg");

    public static IEnumerable<TestCaseData> Read() => Named(name => !name.StartsWith("refused-", StringComparison.Ordinal) && !name.StartsWith("written-", StringComparison.Ordinal));

    public static IEnumerable<TestCaseData> Refused() => Named(name => name.StartsWith("refused-", StringComparison.Ordinal));

    public static IEnumerable<TestCaseData> Written() => Named(name => name.StartsWith("written-", StringComparison.Ordinal));

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(Folder, name + ".jpg"));

    public static RgbImage Picture(string name) => ImageFile.Read(Path.Combine(Folder, name + ".ppm"));

    /// <summary>Equal, not only near: the transform, the upsampling and the colours round as libjpeg-turbo does.</summary>
    [TestCaseSource(nameof(Read))]
    public void Reads_the_expected_pixels(string name)
    {
        RgbImage image = ImageFile.Read(File(name));

        byte[] expected = System.IO.File.ReadAllBytes(Path.Combine(Folder, name + ".ppm"));
        byte[] header = Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n");
        Assert.That(expected[..header.Length], Is.EqualTo(header));
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(expected[header.Length..]));
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_by_name(string name)
    {
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(File(name)));

        Assert.That(e.Message, Does.StartWith("JPEG").And.Contain("arithmetic coding"));
    }

    /// <summary>Byte for byte: header, quantization, rounding and Huffman codes are those of cjpeg -optimize -baseline.</summary>
    [TestCaseSource(nameof(Written))]
    public void Writes_the_expected_file(string name)
    {
        int at = name.LastIndexOf("-q", StringComparison.Ordinal);
        RgbImage image = Picture(name[..at]);

        byte[] file = ImageFile.EncodeJpeg(image, int.Parse(name[(at + 2)..]));

        Assert.That(file, Is.EqualTo(File(name)));
    }

    /// <summary>14 of samplings, 4 of odd samplings, 18 of sizes, 11 of other kinds, 5 of scans, 16 of orientations; 2 that are refused; 18 that are written.</summary>
    [Test]
    public void All_fixtures_are_there()
    {
        Assert.That(Read().Count(), Is.EqualTo(14 + 4 + 18 + 11 + 5 + 16));
        Assert.That(Refused().Count(), Is.EqualTo(2));
        Assert.That(Written().Count(), Is.EqualTo(18));
    }

    private static IEnumerable<TestCaseData> Named(Func<string, bool> isWanted) =>
        Directory.GetFiles(Folder, "*.jpg").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal).Where(isWanted)
            .Select(name => new TestCaseData(name).SetArgDisplayNames(name));
}
