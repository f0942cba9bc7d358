namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>What files may have, or do in another way, without a change of the picture; and what their notes change.</summary>
public sealed class JpegToleranceTests
{
    private const string Baseline = "baseline-420";

    public static IEnumerable<TestCaseData> SameFiles()
    {
        static TestCaseData Case(string name, byte[] file) => new TestCaseData(file).SetArgDisplayNames(name);
        static JpegParts Good() => JpegParts.Of(Baseline);
        static byte[] WithScanData(Func<byte[], byte[]> change)
        {
            JpegParts parts = Good();
            JpegPart scan = parts.First(JpegParts.Sos);
            scan.Behind = change(scan.Behind);
            return parts.Build();
        }

        byte[] whole = Good().Build();
        yield return Case("taken apart and put together", whole);
        yield return Case("bytes behind the end", [.. whole, 1, 2, 3, 0xFF]);
        yield return Case("a second picture behind the end", [.. whole, .. whole]);
        yield return Case("comments and notes", Good().Insert(0, 0xFE, 1, 2, 3).Insert(3, 0xE2, [.. "ICC_PROFILE\0"u8, 1, 1]).Insert(4, 0xED).Append(0xFE, []).Build());
        yield return Case("XMP in APP1", Good().Insert(0, JpegParts.App1, [.. "http://ns.adobe.com/xap/1.0/\0<x/>"u8]).Build());
        yield return Case("empty segments", Good().Insert(1, 0xE0).Insert(1, JpegParts.App1).Insert(1, JpegParts.App14).Insert(1, JpegParts.Dqt).Insert(1, JpegParts.Dht).Build());
        yield return Case("surplus data behind the scan", WithScanData(data => [.. data, 0, 0, 0]));
        yield return Case("fill bytes before a marker", WithScanData(data => [.. data, 0xFF, 0xFF, 0xFF]));
        yield return Case("fill bytes before the first marker", [0xFF, 0xD8, 0xFF, 0xFF, .. whole[2..]]);
        yield return Case("restart marker behind the scan", WithScanData(data => [.. data, 0xFF, 0xD0]));
        yield return Case("meaningless numbers in the scan header", Good().Change(JpegParts.Sos, scan => (scan[7], scan[8], scan[9]) = (5, 0, 0x21)).Build());
        yield return Case("extended sequential", Reframed(0xC1));
        yield return Case("restart interval longer than the scan", Good().Insert(0, JpegParts.Dri, 1, 0).Build());
        yield return Case("DNL with what is known already", Good().Append(0xDC, [0, 29]).Build());
        yield return Case("a marker that stands alone", [0xFF, 0xD8, 0xFF, 0x01, .. whole[2..]]);
        yield return Case("numbers of components other than 1, 2, 3", Good()
            .Change(JpegParts.Sof0, frame => (frame[6], frame[9], frame[12]) = (0, 77, 255)).Change(JpegParts.Sos, scan => (scan[1], scan[3], scan[5]) = (0, 77, 255)).Build());

        yield return Case("one number for all components", Good()
            .Change(JpegParts.Sof0, frame => (frame[6], frame[9], frame[12]) = (1, 1, 1)).Change(JpegParts.Sos, scan => (scan[1], scan[3], scan[5]) = (1, 1, 1)).Build());

        static byte[] Reframed(byte marker)
        {
            JpegParts parts = Good();
            parts.First(JpegParts.Sof0).Marker = marker;
            return parts.Build();
        }
    }

    [TestCaseSource(nameof(SameFiles))]
    public void The_picture_stays_the_same(byte[] file) => TestPictures.AssertEqual(ImageFile.Read(file), JpegFixtureTests.Picture(Baseline));

