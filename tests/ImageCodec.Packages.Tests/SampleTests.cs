using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageCodec.Packages.Tests;

/// <summary>The sample programs run and do what they say.</summary>
public sealed partial class SampleTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("imagecodec-samples-").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_quickstart_restores_a_picture()
    {
        CheckQuickstart(Run("ImageCodec.Quickstart"), 384, 256);
    }

    [Test]
    public void The_quickstart_takes_a_picture_file()
    {
        RgbImage picture = new(50, 40);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            picture.Pixels[i] = (byte)(i % 150 + i / 150);
        }

        string path = Path.Combine(_folder, "mine.png");
        ImageFile.Write(path, picture);
        CheckQuickstart(Run("ImageCodec.Quickstart", path), 50, 40);
        Assert.That(ImageFile.Read(Quickstart("original.png")).Pixels.ToArray(), Is.EqualTo(picture.Pixels.ToArray()));
    }

    [Test]
    public void Stages_of_ones_own_make_a_codec_that_gets_better_with_more_bits()
    {
        string printed = Run("ImageCodec.OwnStages");
        double[] decibels = [.. Decibels().Matches(printed).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        double[] bytes = [.. Bytes().Matches(printed).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.That((decibels.Length, bytes.Length), Is.EqualTo((10, 10)), printed);
        Assert.That(printed, Does.Not.Contain("something else"));
        foreach (int codec in (int[])[0, 5])
        {
            Assert.That(decibels[codec..(codec + 5)], Is.Ordered);
            Assert.That(bytes[codec..(codec + 5)], Is.Ordered);
            Assert.That(decibels[codec + 4], Is.GreaterThan(32), printed);
            Assert.That(decibels[codec], Is.GreaterThan(18), printed);
            Assert.That(bytes[codec + 4], Is.LessThan(320 * 200 * 3 / 4), printed);
        }
    }

    [Test]
    public void A_model_is_trained_on_a_folder_and_used()
    {
        string pictures = Directory.CreateDirectory(Path.Combine(_folder, "pictures")).FullName;
        for (int i = 0; i < 3; i++)
        {
            RgbImage picture = new(32, 32);
            picture.Pixels.Fill((byte)(60 * i));
            ImageFile.Write(Path.Combine(pictures, $"{i}.png"), picture);
        }

        string weights = Path.Combine(_folder, "mine.safetensors");
        string printed = Run("ImageCodec.TrainOnFolder", pictures, weights, "strided", "2", "32");
        Assert.That(printed, Does.Contain("epoch 2 of 2").And.Contain("0.png: "));
        using ImageCompressor compressor = ImageCompressor.Load(weights);
        Assert.That(compressor.Fingerprint, Is.Not.EqualTo(default(CodecFingerprint)));
    }

    /// <summary>What is printed is what lies in the folder.</summary>
    private void CheckQuickstart(string printed, int width, int height)
    {
        RgbImage original = ImageFile.Read(Quickstart("original.png"));
        RgbImage restored = ImageFile.Read(Quickstart("restored.png"));
        long bytes = new FileInfo(Quickstart("compressed.icd")).Length;
        double psnr = Metrics.Psnr(original, restored);
        Assert.That((restored.Width, restored.Height), Is.EqualTo((width, height)));
        Assert.That(psnr, Is.GreaterThan(20));
        Assert.That(printed, Does.Contain($"{width}×{height}"));
        Assert.That(printed, Does.Contain(FormattableString.Invariant($"{bytes} bytes, {8.0 * bytes / (width * height):0.000} bpp")));
        Assert.That(printed, Does.Contain(FormattableString.Invariant($"restored.png: PSNR {psnr:0.00} dB")));
    }

    private string Quickstart(string file) => Path.Combine(_folder, "artifacts", "quickstart", file);

    private string Run(string sample, params string[] arguments) => DotnetCommand.Run(
        _folder,
        new Dictionary<string, string>(),
        [Repository.At("samples", sample, "bin", Repository.Configuration, "net10.0", sample + ".dll"), .. arguments]);

    [GeneratedRegex(@"([0-9.]+) dB")]
    private static partial Regex Decibels();

    [GeneratedRegex(@"([0-9]+) bytes, ")]
    private static partial Regex Bytes();
}
