namespace ImageCodec.Imaging.Tests.Png;

/// <summary>Files that are wrong in one way each, or right in an unusual one.</summary>
public sealed class PngReaderTests
{
    private static readonly byte[] s_rows = PngBuilder.SmallRows();

    public static IEnumerable<TestCaseData> BadFiles()
    {
        static TestCaseData Case(string name, byte[] file, string words) => new TestCaseData(file, words).SetArgDisplayNames(name);
        static byte[] WithHeader(uint width, uint height, byte depth, byte type, byte compression = 0, byte filter = 0, byte interlace = 0) =>
            new PngBuilder().Header(width, height, depth, type, compression, filter, interlace).Chunk("IDAT", s_rows).End();
        static PngBuilder Indexed() => new PngBuilder().Header(2, 2, 8, 3);
        static byte[] WithRows(params byte[] rows) => PngBuilder.Small().Chunk("IDAT", PngBuilder.Deflate(rows)).End();

        yield return Case("signature mangled as text", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A, 0], "signature");
        yield return Case("no IHDR", new PngBuilder().Chunk("IDAT", s_rows).End(), "IDAT instead of IHDR");
        yield return Case("Apple's CgBI first", new PngBuilder().Chunk("CgBI", 0, 0, 0, 0).Header(2, 2, 8, 2).End(), "CgBI instead of IHDR");
        yield return Case("short IHDR", new PngBuilder().Chunk("IHDR", new byte[12]).End(), "12 bytes instead of 13");
        yield return Case("long IHDR", new PngBuilder().Chunk("IHDR", new byte[14]).End(), "14 bytes instead of 13");
        yield return Case("second IHDR", PngBuilder.Small().Header(2, 2, 8, 2).Chunk("IDAT", s_rows).End(), "second IHDR");
        yield return Case("width 0", WithHeader(0, 2, 8, 2), "0×2");
        yield return Case("height 0", WithHeader(2, 0, 8, 2), "2×0");
        yield return Case("width above 2^31 - 1", WithHeader(0x80000000, 1, 8, 2), "2147483648×1");
        yield return Case("60000×60000", WithHeader(60000, 60000, 8, 2), "60000×60000");
        yield return Case("both sides at their limit", WithHeader(int.MaxValue, int.MaxValue, 16, 6), "at most");
        yield return Case("20000×20000 with a few bytes of data", WithHeader(20000, 20000, 8, 2), "cannot hold more than");
        yield return Case("one row of 715827881 pixels", WithHeader(RgbImage.MaxPixelCount, 1, 16, 6), "cannot hold more than");
        yield return Case("colour type 1", WithHeader(2, 2, 8, 1), "colour type is 1");
        yield return Case("colour type 7", WithHeader(2, 2, 8, 7), "colour type is 7");
        foreach ((byte type, byte[] depths) in new (byte, byte[])[] { (0, [0, 3, 17, 32]), (2, [1, 2, 4]), (3, [16]), (4, [1, 4]), (6, [2, 12]) })
        {
            foreach (byte depth in depths)
            {
                yield return Case($"colour type {type} with {depth} bits", WithHeader(2, 2, depth, type), $"bit depth is {depth}");
            }
        }

        yield return Case("compression method 1", WithHeader(2, 2, 8, 2, compression: 1), "1, 0 and 0");
        yield return Case("filter method 1", WithHeader(2, 2, 8, 2, filter: 1), "0, 1 and 0");
        yield return Case("interlace method 2", WithHeader(2, 2, 8, 2, interlace: 2), "0, 0 and 2");

        yield return Case("no IDAT", PngBuilder.Small().End(), "without any IDAT");
        yield return Case("no IEND", PngBuilder.Small().Chunk("IDAT", s_rows).Build(), "must be IEND");
        yield return Case("IDAT apart", PngBuilder.Small().Chunk("IDAT", s_rows[..5]).Chunk("teXt").Chunk("IDAT", s_rows[5..]).End(), "teXt stands between");
        yield return Case("unknown critical chunk", PngBuilder.Small().Chunk("ABCD").Chunk("IDAT", s_rows).End(), "ABCD is unknown");
        yield return Case("type of other signs", PngBuilder.Small().Chunk("a1cd").Chunk("IDAT", s_rows).End(), "not four letters");

