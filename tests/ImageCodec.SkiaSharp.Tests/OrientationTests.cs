using ImageCodec.Imaging.Tests;
using SkiaSharp;

namespace ImageCodec.Skia.Tests;

/// <summary>Pictures are turned once, and as ImageFile turns them.</summary>
public sealed class OrientationTests
{
    [Test]
    public void Jpegs_stand_as_with_ImageFile([Range(1, 8)] int orientation)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", $"orientation-{orientation}");
        RgbImage image = SkiaImageFile.Read(path + ".jpg");
        TestFiles.AssertEqual(image, ImageFile.Read(path + ".jpg"));
        TestFiles.AssertEqual(image, ImageFile.Read(path + ".ppm"));
    }

    [Test]
    public void Webps_stand_as_pngs_of_the_same_notes_do([Range(1, 8)] int orientation, [Values] bool isLittleEndian)
    {
        RgbImage stored = TestFiles.Noise(7, 4, hasAlpha: true);
        stored.Metadata = new PictureMetadata { Exif = Profiles.Exif((byte)orientation, isLittleEndian), Xmp = Profiles.Xmp(orientation) };
        byte[] file = SkiaImageFile.EncodeLosslessWebp(stored);
        RgbImage image = SkiaImageFile.Read(file, out IReadOnlyList<string> warnings);

        TestFiles.AssertEqual(image, ImageFile.Read(ImageFile.Encode(stored, ImageFileFormat.Png)));
        Assert.That(image.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1, isLittleEndian)));
        Assert.That(image.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
        Assert.That(warnings, Is.Empty);

        // Skia says the same.
        using SKData data = SKData.CreateCopy(file);
        using SKCodec codec = SKCodec.Create(data);
        Assert.That((int)codec.EncodedOrigin, Is.EqualTo(orientation));

        // Written again, it is not turned again.
        TestFiles.AssertEqual(SkiaImageFile.Read(SkiaImageFile.EncodeLosslessWebp(image)), image);
    }
}