    public static IEnumerable<TestCaseData> OddFiles()
    {
        static TestCaseData Case(string name, string words, byte[] file) => new TestCaseData(file, words).SetArgDisplayNames(name);
        static JpegParts Good() => JpegParts.Of(Baseline);
        static byte[] WithWrongLength(byte marker, int error, params byte[] data)
        {
            JpegParts parts = Good().InsertBefore(JpegParts.Dqt, marker, data);
            parts.First(marker).LengthError = error;
            return parts.Build();
        }

        byte[] whole = Good().Build();
        int tables = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, JpegParts.Dqt]);
        byte[] Between(params byte[] junk) => [.. whole[..tables], .. junk, .. whole[tables..]];
        yield return Case("bytes between segments", "between its segments", Between(0x12, 0x34));
        yield return Case("FF00 between segments", "between its segments", Between(0xFF, 0, 0xFF, 0, 7));
        yield return Case("a note's length too short", "between its segments", WithWrongLength(0xE5, -3, 1, 2, 3, 4));
        yield return Case("Adobe's segment without its last byte", "between its segments", WithWrongLength(JpegParts.App14, -1, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]));
        yield return Case("a note's length 0", "between its segments", WithWrongLength(0xFE, -6, 1, 2, 3, 4));
        yield return Case("no end marker", "end marker", whole[..^2]);
        yield return Case("half an end marker", "end marker", whole[..^1]);
        yield return Case("no end marker behind a note that is cut short", "end marker", [.. whole[..^2], 0xFF, 0xFE, 0, 9, 1]);
        yield return Case("no Huffman tables", "Huffman tables", Good().Without(JpegParts.Dht).Build());
        yield return Case("DC tables alone", "Huffman tables", WithoutAc());

        JpegParts behind = Good();
        behind.First(JpegParts.Sos).Behind = [.. behind.First(JpegParts.Sos).Behind, 0xFF, 0xD0, 1, 2, 0xFF, 0, 3, 0xFF, 0xD1, 4];
        yield return Case("restart markers and data behind the last block", "between its segments", behind.Build());

        static byte[] WithoutAc()
        {
            JpegParts parts = Good();
            parts.Parts.RemoveAll(part => part.Marker == JpegParts.Dht && part.Data[0] >> 4 == 1);
            return parts.Build();
        }
    }

    [TestCaseSource(nameof(OddFiles))]
    public void What_is_odd_is_told_and_the_picture_stays_the_same(byte[] file, string words)
    {
        TestPictures.AssertEqual(ImageFile.Read(file, out IReadOnlyList<string> warnings), JpegFixtureTests.Picture(Baseline));
        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains(words));
    }

    [Test]
    public void A_progressive_file_without_its_last_scans_is_told()
    {
        JpegParts parts = JpegParts.Of("progressive-420");
        parts.Parts.RemoveAt(parts.Parts.FindLastIndex(part => part.Marker == JpegParts.Sos));

        ImageFile.Read(parts.Build(), out IReadOnlyList<string> warnings);

        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("last scans"));
        Assert.That(() => ImageFile.Read(parts.Build().AsSpan(..^2)), Throws.TypeOf<InvalidFileException>(), "without the end marker more of it may have been lost");
    }

    /// <summary>Chroma with nothing but steps of 0 is none.</summary>
    [Test]
    public void Steps_of_0_are_taken()
    {
        JpegParts parts = JpegParts.Of(Baseline);
        JpegPart tables = parts.Parts.Last(part => part.Marker == JpegParts.Dqt);
        tables.Data.AsSpan(tables.Data.Length - 64).Clear();

        Assert.That(TestPictures.HasColor(ImageFile.Read(parts.Build())), Is.False);
    }

    /// <summary>JFIF decides; then Adobe's marker; then the components' numbers.</summary>
    [TestCase(true, null, false, false)]
    [TestCase(true, 0, true, false)]
    [TestCase(false, null, false, false)]
    [TestCase(false, null, true, true)]
    [TestCase(false, 0, false, true)]
    [TestCase(false, 1, true, false)]
    public void Markers_say_what_the_colours_are(bool hasJfif, int? adobeTransform, bool hasLetters, bool isRgb)
    {
        JpegParts parts = JpegParts.Of("baseline-444").Without(0xE0);
        if (hasJfif)
        {
            parts.Insert(0, 0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        }

        if (adobeTransform is { } transform)
        {
            parts.Insert(0, JpegParts.App14, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)transform]);
        }

        if (hasLetters)
        {
            parts.Change(JpegParts.Sof0, frame => (frame[6], frame[9], frame[12]) = ((byte)'R', (byte)'G', (byte)'B'));
            parts.Change(JpegParts.Sos, scan => (scan[1], scan[3], scan[5]) = ((byte)'R', (byte)'G', (byte)'B'));
        }

        bool isAsYCbCr = ImageFile.Read(parts.Build()).Pixels.SequenceEqual(JpegFixtureTests.Picture("baseline-444").Pixels);

        Assert.That(isAsYCbCr, Is.EqualTo(!isRgb));
    }

    public static IEnumerable<TestCaseData> UselessExif()
    {
        static TestCaseData Case(string name, params byte[] tiff) => new TestCaseData(tiff).SetArgDisplayNames(name);
        byte[] good = [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        byte[] With(int at, byte value)
        {
            byte[] changed = (byte[])good.Clone();
            changed[at] = value;
            return changed;
        }

        for (int length = 0; length < 22; length++)
        {
            yield return Case($"cut after {length} bytes", good[..length]);
        }

        yield return Case("orientation 0", With(18, 0));
        yield return Case("orientation 9", With(18, 9));
        yield return Case("orientation 262", With(19, 1));
        yield return Case("another type", With(12, 4));
        yield return Case("another tag", With(10, 0x13));
        yield return Case("no entries", With(8, 0));
        yield return Case("directory beyond the end", With(4, 200));
        yield return Case("directory far beyond the end", With(7, 255));
        yield return Case("neither byte order", With(0, (byte)'X'));
    }

    [TestCaseSource(nameof(UselessExif))]
    public void Useless_exif_leaves_the_picture_as_it_is(byte[] tiff)
    {
        byte[] file = JpegParts.Of(Baseline).Insert(0, JpegParts.App1, [.. "Exif\0\0"u8, .. tiff]).Build();

        TestPictures.AssertEqual(ImageFile.Read(file), JpegFixtureTests.Picture(Baseline));
    }

    [Test]
    public void The_first_exif_counts()
    {
        byte[] Exif(byte orientation) =>
            [.. "Exif\0\0MM\0*\0\0\0\u0008\0\u0001"u8, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
        byte[] file = JpegParts.Of(Baseline).Insert(0, JpegParts.App1, Exif(8)).Insert(0, JpegParts.App1, Exif(6)).Build();

        TestPictures.AssertEqual(ImageFile.Read(file), JpegFixtureTests.Picture("orientation-6"));
    }
}
