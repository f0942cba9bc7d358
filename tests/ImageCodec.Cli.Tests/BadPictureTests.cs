using System.Buffers.Binary;
using System.Text;

namespace ImageCodec.Cli.Tests;

/// <summary>Pictures that <c>compress</c> refuses.</summary>
internal sealed class BadPictureTests
{
    private static IEnumerable<TestCaseData> Bad()
    {
        byte[] png = ImageFile.Encode(Samples.Picture(9, 7), ImageFileFormat.Png);
        byte[] wrongCrc = [.. png];
        wrongCrc[29] ^= 1;
        yield return new TestCaseData("empty.png", (byte[])[], "empty").SetArgDisplayNames("empty");
        yield return new TestCaseData("text.png", Encoding.UTF8.GetBytes("No picture at all.\n"), "none of PNG, JPEG and PNM").SetArgDisplayNames("text");
        yield return new TestCaseData("crc.png", wrongCrc, "CRC").SetArgDisplayNames("wrong CRC");
        yield return new TestCaseData("big.png", Huge(), "60000").SetArgDisplayNames("60000×60000");
        yield return new TestCaseData("cut.ppm", Encoding.ASCII.GetBytes("P6 30000 20000 255\nabc"), "30000").SetArgDisplayNames("short PPM");
        yield return new TestCaseData("a.avif", "\0\0\0 ftypavif\0\0\0\0"u8.ToArray(), "is an AVIF file, which can't be read. Convert it").SetArgDisplayNames("AVIF");
        yield return new TestCaseData("a.jpg", "II*\0\u0008\0\0\0"u8.ToArray(), "is a TIFF file").SetArgDisplayNames("TIFF under another name");
        yield return new TestCaseData("cut.jpg", ImageFile.EncodeJpeg(Samples.Picture(40, 30))[..^40], "With --tolerant").SetArgDisplayNames("JPEG cut short");
        yield return new TestCaseData("a.icd", IcdFile.Encode(default, 1, 1, []), ".icd file already").SetArgDisplayNames("an .icd file");
    }

    [TestCaseSource(nameof(Bad))]
    public void Unsound_pictures_are_refused(string name, byte[] contents, string words)
    {
        using Workplace work = new();
        string input = work.Put(name, contents);
        work.AssertFailsWithoutTrace(work["out.icd"], more => CommandRun.Here(["compress", input, work["out.icd"], .. more]), words, name);
    }

    [Test]
    public void A_png_cut_at_any_byte_is_refused()
    {
        using Workplace work = new();
        byte[] png = ImageFile.Encode(Samples.Picture(9, 7), ImageFileFormat.Png);
        for (int length = 0; length < png.Length; length++)
        {
            work.Put("cut.png", png[..length]);
            CommandRun.Here("compress", work["cut.png"], work["out.icd"]).Failed(1, "cut.png");
        }

        Assert.That(work.Names, Is.EqualTo(new[] { "cut.png" }));
        work.Put("cut.png", png);
        CommandRun.Here("compress", work["cut.png"], work["out.icd"]).Succeeded();
    }

    [Test]
    public void A_cut_picture_is_taken_as_far_as_it_goes_where_asked()
    {
        using Workplace work = new();
        foreach (ImageFileFormat format in new[] { ImageFileFormat.Png, ImageFileFormat.Jpeg, ImageFileFormat.Ppm })
        {
            string cut = work.Put("cut.png", ImageFile.Encode(Samples.Picture(40, 30), format)[..^40]);
            CommandRun run = CommandRun.Here("compress", cut, work[$"{format}.icd"], "--tolerant");
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Error, Does.Contain("warning").And.Contain("cut short"));
            Assert.That(ImageCompressor.Identify(File.ReadAllBytes(work[$"{format}.icd"])).Width, Is.EqualTo(40));
        }
    }

    [Test]
    public void What_is_no_file_is_refused()
    {
        using Workplace work = new();
        work.AssertFailsWithoutTrace(work["out.icd"], more => CommandRun.Here(["compress", work["nothing.png"], work["out.icd"], .. more]), "no file", "nothing.png");
        work.AssertFailsWithoutTrace(work["out.icd"], more => CommandRun.Here(["compress", work.Folder, work["out.icd"], .. more]), "is a folder");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "no such file names there")]
    public void Processes_refuse_in_the_same_way()
    {
        using Workplace work = new();
        string cut = work.Put("line\nbreak.png", ImageFile.Encode(Samples.Picture(9, 7), ImageFileFormat.Png)[..60]);
        work.AssertFailsWithoutTrace(work["out.icd"], more => CommandRun.InProcessOfItsOwn(["compress", cut, work["out.icd"], .. more]), "line break.png");
    }

    /// <summary>A sound PNG header of 60000×60000 pixels with next to no data.</summary>
    private static byte[] Huge()
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 60000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 60000);
        header[8] = 8;
        header[9] = 2;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", [0x78, 0x9C, 3, 0, 0, 0, 0, 1]), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        byte[] numbers = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(numbers, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(4), Crc32(typed));
        return [.. numbers[..4], .. typed, .. numbers[4..]];
    }

    private static uint Crc32(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
