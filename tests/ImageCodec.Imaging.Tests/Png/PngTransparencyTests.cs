namespace ImageCodec.Imaging.Tests.Png;

/// <summary>How opaque pixels are, for each kind of PNG that can say so.</summary>
public sealed class PngTransparencyTests
{
    public static IEnumerable<TestCaseData> Files()
    {
        static TestCaseData Case(string name, byte[]? expected, byte depth, byte type, byte[] row, byte[]? transparency = null, byte[]? palette = null)
        {
            PngBuilder builder = new PngBuilder().Header(2, 1, depth, type);
            builder = palette is null ? builder : builder.Chunk("PLTE", palette);
            builder = transparency is null ? builder : builder.Chunk("tRNS", transparency);
            return new TestCaseData(builder.Chunk("IDAT", PngBuilder.Deflate([0, .. row])).End(), expected).SetArgDisplayNames(name);
        }

        yield return Case("RGB", null, 8, 2, [1, 2, 3, 4, 5, 6]);
        yield return Case("RGB, a transparent colour that is not there", null, 8, 2, [1, 2, 3, 4, 5, 6], [0, 4, 0, 5, 0, 7]);
        yield return Case("RGB, a transparent colour", [255, 0], 8, 2, [1, 2, 3, 4, 5, 6], [0, 4, 0, 5, 0, 6]);
        yield return Case("RGB of 16 bits, a transparent colour", [255, 0], 16, 2, [0, 1, 0, 2, 0, 3, 9, 4, 9, 5, 9, 6], [9, 4, 9, 5, 9, 6]);
        yield return Case("RGB of 16 bits, opaque", null, 16, 2, [0, 1, 0, 2, 0, 3, 9, 4, 9, 5, 9, 6], [9, 4, 9, 5, 9, 7]);
        yield return Case("RGBA, opaque", null, 8, 6, [1, 2, 3, 255, 4, 5, 6, 255]);
        yield return Case("RGBA", [255, 254], 8, 6, [1, 2, 3, 255, 4, 5, 6, 254]);
        yield return Case("RGBA of 16 bits, opaque", null, 16, 6, [0, 1, 0, 2, 0, 3, 255, 255, 0, 4, 0, 5, 0, 6, 255, 255]);
        yield return Case("RGBA of 16 bits", [128, 255], 16, 6, [0, 1, 0, 2, 0, 3, 128, 0, 0, 4, 0, 5, 0, 6, 255, 255]);
        yield return Case("grey and alpha, opaque", null, 8, 4, [1, 255, 2, 255]);
        yield return Case("grey and alpha", [0, 255], 8, 4, [1, 0, 2, 255]);
        yield return Case("grey and alpha of 16 bits, opaque", null, 16, 4, [1, 2, 255, 255, 3, 4, 255, 255]);
        yield return Case("grey and alpha of 16 bits", [255, 1], 16, 4, [1, 2, 255, 255, 3, 4, 0, 255]);
        yield return Case("grey, a transparent value", [255, 0], 8, 0, [1, 2], [0, 2]);
        yield return Case("grey, a transparent value that is not there", null, 8, 0, [1, 2], [0, 3]);
        yield return Case("grey of 16 bits, a transparent value", [0, 255], 16, 0, [0, 1, 0, 2], [0, 1]);
        yield return Case("palette, a transparent colour that is used", [255, 128], 8, 3, [0, 1], [255, 128], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        yield return Case("palette, a transparent colour that is not used", null, 8, 3, [1, 2], [128, 255], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    [TestCaseSource(nameof(Files))]
    public void Pixels_that_are_not_opaque_make_an_alpha_channel(byte[] file, byte[]? expected)
    {
        RgbImage image = ImageFile.Read(file);
        Assert.That(image.Alpha.ToArray(), Is.EqualTo(expected ?? []));
        Assert.That((image.Width, image.HasAlpha), Is.EqualTo((2, expected is not null)));
    }

    [Test]
    public void Alpha_comes_out_of_png_as_it_went_in([Values] bool isGrey)
    {
        byte[] rgb = isGrey ? [9, 9, 9, 8, 8, 8] : [1, 2, 3, 4, 5, 6];
        RgbImage image = new(2, 1, rgb) { IsGrey = isGrey };
        image.AddAlpha()[1] = 77;
        byte[] file = ImageFile.Encode(image, ImageFileFormat.Png);
        RgbImage back = ImageFile.Read(file);
        Assert.That((file[25], back.IsGrey), Is.EqualTo(((byte)(isGrey ? 4 : 6), isGrey)));
        Assert.That((back.Pixels.ToArray(), back.Alpha.ToArray()), Is.EqualTo((rgb, new byte[] { 255, 77 })));
    }

    [Test]
    public void Other_formats_lay_it_over_white()
    {
        foreach (ImageFileFormat format in Enum.GetValues<ImageFileFormat>().Except([ImageFileFormat.Png]))
        {
            RgbImage image = new(3, 2);
            image.AddAlpha().Clear();
            Assert.That(ImageFile.FindLosses(image, format), Has.Count.EqualTo(1).And.All.Contains("transparency"), format.ToString());
            RgbImage back = ImageFile.Read(ImageFile.Encode(image, format));
            Assert.That((back.HasAlpha, back.Pixels.ContainsAnyExcept((byte)255)), Is.EqualTo((false, false)), format.ToString());
        }
    }
}
