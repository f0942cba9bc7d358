using System.Buffers.Binary;
using System.Text;
using ImageCodec.Imaging.Tests.Jpeg;
using ImageCodec.Imaging.Tests.Png;

namespace ImageCodec.Imaging.Tests;

/// <summary>Format and size from headers alone, beside what the fixtures' makers say of them.</summary>
public sealed class IdentifyTests
{
    /// <summary>What refusals, and the tables of a JPEG, may take.</summary>
    private const int LittleMemory = 1 << 16;

    public static IEnumerable<ImageFileFormat> Formats => Enum.GetValues<ImageFileFormat>();

    [TestCaseSource(typeof(PngFixtureTests), nameof(PngFixtureTests.Fixtures))]
    public void PNG_has_the_expected_size(string path) =>
        AssertIs(ImageFile.Identify(path), ImageFileFormat.Png, SizeOf(path.Replace("-adam7", "").Replace(".png", ".ppm")));

    /// <summary>The expected pictures stand as their orientation says.</summary>
    [TestCaseSource(typeof(JpegFixtureTests), nameof(JpegFixtureTests.Read))]
    public void JPEG_has_the_expected_size(string name) =>
        AssertIs(ImageFile.Identify(JpegFixtureTests.File(name)), ImageFileFormat.Jpeg, SizeOf(Path.Combine(JpegFixtureTests.Folder, name + ".ppm")));

    [TestCaseSource(typeof(JpegFixtureTests), nameof(JpegFixtureTests.Refused))]
    public void Kinds_that_are_not_read_are_refused_by_name(string name) =>
        Assert.That(() => ImageFile.Identify(JpegFixtureTests.File(name)), Throws.TypeOf<InvalidFileException>().With.Message.Contains("arithmetic coding"));

    [TestCaseSource(nameof(Formats))]
    public void Every_format_that_is_written_is_named(ImageFileFormat format) =>
        AssertIs(ImageFile.Identify(ImageFile.Encode(TestPictures.Grey(20, 15, 1), format)), format, (20, 15));

    [TestCase("P6 7 300 255\n", ImageFileFormat.Ppm, 7, 300)]
    [TestCase("P5\n# a note\n 7\t# another\n300 256 ", ImageFileFormat.Pgm16, 7, 300)]
    [TestCase("P5 2147483647 2147483647 1\n", ImageFileFormat.Pgm, int.MaxValue, int.MaxValue)]
    public void A_PNM_header_needs_no_samples(string header, ImageFileFormat format, int width, int height) =>
        AssertIs(ImageFile.Identify(Encoding.ASCII.GetBytes(header)), format, (width, height));