        yield return Case("no PLTE", WithHeader(2, 2, 8, 3), "before the PLTE");
        yield return Case("two PLTE", PngBuilder.Small().Chunk("PLTE", 1, 2, 3).Chunk("PLTE", 1, 2, 3).Chunk("IDAT", s_rows).End(), "second PLTE");
        yield return Case("empty PLTE", Indexed().Chunk("PLTE").Chunk("IDAT", s_rows).End(), "PLTE has 0 bytes");
        yield return Case("PLTE of 4 bytes", Indexed().Chunk("PLTE", 1, 2, 3, 4).Chunk("IDAT", s_rows).End(), "PLTE has 4 bytes");
        yield return Case("PLTE of 257 colours", Indexed().Chunk("PLTE", new byte[771]).Chunk("IDAT", s_rows).End(), "PLTE has 771 bytes");

        yield return Case("filter type 5", WithRows([0, 1, 2, 3, 4, 5, 6, 5, 7, 8, 9, 10, 11, 12]), "Row 1 has the filter type 5");
        yield return Case("a byte of rows missing", WithRows([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11]), "inside row 1 of 2");
        yield return Case("empty IDAT", PngBuilder.Small().Chunk("IDAT").End(), "0 bytes of image data");
        yield return Case("wrong checksum", PngBuilder.Small().Chunk("IDAT", [.. s_rows[..^1], (byte)(s_rows[^1] ^ 1)]).End(), "checksum");
        yield return Case("checksum cut off", PngBuilder.Small().Chunk("IDAT", s_rows[..^2]).End(), "checksum");
        yield return Case("preset dictionary", PngBuilder.Small().Chunk("IDAT", [0x78, 0x20, 1, 2, 3, 4, .. s_rows[2..]]).End(), "zlib");
        yield return Case("not zlib", PngBuilder.Small().Chunk("IDAT", "hello, world"u8.ToArray()).End(), "zlib");
    }

    [TestCaseSource(nameof(BadFiles))]
    public void Refuses_and_says_why(byte[] file, string words)
    {
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(file, new ImageReadOptions { MaxPixelCount = RgbImage.MaxPixelCount }));

        Assert.That(e.Message, Does.StartWith("PNG").And.Contain(words));
    }

    [Test]
    public void A_declared_size_costs_no_memory_before_it_is_checked()
    {
        byte[] file = new PngBuilder().Header(26000, 26000, 8, 2).Chunk("IDAT", s_rows).End();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void The_most_compressed_picture_there_can_be_is_read()
    {
        // 1032 to 1 is as far as deflate goes; a black picture gets near.
        byte[] rows = PngBuilder.Deflate(new byte[2000 * ((2000 / 8) + 1)], System.IO.Compression.CompressionLevel.SmallestSize);
        byte[] file = new PngBuilder().Header(2000, 2000, 1, 0).Chunk("IDAT", rows).End();

        RgbImage image = ImageFile.Read(file);

        Assert.That(image.Pixels.ContainsAnyExcept((byte)0), Is.False);
    }

    [Test]
    public void Cut_at_any_byte_is_refused()
    {
        byte[] file = ImageFile.Encode(TestPictures.Slopes(7, 5, 1), ImageFileFormat.Png);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidFileException>(() => ImageFile.Read(file.AsSpan(0, length)), $"cut at {length}");
        }
    }

    /// <summary>A chunk that the picture can do without is left out.</summary>
    [Test]
    public void Any_byte_changed_to_any_value_is_refused_or_told()
    {
        byte[] file = PngBuilder.Small().Chunk("gAMA", 0, 0, 1, 2).Chunk("IDAT", s_rows).End();
        RgbImage whole = ImageFile.Read(file);
        int gamma = file.AsSpan().IndexOf("gAMA"u8);
        int refused = 0;
        for (int i = 0; i < file.Length; i++)
        {
            byte right = file[i];
            for (int change = 1; change < 256; change++)
            {
                file[i] = (byte)(right ^ change);
                try
                {
                    TestPictures.AssertEqual(ImageFile.Read(file, out IReadOnlyList<string> warnings), whole);
                    Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("wrong CRC"));
                    Assert.That(i, Is.InRange(gamma, gamma + 11), $"byte {i} as {file[i]}");
                }
                catch (InvalidFileException)
                {
                    refused++;
                }
            }

            file[i] = right;
        }

        Assert.That(refused, Is.GreaterThan(255 * (file.Length - 12)));
    }

    [Test]
    public void Damaged_image_data_with_the_right_CRC_gives_a_picture_or_the_one_exception()
    {
        Random random = new(2);
        byte[] rows = PngBuilder.Deflate([.. Enumerable.Range(0, 12 * 37).Select(i => (byte)(i % 37 == 0 ? random.Next(5) : random.Next(40)))]);
        int refused = 0;
        for (int attempt = 0; attempt < 3000; attempt++)
        {
            byte[] damaged = (byte[])rows.Clone();
            for (int hit = random.Next(3); hit >= 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            byte type = (byte)(random.Next(2) == 0 ? 2 : 6);
            byte[] file = new PngBuilder().Header((uint)random.Next(1, 16), (uint)random.Next(1, 16), 8, type, interlace: (byte)random.Next(2)).Chunk("IDAT", damaged).End();
            refused += Survives(file) ? 0 : 1;
        }

        Assert.That(refused, Is.GreaterThan(1000));
    }

    [Test]
    public void Random_bytes_after_the_signature_give_nothing_but_the_one_exception()
    {
        Random random = new(3);
        for (int attempt = 0; attempt < 5000; attempt++)
        {
            byte[] file = new byte[random.Next(64)];
            random.NextBytes(file);
            Assert.That(Survives([.. new PngBuilder().Build(), .. file]), Is.False);
        }
    }

    [Test]
    public void Random_headers_and_chunks_with_the_right_CRC_give_a_picture_or_the_one_exception()
    {
        Random random = new(4);
        string[] types = ["PLTE", "tRNS", "IDAT", "IDAT", "IDAT", "abCd", "IEND"];
        for (int attempt = 0; attempt < 5000; attempt++)
        {
            byte[] depths = [1, 2, 4, 8, 16];
            PngBuilder builder = new PngBuilder().Header(
                (uint)random.Next(1, 9), (uint)random.Next(1, 9), depths[random.Next(5)], (byte)random.Next(7), interlace: (byte)random.Next(2));
            for (int chunk = random.Next(5); chunk >= 0; chunk--)
            {
                string type = types[random.Next(types.Length)];
                byte[] data = new byte[type == "PLTE" ? 3 * random.Next(9) : type == "IEND" ? 0 : random.Next(700)];
                random.NextBytes(data);
                data = type == "IDAT" ? PngBuilder.Deflate([.. data.Select(b => (byte)(b % 5))]) : data;
                builder.Chunk(type, data);
            }

            Survives(builder.End());
        }
    }

    [Test]
    public void What_cannot_change_the_picture_is_tolerated()
    {
        byte[] plain = PngBuilder.Small().Chunk("IDAT", s_rows).End();
        byte[] moreRows = PngBuilder.Small().Chunk("IDAT", PngBuilder.Deflate([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12, 99, 98])).End();
        byte[] bytesAfterStream = PngBuilder.Small().Chunk("IDAT", [.. s_rows, 1, 2, 3]).End();
        byte[] bytesAfterEnd = [.. plain, 1, 2, 3];
        byte[] emptyPieces = PngBuilder.Small().Chunk("IDAT").Chunk("IDAT", s_rows[..1]).Chunk("IDAT").Chunk("IDAT", s_rows[1..]).Chunk("IDAT").End();
        byte[] suggestedPalette = PngBuilder.Small().Chunk("abCd", 1).Chunk("PLTE", 1, 2, 3).Chunk("IDAT", s_rows).Chunk("tEXt", 65, 0).End();
        foreach (byte[] file in new[] { plain, moreRows, bytesAfterStream, bytesAfterEnd, emptyPieces, suggestedPalette })
        {
            Assert.That(ImageFile.Read(file).Pixels.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }));
        }
    }

    /// <summary>A key of more bits than the samples have is cut to them.</summary>
    [Test]
    public void Only_the_low_bits_of_a_transparent_colour_count()
    {
        byte[] file = new PngBuilder().Header(2, 1, 4, 0).Chunk("tRNS", 0xAB, 0xC1).Chunk("IDAT", PngBuilder.Deflate([0, 0x12])).End();

        Assert.That(ImageFile.Read(file).Alpha.ToArray(), Is.EqualTo(new byte[] { 0, 255 }));
    }

    private static bool Survives(byte[] file)
    {
        try
        {
            ImageFile.Read(file);
            return true;
        }
        catch (InvalidFileException)
        {
            return false;
        }
    }
}
