namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>What JPEG files say beside pixels.</summary>
public sealed class JpegMetadataTests
{
    private const string Baseline = "baseline-420";
    private const byte App1 = 0xE1;
    private const byte App2 = 0xE2;
    private const byte App13 = 0xED;

    private static byte[] IccPart(int number, int count, byte[] part) => [.. "ICC_PROFILE\0"u8, (byte)number, (byte)count, .. part];

    private static byte[] XmpSegment(byte[] xmp) => [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. xmp];

    [Test]
    public void Every_segment_of_metadata_is_read_and_orientation_applied()
    {
        byte[] icc = Profiles.Icc("RGB ", 1000);
        byte[] file = JpegParts.Of(Baseline)
            .Insert(0, App2, IccPart(1, 2, icc[..300]))
            .Insert(0, App2, IccPart(2, 2, icc[300..]))
            .Insert(0, App1, [.. "Exif\0\0"u8, .. Profiles.Exif(6)])
            .Insert(0, App1, XmpSegment(Profiles.Xmp(6)))
            .Build();

        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That(warnings, Is.Empty);
        TestPictures.AssertEqual(image, JpegFixtureTests.Picture("orientation-6"));
        Assert.That(image.Metadata.IccProfile.ToArray(), Is.EqualTo(icc));
        Assert.That(image.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1)));
        Assert.That(image.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
    }

    public static IEnumerable<TestCaseData> Odd()
    {
        byte[] icc = Profiles.Icc("RGB ");
        static TestCaseData Case(string name, string warning, JpegParts parts) => new TestCaseData(parts.Build(), warning).SetArgDisplayNames(name);
        yield return Case("a part is missing", "ICC", JpegParts.Of(Baseline).Insert(0, App2, IccPart(1, 2, icc)));
        yield return Case("a part is there twice", "ICC", JpegParts.Of(Baseline).Insert(0, App2, IccPart(1, 1, icc)).Insert(0, App2, IccPart(1, 1, icc)));
        yield return Case("part 0", "ICC", JpegParts.Of(Baseline).Insert(0, App2, IccPart(0, 1, icc)));
        yield return Case("no profile", "ICC", JpegParts.Of(Baseline).Insert(0, App2, IccPart(1, 1, [1, 2, 3])));
        yield return Case("profile of a printer", "ICC", JpegParts.Of(Baseline).Insert(0, App2, IccPart(1, 1, Profiles.Icc("CMYK"))));
        yield return Case("Exif of another kind", "Exif", JpegParts.Of(Baseline).Insert(0, App1, [.. "Exif\0\0junkjunk"u8]));
        yield return Case("gain map", "gain map", JpegParts.Of(Baseline).Insert(0, App2, [.. "MPF\0MM"u8]));
        yield return Case("IPTC", "IPTC", JpegParts.Of(Baseline).Insert(0, App13, [.. "Photoshop 3.0\08BIM"u8]));
        yield return Case("long XMP", "XMP", JpegParts.Of(Baseline).Insert(0, App1, [.. "http://ns.adobe.com/xmp/extension/\0"u8, 1, 2, 3]));
    }

    [Test]
    public void Every_orientation_is_reset_and_XMP_only_where_the_picture_was_turned()
    {
        byte[] Exif(byte first, byte second) =>
            [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, first, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, second, 0, 0, 0, 0, 0, 0, 0];
        RgbImage image = ImageFile.Read(JpegParts.Of(Baseline).Insert(0, App1, [.. "Exif\0\0"u8, .. Exif(6, 3)]).Build());
        TestPictures.AssertEqual(image, JpegFixtureTests.Picture("orientation-6"));
        Assert.That(image.Metadata.Exif.ToArray(), Is.EqualTo(Exif(1, 1)));

        image = ImageFile.Read(JpegParts.Of(Baseline).Insert(0, App1, XmpSegment(Profiles.Xmp(6))).Build());
        TestPictures.AssertEqual(image, JpegFixtureTests.Picture(Baseline));
        Assert.That(image.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(6)));
    }

    [TestCaseSource(nameof(Odd))]
    public void What_can_not_be_taken_along_is_told(byte[] file, string warning)
    {
        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains(warning));
        Assert.That(image.Metadata.IsEmpty, Is.True);
    }

    [TestCase(400)]
    [TestCase(65_519)]
    [TestCase(65_520)]
    [TestCase(200_000)]
    public void A_written_file_has_all_metadata(int profileLength)
    {
        RgbImage image = TestPictures.Noise(33, 17, 1);
        image.Metadata = new PictureMetadata { IccProfile = Profiles.Icc("RGB ", profileLength), Exif = Profiles.Exif(1), Xmp = Profiles.Xmp(1) };

        byte[] file = ImageFile.Encode(image, ImageFileFormat.Jpeg);
        RgbImage back = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That((warnings, ImageFile.FindLosses(image, ImageFileFormat.Jpeg)), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        Assert.That(back.Metadata.IccProfile.ToArray(), Is.EqualTo(image.Metadata.IccProfile.ToArray()));
        Assert.That(back.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1)));
        Assert.That(back.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
    }

    [Test]
    public void Grey_comes_out_grey_unless_its_profile_is_for_colours([Values("GRAY", "RGB ")] string profile)
    {
        RgbImage image = new(8, 8) { Metadata = new PictureMetadata { IccProfile = Profiles.Icc(profile) } };
        RgbImage back = ImageFile.Read(ImageFile.Encode(image, ImageFileFormat.Jpeg));
        Assert.That((back.IsGrey, back.Metadata.IccProfile.Length), Is.EqualTo((profile == "GRAY", 400)));
    }

    [Test]
    public void What_has_no_room_is_told()
    {
        RgbImage image = TestPictures.Noise(8, 8, 1);
        image.Metadata = new PictureMetadata { Exif = new byte[65_528], Xmp = new byte[65_505], Gamma = 5, IccProfile = Profiles.Icc("GRAY") };
        Assert.That(ImageFile.FindLosses(image, ImageFileFormat.Jpeg), Has.Count.EqualTo(4));
        Assert.That(ImageFile.Read(ImageFile.Encode(image, ImageFileFormat.Jpeg)).Metadata.IsEmpty, Is.True);
        Assert.That(ImageFile.FindLosses(image, ImageFileFormat.Ppm), Has.Count.EqualTo(4));
        image.Metadata = new PictureMetadata { Exif = new byte[65_527], Xmp = new byte[65_504] };
        Assert.That(ImageFile.FindLosses(image, ImageFileFormat.Jpeg), Is.Empty);
    }
}