    [TestCaseSource(nameof(Formats))]
    public void A_huge_size_is_told_and_takes_no_memory(ImageFileFormat format)
    {
        byte[] file = LimitTests.Declare(ImageFile.Encode(TestPictures.Grey(20, 15, 1), format), format, 65_535, 65_534);
        ImageFile.Identify(file);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageFileInfo info = ImageFile.Identify(file);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(LittleMemory));
        AssertIs(info, format, (65_535, 65_534));
    }

    [TestCaseSource(nameof(Formats))]
    public void A_beginning_is_enough_from_the_headers_end_on_and_not_before(ImageFileFormat format)
    {
        byte[] file = ImageFile.Encode(TestPictures.Grey(20, 15, 1), format);

        // Behind the header of PNG any chunk may come that says how the picture is to be turned, until the head of IDAT.
        const int ChunkHeadLength = 8;
        int header = HeaderLength(file, format) + (format == ImageFileFormat.Png ? ChunkHeadLength : 0);
        for (int length = 0; length < file.Length; length++)
        {
            ReadOnlyMemory<byte> beginning = file.AsMemory(0, length);
            if (length < header)
            {
                Assert.That(() => ImageFile.Identify(beginning.Span), Throws.TypeOf<InvalidFileException>(), $"cut at {length}");
            }
            else
            {
                AssertIs(ImageFile.Identify(beginning.Span), format, (20, 15));
            }
        }
    }

    [Test]
    public void Any_changed_byte_of_a_PNG_header_is_refused()
    {
        byte[] file = ImageFile.Encode(TestPictures.Grey(20, 15, 1), ImageFileFormat.Png);
        for (int i = 0; i < HeaderLength(file, ImageFileFormat.Png); i++)
        {
            file[i] ^= 0x10;
            Assert.That(() => ImageFile.Identify(file), Throws.TypeOf<InvalidFileException>(), $"byte {i}");
            file[i] ^= 0x10;
        }
    }

    /// <summary>Whatever can be read is identified, with the size that comes out.</summary>
    [TestCase("baseline-420")]
    [TestCase("orientation-6")]
    [TestCase("progressive-420")]
    public void A_damaged_JPEG_is_refused_or_is_what_reading_gives(string fixture)
    {
        byte[] file = JpegFixtureTests.File(fixture);
        int refused = 0;
        for (int i = 0; i < file.Length; i++)
        {
            byte right = file[i];
            foreach (int change in new[] { 1, 0x80, 0xFF })
            {
                file[i] = (byte)(right ^ change);
                ImageFileInfo? info = Try(() => ImageFile.Identify(file));
                RgbImage? image = Try(() => ImageFile.Read(file));
                Assert.That(image is null || (info?.Width, info?.Height) == (image.Width, image.Height), $"byte {i} changed by {change}");
                refused += info is null ? 1 : 0;
            }

            file[i] = right;
        }

        Assert.That(refused, Is.Positive);
    }

    [TestCase("two-scans")]
    [TestCase("progressive-420")]
    public void An_orientation_behind_the_first_scan_comes_too_late(string fixture)
    {
        JpegPart exif = JpegParts.Of("orientation-6").First(JpegParts.App1);
        JpegParts parts = JpegParts.Of(fixture);
        RgbImage stored = ImageFile.Read(parts.Build());
        byte[] file = parts.Insert(1 + parts.Parts.FindIndex(part => part.Marker == JpegParts.Sos), JpegParts.App1, exif.Data).Build();

        TestPictures.AssertEqual(ImageFile.Read(file), stored);
        AssertIs(ImageFile.Identify(file), ImageFileFormat.Jpeg, (stored.Width, stored.Height));
        Assert.That(stored.Width, Is.Not.EqualTo(stored.Height), "the test would see nothing");
    }

    [TestCase("")]
    [TestCase("GIF89a")]
    public void Other_files_are_refused_with_the_formats_that_are_known(string text) =>
        Assert.That(() => ImageFile.Identify(Encoding.ASCII.GetBytes(text)), Throws.TypeOf<InvalidFileException>().With.Message.Contains("none of PNG, JPEG and PNM"));

    public static void AssertIs(ImageFileInfo info, ImageFileFormat format, (int Width, int Height) size) =>
        Assert.That((info.Format, info.Width, info.Height), Is.EqualTo((format, size.Width, size.Height)));

    /// <summary>The size that stands in a PPM file.</summary>
    private static (int Width, int Height) SizeOf(string ppm)
    {
        string[] words = Encoding.Latin1.GetString(File.ReadAllBytes(ppm)).Split((char[])[' ', '\n'], 4);
        return (int.Parse(words[1]), int.Parse(words[2]));
    }

    private static int HeaderLength(byte[] file, ImageFileFormat format)
    {
        switch (format)
        {
            case ImageFileFormat.Png:
                return 8 + 4 + 4 + 13 + 4;
            case ImageFileFormat.Jpeg:
                int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, JpegParts.Sos]) + 2;
                return scan + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(scan));
            default:
                // Three lines.
                return Enumerable.Range(0, file.Length).Where(i => file[i] == '\n').ElementAt(2) + 1;
        }
    }

    private static T? Try<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (InvalidFileException)
        {
            return null;
        }
    }
}
