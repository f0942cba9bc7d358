using System.Text;

namespace ImageCodec.Imaging.Tests.Png;

/// <summary>Every colour type, depth and interlacing, made and expected by fixtures/make.py.</summary>
public sealed class PngFixtureTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "fixtures");

    public static IEnumerable<TestCaseData> Fixtures() =>
        Directory.GetFiles(Folder, "*.png").Order(StringComparer.Ordinal)
            .Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileNameWithoutExtension(path)));

    [TestCaseSource(nameof(Fixtures))]
    public void Reads_the_expected_pixels(string path)
    {
        RgbImage image = ImageFile.Read(path).LayOver(RgbColor.White);

        byte[] expected = File.ReadAllBytes(path.Replace("-adam7", "").Replace(".png", ".ppm"));
        byte[] header = Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n");
        Assert.That(expected[..header.Length], Is.EqualTo(header));
        if (path.Contains("alpha16", StringComparison.Ordinal))
        {
            // What is expected was rounded once, to 8 bits, after it was laid over white; a picture's own alpha has 8 bits before.
            Assert.That(image.Pixels.ToArray().Zip(expected[header.Length..], (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(1));
            return;
        }

        Assert.That(image.Pixels.ToArray(), Is.EqualTo(expected[header.Length..]));
    }

    /// <summary>15 pairs of type and depth, 11 of them also with tRNS, both plain and interlaced; 10 sizes in three forms.</summary>
    [Test]
    public void All_fixtures_are_there() => Assert.That(Fixtures().Count(), Is.EqualTo((2 * (15 + 11)) + (2 * 10) + 10));
}
