using System.Buffers.Binary;

namespace ImageCodec.Imaging.Tests.Png;

/// <summary>What PNG files say beside pixels.</summary>
public sealed class PngMetadataTests
{
    private static readonly byte[] s_icc = Profiles.Icc("RGB ");

    [Test]
    public void Every_chunk_of_metadata_is_read()
    {
        byte[] file = PngBuilder.Small()
            .Chunk("cICP", 12, 13, 0, 1)
            .Chunk("iCCP", [.. "P3\0\0"u8, .. PngBuilder.Deflate(s_icc)])
            .Chunk("gAMA", 0, 1, 0x86, 0xA0)
            .Chunk("eXIf", Profiles.Exif(1))
            .Chunk("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Profiles.Xmp(1)])
            .Chunk("IDAT", PngBuilder.SmallRows())
            .End();

        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That(warnings, Is.Empty);
        Assert.That(image.Metadata.IccProfile.ToArray(), Is.EqualTo(s_icc));
        Assert.That(image.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1)));
        Assert.That(image.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
        Assert.That(image.Metadata.CodePoints, Is.EqualTo(new ColorCodePoints(12, 13, 0, true)));
        Assert.That(image.Metadata.Gamma, Is.Null, "a profile says more");
    }

    [TestCase(100_000, false, ExpectedResult = 100_000)]
    [TestCase(45_455, false, ExpectedResult = null)]
    [TestCase(0, false, ExpectedResult = null)]
    [TestCase(100_000, true, ExpectedResult = null)]
    public int? Gamma_counts_where_nothing_says_more(int gamma, bool isSrgb)
    {
        PngBuilder builder = PngBuilder.Small().Chunk("gAMA", (byte)(gamma >> 24), (byte)(gamma >> 16), (byte)(gamma >> 8), (byte)gamma);
        builder = isSrgb ? builder.Chunk("sRGB", 0) : builder;
        return ImageFile.Read(builder.Chunk("IDAT", PngBuilder.SmallRows()).End()).Metadata.Gamma;
    }

    [Test]
    public void Compressed_xmp_is_read()
    {
        byte[] file = PngBuilder.Small()
            .Chunk("iTXt", [.. "XML:com.adobe.xmp\0\u0001\0en\0Titel\0"u8, .. PngBuilder.Deflate(Profiles.Xmp(1))])
            .Chunk("IDAT", PngBuilder.SmallRows())
            .End();
        Assert.That(ImageFile.Read(file).Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
    }

    [Test]
    public void Orientation_is_applied_once([Values] bool isLittleEndian)
    {
        byte[] file = PngBuilder.Small()
            .Chunk("eXIf", Profiles.Exif(6, isLittleEndian))
            .Chunk("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Profiles.Xmp(6)])
            .Chunk("IDAT", PngBuilder.SmallRows())
            .End();

        RgbImage image = ImageFile.Read(file);

        // Row 0 of what is stored becomes the right column.
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(new byte[] { 7, 8, 9, 1, 2, 3, 10, 11, 12, 4, 5, 6 }));
        Assert.That(image.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1, isLittleEndian)));
        Assert.That(image.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
        RgbImage again = ImageFile.Read(ImageFile.Encode(image, ImageFileFormat.Png));
        Assert.That(again.Pixels.ToArray(), Is.EqualTo(image.Pixels.ToArray()));
    }

    [Test]
    public void Orientation_turns_alpha_too_and_is_foretold()
    {
        byte[] rows = PngBuilder.Deflate([0, 1, 10, 2, 20, 0, 3, 30, 4, 40, 0, 5, 50, 6, 60]);
        byte[] file = new PngBuilder().Header(2, 3, 8, 4).Chunk("eXIf", Profiles.Exif(8)).Chunk("IDAT", rows).End();

        RgbImage image = ImageFile.Read(file);

        Assert.That((image.Width, image.Height, image.IsGrey), Is.EqualTo((3, 2, true)));
        Assert.That(image.Alpha.ToArray(), Is.EqualTo(new byte[] { 20, 40, 60, 10, 30, 50 }));
        Assert.That((ImageFile.Identify(file).Width, ImageFile.Identify(file).Height), Is.EqualTo((3, 2)));
    }

    public static IEnumerable<TestCaseData> Odd()
    {
        static TestCaseData Case(string name, string warning, PngBuilder builder) =>
            new TestCaseData(builder.Chunk("IDAT", PngBuilder.SmallRows()).End(), warning).SetArgDisplayNames(name);

        yield return Case("profile cut short", "ICC", PngBuilder.Small().Chunk("iCCP", [.. "P\0\0"u8, .. PngBuilder.Deflate(s_icc)[..50]]));
        yield return Case("profile without name", "ICC", PngBuilder.Small().Chunk("iCCP", [0, 0, .. PngBuilder.Deflate(s_icc)]));
        yield return Case("profile of a printer", "ICC", PngBuilder.Small().Chunk("iCCP", [.. "P\0\0"u8, .. PngBuilder.Deflate(Profiles.Icc("CMYK"))]));
        yield return Case("profile for grey", "ICC", PngBuilder.Small().Chunk("iCCP", [.. "P\0\0"u8, .. PngBuilder.Deflate(Profiles.Icc("GRAY"))]));
        yield return Case("profile that is a bomb", "ICC", PngBuilder.Small().Chunk("iCCP", [.. "P\0\0"u8, .. PngBuilder.Deflate(new byte[PictureMetadata.MaxLength + 1])]));
        yield return Case("no TIFF", "Exif", PngBuilder.Small().Chunk("eXIf", 1, 2, 3));
        yield return Case("text without its end", "XMP", PngBuilder.Small().Chunk("iTXt", [.. "XML:com.adobe.xmp\0\0\0en"u8]));
        yield return Case("other primaries", "cHRM", PngBuilder.Small().Chunk("cHRM", Chromaticities(21000, 71000)));
        yield return Case("light of the screen", "mDCV", PngBuilder.Small().Chunk("mDCV", new byte[24]));
        yield return Case("light of the picture", "cLLI", PngBuilder.Small().Chunk("cLLI", new byte[8]));
        yield return Case("code points with a matrix", "cICP", PngBuilder.Small().Chunk("cICP", 1, 13, 1, 1));
        yield return Case("code points cut short", "cICP", PngBuilder.Small().Chunk("cICP", 1, 13, 0));
        yield return Case("animation", "animated", PngBuilder.Small().Chunk("acTL", 0, 0, 0, 3, 0, 0, 0, 0));
    }

