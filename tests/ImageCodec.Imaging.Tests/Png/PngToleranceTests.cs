namespace ImageCodec.Imaging.Tests.Png;

/// <summary>Files with something wrong that others read, too.</summary>
public sealed class PngToleranceTests
{
    private static readonly byte[] s_rows = PngBuilder.SmallRows();
    private static readonly ImageReadOptions s_tolerant = new() { IsTolerant = true };

    public static IEnumerable<TestCaseData> OddTransparency()
    {
        static TestCaseData Case(string name, string words, byte[] file, params byte[] pixels) => new TestCaseData(file, words, pixels).SetArgDisplayNames(name);
        static byte[] Grey(params byte[] transparency) =>
            new PngBuilder().Header(2, 1, 8, 0).Chunk("tRNS", transparency).Chunk("IDAT", PngBuilder.Deflate([0, 1, 2])).End();
        static PngBuilder Indexed() => new PngBuilder().Header(2, 1, 8, 3);
        byte[] indices = PngBuilder.Deflate([0, 0, 0]);
        byte[] small = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

        yield return Case("too short for RGB", "2 bytes", PngBuilder.Small().Chunk("tRNS", 0, 0).Chunk("IDAT", s_rows).End(), small);
        yield return Case("too long for grey", "3 bytes", Grey(0, 1, 0), 1, 1, 1, 2, 2, 2);
        yield return Case("longer than the palette", "for 1 colours", Indexed().Chunk("PLTE", 1, 2, 3).Chunk("tRNS", 1, 2).Chunk("IDAT", indices).End(), 1, 2, 3, 1, 2, 3);
        yield return Case("empty", "0 bytes", Indexed().Chunk("PLTE", 1, 2, 3).Chunk("tRNS").Chunk("IDAT", indices).End(), 1, 2, 3, 1, 2, 3);
        yield return Case("before the palette", "before", Indexed().Chunk("tRNS", 1).Chunk("PLTE", 1, 2, 3).Chunk("IDAT", indices).End(), 1, 2, 3, 1, 2, 3);
        yield return Case("behind the picture", "behind", PngBuilder.Small().Chunk("IDAT", s_rows).Chunk("tRNS", 0, 1, 0, 2, 0, 3).End(), small);
        yield return Case(
            "beside alpha", "alpha", new PngBuilder().Header(2, 1, 8, 6).Chunk("tRNS", 0, 0).Chunk("IDAT", PngBuilder.Deflate([0, 1, 2, 3, 255, 4, 5, 6, 255])).End(), 1, 2, 3, 4, 5, 6);
    }

