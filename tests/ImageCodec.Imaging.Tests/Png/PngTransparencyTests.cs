namespace ImageCodec.Imaging.Tests.Png;

/// <summary>Whether a picture had pixels that were not opaque is told, for each kind of PNG that can have them.</summary>
public sealed class PngTransparencyTests
{
    public static IEnumerable<TestCaseData> Files()
    {
        static TestCaseData Case(string name, bool expected, byte depth, byte type, byte[] row, byte[]? transparency = null, byte[]? palette = null)
        {
            PngBuilder builder = new PngBuilder().Header(2, 1, depth, type);
            builder = palette is null ? builder : builder.Chunk("PLTE", palette);
            builder = transparency is null ? builder : builder.Chunk("tRNS", transparency);
            return new TestCaseData(builder.Chunk("IDAT", PngBuilder.Deflate([0, .. row])).End(), expected).SetArgDisplayNames(name);
        }

        yield return Case("RGB", false, 8, 2, [1, 2, 3, 4, 5, 6]);
        yield return Case("RGB, a transparent colour that is not there", false, 8, 2, [1, 2, 3, 4, 5, 6], [0, 4, 0, 5, 0, 7]);
        yield return Case("RGB, a transparent colour", true, 8, 2, [1, 2, 3, 4, 5, 6], [0, 4, 0, 5, 0, 6]);
        yield return Case("RGB of 16 bits, a transparent colour", true, 16, 2, [0, 1, 0, 2, 0, 3, 9, 4, 9, 5, 9, 6], [9, 4, 9, 5, 9, 6]);
        yield return Case("RGB of 16 bits, opaque", false, 16, 2, [0, 1, 0, 2, 0, 3, 9, 4, 9, 5, 9, 6], [9, 4, 9, 5, 9, 7]);
        yield return Case("RGBA, opaque", false, 8, 6, [1, 2, 3, 255, 4, 5, 6, 255]);
        yield return Case("RGBA", true, 8, 6, [1, 2, 3, 255, 4, 5, 6, 254]);
        yield return Case("RGBA of 16 bits, opaque", false, 16, 6, [0, 1, 0, 2, 0, 3, 255, 255, 0, 4, 0, 5, 0, 6, 255, 255]);
        yield return Case("RGBA of 16 bits", true, 16, 6, [0, 1, 0, 2, 0, 3, 255, 254, 0, 4, 0, 5, 0, 6, 255, 255]);
        yield return Case("grey and alpha, opaque", false, 8, 4, [1, 255, 2, 255]);
        yield return Case("grey and alpha", true, 8, 4, [1, 0, 2, 255]);
        yield return Case("grey and alpha of 16 bits, opaque", false, 16, 4, [1, 2, 255, 255, 3, 4, 255, 255]);
        yield return Case("grey and alpha of 16 bits", true, 16, 4, [1, 2, 255, 255, 3, 4, 0, 255]);
        yield return Case("grey, a transparent value", true, 8, 0, [1, 2], [0, 2]);
        yield return Case("grey, a transparent value that is not there", false, 8, 0, [1, 2], [0, 3]);
        yield return Case("grey of 16 bits, a transparent value", true, 16, 0, [0, 1, 0, 2], [0, 1]);
        yield return Case("palette, a transparent colour that is used", true, 8, 3, [0, 1], [255, 128], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        yield return Case("palette, a transparent colour that is not used", false, 8, 3, [1, 2], [128, 255], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    [TestCaseSource(nameof(Files))]
    public void Transparency_is_told_where_a_pixel_has_it(byte[] file, bool expected)
    {
        RgbImage image = ImageFile.Read(file, out bool hadTransparency);
        Assert.That(hadTransparency, Is.EqualTo(expected));
        Assert.That(image.Width, Is.EqualTo(2));
    }

    [Test]
    public void Other_formats_have_none()
    {
        foreach (ImageFileFormat format in Enum.GetValues<ImageFileFormat>())
        {
            ImageFile.Read(ImageFile.Encode(new RgbImage(3, 2), format), out bool hadTransparency);
            Assert.That(hadTransparency, Is.False, format.ToString());
        }
    }
}
