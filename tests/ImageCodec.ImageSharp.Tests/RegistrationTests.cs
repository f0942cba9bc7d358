using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>How the format is known, and whose compressors restore its files.</summary>
public class RegistrationTests
{
    private readonly ImageCompressor _default = ImageCompressor.LoadPretrained();

    [OneTimeTearDown]
    public void Free() => _default.Dispose();

    [Test]
    public void The_format_is_found_by_name_and_type()
    {
        ImageFormatManager formats = Configuration.Default.ImageFormatsManager;
        Assert.That(formats.FindFormatByFileExtension(".icd"), Is.SameAs(IcdFormat.Instance));
        Assert.That(formats.FindFormatByMimeType("image/x-icd"), Is.SameAs(IcdFormat.Instance));
        Assert.That((IcdFormat.Instance.Name, IcdFormat.Instance.DefaultMimeType), Is.EqualTo(("ICD", "image/x-icd")));
    }

    [Test]
    public void Contents_are_told_from_others()
    {
        byte[] file = _default.Compress(new RgbImage(8, 8));
        Assert.That(Image.DetectFormat(file), Is.SameAs(IcdFormat.Instance));
        Assert.That(Image.DetectFormat(file.AsSpan(0, 2)), Is.SameAs(IcdFormat.Instance));
        Assert.That(Image.DetectFormat(file.AsSpan(0, 1)), Is.Null);
        Assert.That(Image.DetectFormat(new MemoryStream()), Is.Null);
        Assert.That(Image.DetectFormat([0x1C, 0xC1, .. file.AsSpan(2)]), Is.Null);
        Assert.That(Image.DetectFormat([0xD1, 0x1C, .. file.AsSpan(2)]), Is.Null);

        using Image<Rgb24> image = new(8, 8);
        using MemoryStream png = new();
        image.SaveAsPng(png);
        Assert.That(Image.DetectFormat(png.ToArray()), Is.SameAs(PngFormat.Instance));
    }

    [Test]
    public void A_decoder_given_a_foreign_file_says_so()
    {
        IImageDecoder decoder = Configuration.Default.ImageFormatsManager.FindDecoder(IcdFormat.Instance);
        using MemoryStream foreign = new([.. "GIF89a, or so"u8]);
        Assert.That(
            () => decoder.Decode(Configuration.Default, foreign, CancellationToken.None), Throws.TypeOf<InvalidImageContentException>().With.Message.Contains("not an .icd file"));
    }

    [Test]
    public void Every_model_of_the_library_is_found()
    {
        foreach (PretrainedModel model in PretrainedModel.All)
        {
            using ImageCompressor compressor = ImageCompressor.LoadPretrained(model.Name);
            byte[] file = compressor.Compress(TestPicture.Create(40, 30));
            using Image<Rgb24> image = Image.Load<Rgb24>(file);
            Assert.That(TestPicture.Pixels(image), Is.EqualTo(compressor.Decompress(file).Pixels.ToArray()), model.Name);
        }
    }

    [Test]
    public void Files_of_other_codecs_need_a_compressor()
    {
        using ImageCompressor mine = Stages.CreateCompressor(CodecFingerprint.Of("mine"u8));
        using Image<Rgb24> image = TestPicture.CreateImageSharp<Rgb24>(40, 30);
        using MemoryStream stream = new();
        image.Save(stream, new IcdEncoder { Compressor = mine });
        byte[] file = stream.ToArray();

        Assert.That(
            () => Image.Load(file),
            Throws.TypeOf<InvalidImageContentException>().With.Message.Contains(mine.Fingerprint.ToString()).And.Message.Contains("photo"));

        Configuration configuration = new(new IcdConfigurationModule(mine));
        using Image<Rgb24> loaded = Image.Load<Rgb24>(configuration, file);
        Assert.That(TestPicture.Pixels(loaded), Is.EqualTo(mine.Decompress(file).Pixels.ToArray()));
        byte[] usual = _default.Compress(new RgbImage(8, 8));
        Assert.That(() => Image.Load(configuration, usual).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_compressor_that_is_given_comes_before_the_librarys()
    {
        using ImageCompressor careful = ImageCompressor.LoadPretrained();
        careful.MaxPixelCount = 64 * 64;
        Configuration configuration = new(new IcdConfigurationModule(careful));

        byte[] small = _default.Compress(new RgbImage(64, 64));
        byte[] large = _default.Compress(new RgbImage(65, 64));
        Assert.That(() => Image.Load(configuration, small).Dispose(), Throws.Nothing);
        Assert.That(() => Image.Load(configuration, large), Throws.TypeOf<InvalidImageContentException>().With.Message.Contains("65×64"));
    }

    [Test]
    public void A_default_encoder_can_be_set()
    {
        Configuration configuration = new(new IcdConfigurationModule());
        configuration.ImageFormatsManager.SetEncoder(IcdFormat.Instance, new IcdEncoder { Quality = 10 });
        using Image<Rgb24> image = TestPicture.CreateImageSharp<Rgb24>(40, 30).Clone(configuration);
        using MemoryStream stream = new();
        image.Save(stream, IcdFormat.Instance);
        Assert.That(stream.ToArray(), Is.EqualTo(_default.Compress(TestPicture.Create(40, 30), new CompressionOptions { Quality = 10 })));
    }

    [Test]
    public void A_module_refuses_null()
    {
        Assert.That(() => new IcdConfigurationModule([null!]), Throws.ArgumentException);
        Assert.That(() => new IcdConfigurationModule().Configure(null!), Throws.ArgumentNullException);
    }
}
