namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>Files that are cut short or damaged, read as far as they go.</summary>
public sealed class JpegCutTests
{
    private const int McuSide = 16;

    private static readonly ImageReadOptions s_tolerant = new() { IsTolerant = true };

    /// <summary>What is there is the picture's beginning, and the rest grey; of the row of MCUs in which the file ends, and the pixels beside it, either.</summary>
    [Test]
    public void The_rest_of_a_sequential_file_is_grey()
    {
        RgbImage picture = TestPictures.Slopes(61, 100, 1);
        byte[] file = ImageFile.EncodeJpeg(picture, 80);
        RgbImage whole = ImageFile.Read(file);
        int first = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, JpegParts.Sos]) + 14;
        int rowsBefore = 0;
        for (int length = first; length < file.Length - 2; length++)
        {
            RgbImage image = ImageFile.Read(file.AsSpan(0, length), out IReadOnlyList<string> warnings, s_tolerant);
            int equal = Enumerable.Range(0, 100).TakeWhile(y => image.GetRow(y).SequenceEqual(whole.GetRow(y))).Count();
            int grey = Enumerable.Range(0, 100).Reverse().TakeWhile(y => !image.GetRow(y).ContainsAnyExcept((byte)128)).Count();

            Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("cut short"), $"cut at {length}");
            Assert.That(equal, Is.GreaterThanOrEqualTo(rowsBefore), $"cut at {length}");
            Assert.That(equal + grey, Is.GreaterThanOrEqualTo(Math.Min(100, 100 - McuSide - 2)), $"cut at {length}");
            rowsBefore = equal;
        }

        Assert.That(rowsBefore, Is.GreaterThan(100 - McuSide));
    }

    [TestCase("baseline-420")]
    [TestCase("progressive-422")]
    [TestCase("restart-progressive")]
    [TestCase("one-component-a-scan")]
    [TestCase("orientation-6")]
    public void Every_cut_behind_the_first_scan_header_gives_a_picture_of_the_size(string fixture)
    {
        byte[] file = JpegFixtureTests.File(fixture);
        RgbImage whole = ImageFile.Read(file);
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, JpegParts.Sos]) + 2;
        int first = scan + file[scan + 1];
        for (int length = 0; length < file.Length - 2; length++)
        {
            byte[] cut = file[..length];
            if (length < first)
            {
                Assert.Throws<InvalidFileException>(() => ImageFile.Read(cut, s_tolerant), $"cut at {length}");
            }
            else
            {
                RgbImage image = ImageFile.Read(cut, out IReadOnlyList<string> warnings, s_tolerant);
                Assert.That((image.Width, image.Height), Is.EqualTo((whole.Width, whole.Height)), $"cut at {length}");
                Assert.That(warnings, Has.Some.Contains("cut short"), $"cut at {length}");
            }
        }
    }

    [Test]
    public void Components_that_never_come_are_grey()
    {
        JpegParts parts = JpegParts.Of("one-component-a-scan");
        while (parts.Parts.Count(part => part.Marker == JpegParts.Sos) > 1)
        {
            parts.Parts.RemoveAt(parts.Parts.Count - 1);
        }

        byte[] file = parts.Build();
        Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));
        RgbImage image = ImageFile.Read(file, s_tolerant);

        Assert.That(TestPictures.HasColor(image), Is.False);
        Assert.That(image.Pixels.ContainsAnyExcept(image.Pixels[0]), Is.True);
    }

    /// <summary>After a lost or damaged interval the next begins where its marker says.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Damage_ends_at_the_next_restart_marker(int kind)
    {
        // Each interval is one MCU of 16×16 pixels, and the picture has three of them a row.
        JpegParts parts = JpegParts.Of("restart-1");
        RgbImage whole = ImageFile.Read(parts.Build());
        JpegPart scan = parts.First(JpegParts.Sos);
        List<byte[]> intervals = Intervals(scan.Behind);
        switch (kind)
        {
            case 0:
                intervals[1] = [];
                break;
            case 1:
                intervals[1] = intervals[1][..2];
                break;
            default:
                intervals[1] = [0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE];
                break;
        }

        scan.Behind = Join(intervals);
        byte[] file = parts.Build();
        Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        AssertOnlyMcuDiffers(ImageFile.Read(file, s_tolerant), whole, 1);
    }

    [Test]
    public void Surplus_data_before_a_restart_marker_does_no_harm()
    {
        JpegParts parts = JpegParts.Of("restart-1");
        RgbImage whole = ImageFile.Read(parts.Build());
        JpegPart scan = parts.First(JpegParts.Sos);
        List<byte[]> intervals = Intervals(scan.Behind);
        intervals[1] = [.. intervals[1], 0x12, 0x34, 0x56];
        scan.Behind = Join(intervals);

        TestPictures.AssertEqual(ImageFile.Read(parts.Build(), out IReadOnlyList<string> warnings, s_tolerant), whole);
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("more data"));
    }

    [Test]
    public void An_interval_that_is_missing_with_its_marker_is_left_out()
    {
        JpegParts parts = JpegParts.Of("restart-1");
        RgbImage whole = ImageFile.Read(parts.Build());
        JpegPart scan = parts.First(JpegParts.Sos);
        List<byte[]> intervals = Intervals(scan.Behind);
        scan.Behind = [.. intervals.SelectMany((data, i) => i == 0 ? data : i == 1 ? (byte[])[] : [0xFF, (byte)(0xD0 + ((i - 1) % 8)), .. data])];
        byte[] file = parts.Build();
        Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        AssertOnlyMcuDiffers(ImageFile.Read(file, s_tolerant), whole, 1);
    }

    [Test]
    public void A_declared_size_takes_no_memory_beyond_the_limit()
    {
        byte[] file = LimitTests.Declare(ImageFile.Encode(TestPictures.Grey(20, 15, 1), ImageFileFormat.Jpeg), ImageFileFormat.Jpeg, 10_000, 10_000);

        Assert.That(() => ImageFile.Read(file, new ImageReadOptions { IsTolerant = true, MaxPixelCount = 1000 }), Throws.TypeOf<InvalidFileException>());
        Assert.That(ImageFile.Read(file, s_tolerant).PixelCount, Is.EqualTo(100_000_000));
    }

    private static List<byte[]> Intervals(byte[] data)
    {
        List<byte[]> intervals = [];
        int start = 0;
        for (int i = 0; i + 1 < data.Length; i++)
        {
            if (data[i] == 0xFF && data[i + 1] is >= 0xD0 and <= 0xD7)
            {
                intervals.Add(data[start..i]);
                start = i + 2;
            }
        }

        intervals.Add(data[start..]);
        return intervals;
    }

    private static byte[] Join(List<byte[]> intervals) =>
        [.. intervals.SelectMany((data, i) => i == 0 ? data : [0xFF, (byte)(0xD0 + ((i - 1) % 8)), .. data])];

    /// <summary>Upsampling takes the pixels beside it along.</summary>
    private static void AssertOnlyMcuDiffers(RgbImage image, RgbImage whole, int mcu)
    {
        int left = mcu * McuSide;
        for (int y = 0; y < whole.Height; y++)
        {
            for (int x = 0; x < whole.Width; x++)
            {
                bool isBeside = y <= McuSide && x >= left - 1 && x <= left + McuSide;
                if (!isBeside)
                {
                    Assert.That(image.GetRow(y).Slice(3 * x, 3).SequenceEqual(whole.GetRow(y).Slice(3 * x, 3)), Is.True, $"({x}, {y})");
                }
            }
        }

        Assert.That(image.Pixels.SequenceEqual(whole.Pixels), Is.False);
    }
}