    [TestCaseSource(nameof(OddTransparency))]
    public void Transparency_that_can_not_be_right_is_left_out(byte[] file, string words, byte[] pixels)
    {
        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains(words));
        Assert.That(image.HasAlpha, Is.False);
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(pixels));
    }

    [Test]
    public void Of_two_the_first_counts()
    {
        byte[] file = PngBuilder.Small().Chunk("tRNS", 0, 1, 0, 2, 0, 3).Chunk("tRNS", 0, 4, 0, 5, 0, 6).Chunk("IDAT", s_rows).End();

        Assert.That(ImageFile.Read(file, out IReadOnlyList<string> warnings).Alpha.ToArray(), Is.EqualTo(new byte[] { 0, 255, 255, 255 }));
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("twice"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Indices_beyond_the_palette_are_black(bool hasAlpha)
    {
        PngBuilder builder = new PngBuilder().Header(2, 2, 2, 3).Chunk("PLTE", 1, 2, 3, 4, 5, 6, 7, 8, 9);
        builder = hasAlpha ? builder.Chunk("tRNS", 77) : builder;
        byte[] file = builder.Chunk("IDAT", PngBuilder.Deflate([0, 0b10010000, 0, 0b00110000])).End();

        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        Assert.That(image.Pixels.ToArray(), Is.EqualTo(new byte[] { 7, 8, 9, 4, 5, 6, 1, 2, 3, 0, 0, 0 }));
        Assert.That(image.Alpha.ToArray(), Is.EqualTo(hasAlpha ? new byte[] { 255, 255, 77, 255 } : []));
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("palette"));
    }

    [Test]
    public void Palettes_that_say_nothing_are_ignored()
    {
        byte[] indices = PngBuilder.Deflate([0, 0b01000000]);
        byte[] tooLong = new PngBuilder().Header(2, 1, 1, 3).Chunk("PLTE", 1, 2, 3, 4, 5, 6, 7, 8, 9).Chunk("IDAT", indices).End();
        byte[] inGrey = new PngBuilder().Header(2, 1, 1, 0).Chunk("PLTE", 1, 2, 3).Chunk("IDAT", indices).End();
        byte[] behind = PngBuilder.Small().Chunk("IDAT", s_rows).Chunk("PLTE", 1, 2, 3).End();

        Assert.That(ImageFile.Read(tooLong).Pixels.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(ImageFile.Read(inGrey).Pixels.ToArray(), Is.EqualTo(new byte[] { 0, 0, 0, 255, 255, 255 }));
        Assert.That(ImageFile.Read(behind).Pixels[11], Is.EqualTo(12));
    }

    [Test]
    public void An_end_with_data_is_one() =>
        Assert.That(ImageFile.Read(PngBuilder.Small().Chunk("IDAT", s_rows).Chunk("IEND", 1).Build()).Pixels[11], Is.EqualTo(12));

    /// <summary>Rows come one after the other, so what is there is a beginning; each more byte brings no fewer pixels.</summary>
    [Test]
    public void What_is_cut_short_is_read_as_far_as_it_goes_where_asked([Values] bool hasAlpha)
    {
        RgbImage whole = TestPictures.Slopes(17, 40, 1);
        if (hasAlpha)
        {
            whole.AddAlpha()[0] = 254;
        }

        byte[] file = ImageFile.Encode(whole, ImageFileFormat.Png);
        int picture = file.AsSpan().IndexOf("IDAT"u8) + 4;
        int before = 0;
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            if (length < picture)
            {
                Assert.Throws<InvalidFileException>(() => ImageFile.Read(cut, s_tolerant), $"cut at {length}");
                continue;
            }

            RgbImage image = ImageFile.Read(cut, out IReadOnlyList<string> warnings, s_tolerant);
            int rows = Enumerable.Range(0, 40).TakeWhile(y => image.GetRow(y).SequenceEqual(whole.GetRow(y))).Count();

            Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("cut short"), $"cut at {length}");
            Assert.That(rows, Is.GreaterThanOrEqualTo(before), $"cut at {length}");
            Assert.That(image.Pixels[(3 * 17 * rows)..].ContainsAnyExcept((byte)0), Is.False, $"cut at {length}");
            Assert.That(image.Alpha.Length == 0 || !image.Alpha[(17 * rows)..].ContainsAnyExcept((byte)0), Is.True, $"cut at {length}");
            before = rows;
        }

        Assert.That(before, Is.EqualTo(40));
    }

    [Test]
    public void A_wrong_checksum_is_tolerated_where_asked()
    {
        byte[] crc = PngBuilder.Small().Chunk("IDAT", s_rows).End();
        crc[^13] ^= 1;
        byte[] zlib = PngBuilder.Small().Chunk("IDAT", [.. s_rows[..^1], (byte)(s_rows[^1] ^ 1)]).End();
        foreach (byte[] file in new[] { crc, zlib })
        {
            Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));
            Assert.That(ImageFile.Read(file, out IReadOnlyList<string> warnings, s_tolerant).Pixels[11], Is.EqualTo(12));
            Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("damaged"));
        }
    }

    [Test]
    public void A_header_must_be_whole()
    {
        byte[] file = PngBuilder.Small().Chunk("IDAT", s_rows).End();
        file[20] ^= 1;

        Assert.That(() => ImageFile.Read(file, s_tolerant), Throws.TypeOf<InvalidFileException>().With.Message.Contains("IHDR is damaged"));
    }
}
