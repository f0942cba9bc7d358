using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>What is sent is what the library's decoder and writers give.</summary>
public sealed class ContentTests
{
    private static RgbImage Logo()
    {
        RgbImage picture = TestPicture.Of(70, 50);
        byte[] rgba = new byte[4 * 70 * 50];
        picture.CopyPixelsTo(rgba, PixelLayout.Rgba32);
        for (int i = 0; i < 70 * 50; i++)
        {
            rgba[4 * i + 3] = (byte)(i % 70 < 35 ? 255 : 2 * (i % 70));
        }

        RgbImage logo = RgbImage.FromPixels(70, 50, rgba, PixelLayout.Rgba32);
        logo.Metadata = new PictureMetadata { Xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"u8.ToArray() };
        return logo;
    }

    [TestCase("photo")]
    [TestCase("fitted")]
    public async Task PNG_has_the_pixels_of_the_decoder(string model)
    {
        await using TestApp app = await TestApp.StartAsync();
        using ImageCompressor compressor = ImageCompressor.LoadPretrained(model);
        byte[] file = compressor.Compress(Logo());
        app.Write("logo.icd", file);
        RgbImage expected = ImageDecompressor.Shared.Decompress(file);

        using HttpResponseMessage response = await app.SendAsync("/pictures/logo.icd", "image/png");
        RgbImage actual = ImageFile.Read(await response.Content.ReadAsByteArrayAsync());
        Assert.That(actual.Pixels.ToArray(), Is.EqualTo(expected.Pixels.ToArray()));
        Assert.That(actual.Alpha.ToArray(), Is.EqualTo(Logo().Alpha.ToArray()));
        Assert.That(actual.Metadata.Xmp.ToArray(), Is.EqualTo(Logo().Metadata.Xmp.ToArray()));
    }

    [Test]
    public async Task Other_formats_are_those_of_the_writers_at_the_quality_that_is_set()
    {
        await using TestApp app = await TestApp.StartAsync(configure: options => (options.WebpQuality, options.JpegQuality) = (31, 47));
        byte[] file = app.Services.Get<ImageCompressor>().Compress(Logo());
        app.Write("logo.icd", file);
        RgbImage picture = ImageDecompressor.Shared.Decompress(file);
        Assert.That(await app.Client.GetByteArrayAsync("/pictures/logo.icd"), Is.EqualTo(SkiaImageFile.EncodeWebp(picture, 31)));
        using HttpResponseMessage jpeg = await app.SendAsync("/pictures/logo.icd", "image/jpeg");
        Assert.That(await jpeg.Content.ReadAsByteArrayAsync(), Is.EqualTo(ImageFile.EncodeJpeg(picture, 47)));
        using HttpResponseMessage icd = await app.SendAsync("/pictures/logo.icd", IcdFile.MediaType);
        Assert.That(await icd.Content.ReadAsByteArrayAsync(), Is.EqualTo(file));
    }

    [TestCase("cut")]
    [TestCase("flipped")]
    [TestCase("text")]
    [TestCase("empty")]
    [TestCase("foreign")]
    [TestCase("large")]
    public async Task A_file_that_cannot_be_restored_is_a_problem_and_logged(string kind)
    {
        await using TestApp app = await TestApp.StartAsync(services: services => services.AddImageCodec(options => options.MaxPixelCount = 10_000));
        using GatedCodec other = new();
        using ImageCompressor photo = ImageCompressor.LoadPretrained();
        byte[] file = photo.Compress(TestPicture.Of(64, 64));
        app.Write("bad.icd", kind switch
        {
            "cut" => file.AsSpan(0, file.Length - 10),
            "flipped" => (byte[])[.. file[..20], (byte)~file[20], .. file[21..]],
            "text" => "This is no picture."u8,
            "empty" => [],
            "foreign" => other.Compressor.Compress(TestPicture.Of(64, 64)),
            _ => photo.Compress(TestPicture.Of(101, 100)),
        });
        using HttpResponseMessage response = await app.SendAsync("/pictures/bad.icd", "image/webp");
        await ResponseAssert.IsProblemAsync(response, HttpStatusCode.InternalServerError);

        // The log says what and where, the client is not told.
        Assert.That(app.Log, Has.One.StartsWith("Error: Could not restore the picture for /pictures/bad.icd: "));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("ICD").And.Not.Contain(app.Folder));
    }
}