    private static byte[] Chromaticities(int greenX, int greenY)
    {
        byte[] data = new byte[32];
        int[] values = [31270, 32900, 64000, 33000, greenX, greenY, 15000, 6000];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4 * i), values[i]);
        }

        return data;
    }

    [Test]
    public void Primaries_of_sRGB_and_those_that_a_profile_tells_better_are_no_loss()
    {
        byte[] rows = PngBuilder.SmallRows();
        ImageFile.Read(PngBuilder.Small().Chunk("cHRM", Chromaticities(30001, 59999)).Chunk("IDAT", rows).End(), out IReadOnlyList<string> warnings);
        Assert.That(warnings, Is.Empty);
        ImageFile.Read(PngBuilder.Small().Chunk("cHRM", Chromaticities(21000, 71000)).Chunk("sRGB", 0).Chunk("IDAT", rows).End(), out warnings);
        Assert.That(warnings, Is.Empty);
    }

    [TestCaseSource(nameof(Odd))]
    public void What_can_not_be_taken_along_is_told(byte[] file, string warning)
    {
        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains(warning));
        Assert.That(image.Metadata.IsEmpty, Is.True);
    }

    [Test]
    public void Exif_behind_the_picture_is_taken_where_it_turns_nothing()
    {
        byte[] upright = PngBuilder.Small().Chunk("IDAT", PngBuilder.SmallRows()).Chunk("eXIf", Profiles.Exif(1)).End();
        Assert.That(ImageFile.Read(upright, out IReadOnlyList<string> warnings).Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1)));
        Assert.That(warnings, Is.Empty);

        byte[] turned = PngBuilder.Small().Chunk("IDAT", PngBuilder.SmallRows()).Chunk("eXIf", Profiles.Exif(6)).End();
        RgbImage image = ImageFile.Read(turned, out warnings);
        Assert.That((image.Pixels[0], image.Metadata.IsEmpty), Is.EqualTo(((byte)1, true)));
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("behind"));
    }

    [Test]
    public void Of_two_profiles_the_first_is_taken()
    {
        byte[] file = PngBuilder.Small()
            .Chunk("iCCP", [.. "P3\0\0"u8, .. PngBuilder.Deflate(s_icc)])
            .Chunk("iCCP", [.. "P3\0\0"u8, .. PngBuilder.Deflate(Profiles.Icc("RGB ", 200))])
            .Chunk("IDAT", PngBuilder.SmallRows())
            .End();
        Assert.That(ImageFile.Read(file, out IReadOnlyList<string> warnings).Metadata.IccProfile.ToArray(), Is.EqualTo(s_icc));
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("second"));
    }

    [Test]
    public void Bits_beyond_eight_are_told()
    {
        byte[] file = new PngBuilder().Header(1, 1, 16, 0).Chunk("IDAT", PngBuilder.Deflate([0, 1, 2])).End();
        ImageFile.Read(file, out IReadOnlyList<string> warnings);
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("16 bits"));
    }

    [TestCase(false, "RGB ", ExpectedResult = 2)]
    [TestCase(true, "RGB ", ExpectedResult = 2)]
    [TestCase(true, "GRAY", ExpectedResult = 0)]
    [TestCase(true, null, ExpectedResult = 0)]
    [TestCase(false, null, ExpectedResult = 2)]
    public int A_written_file_has_all_metadata_and_the_colours_of_its_profile(bool isGrey, string? profile)
    {
        RgbImage image = new(2, 1, isGrey ? [9, 9, 9, 8, 8, 8] : [1, 2, 3, 4, 5, 6])
        {
            IsGrey = isGrey,
            Metadata = new PictureMetadata
            {
                IccProfile = profile is null ? default : Profiles.Icc(profile),
                Exif = Profiles.Exif(1),
                Xmp = Profiles.Xmp(1),
                CodePoints = new ColorCodePoints(9, 18, 0, true),
                Gamma = profile is null ? 50_000 : null,
            },
        };

        byte[] file = ImageFile.Encode(image, ImageFileFormat.Png);
        RgbImage back = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That((warnings, ImageFile.FindLosses(image, ImageFileFormat.Png)), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        Assert.That(back.Metadata.IccProfile.ToArray(), Is.EqualTo(image.Metadata.IccProfile.ToArray()));
        Assert.That(back.Metadata.Exif.ToArray(), Is.EqualTo(Profiles.Exif(1)));
        Assert.That(back.Metadata.Xmp.ToArray(), Is.EqualTo(Profiles.Xmp(1)));
        Assert.That(back.Metadata.CodePoints, Is.EqualTo(image.Metadata.CodePoints));
        return file[25];
    }
}
