namespace ImageCodec.Cli.Tests;

/// <summary>Compressed files that <c>decompress</c> and <c>inspect</c> refuse.</summary>
internal sealed class BadIcdTests
{
    private byte[] _file = null!;

    [OneTimeSetUp]
    public void Compress()
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        _file = compressor.Compress(Samples.Picture(17, 33));
    }

    [Test]
    public void A_file_cut_at_any_byte_is_refused()
    {
        using Workplace work = new();
        for (int length = 0; length < _file.Length; length++)
        {
            work.Put("a.icd", _file[..length]);
            CommandRun.Here("decompress", work["a.icd"], work["a.png"]).Failed(1, "a.icd");
            CommandRun.Here("inspect", work["a.icd"]).Failed(1, "a.icd");
        }

        work.Put("a.icd", [.. _file, 0]);
        CommandRun.Here("decompress", work["a.icd"], work["a.png"]).Failed(1, "a.icd");
        Assert.That(work.Names, Is.EqualTo(new[] { "a.icd" }));
    }

    [Test]
    public void A_file_with_any_byte_changed_is_refused()
    {
        using Workplace work = new();
        for (int i = 0; i < _file.Length; i++)
        {
            foreach (int change in new[] { 0x01, 0x80, 0xFF })
            {
                byte[] changed = [.. _file];
                changed[i] ^= (byte)change;
                work.Put("a.icd", changed);
                CommandRun.Here("decompress", work["a.icd"], work["a.png"]).Failed(1, "a.icd");
                CommandRun.Here("inspect", work["a.icd"], "--json").Failed(1, "a.icd");
            }
        }

        Assert.That(work.Names, Is.EqualTo(new[] { "a.icd" }));
    }

    [Test]
    public void A_body_changed_under_a_sound_checksum_is_refused_or_gives_a_picture_of_the_size()
    {
        using Workplace work = new();
        IcdFile icd = IcdFile.Read(_file);
        int refused = 0;
        for (int i = 0; i < icd.Body.Length; i++)
        {
            byte[] body = icd.Body.ToArray();
            body[i] ^= 0x10;
            work.Put("a.icd", IcdFile.Encode(icd.Fingerprint, icd.Width, icd.Height, body));
            CommandRun run = CommandRun.Here("decompress", work["a.icd"], work["a.png"]);
            if (run.ExitCode == 0)
            {
                RgbImage picture = ImageFile.Read(work["a.png"]);
                Assert.That((picture.Width, picture.Height), Is.EqualTo((17, 33)));
                File.Delete(work["a.png"]);
            }
            else
            {
                run.Failed(1, "a.icd");
                Assert.That(work.Names, Is.EqualTo(new[] { "a.icd" }));
                refused++;
            }
        }

        // Most streams of the context coder, and every range of the quantiser, are a valid file of another picture.
        Assert.That(refused, Is.LessThan(icd.Body.Length));
    }

    [Test]
    public void A_declared_size_beyond_the_limit_is_refused()
    {
        using Workplace work = new();
        IcdFile icd = IcdFile.Read(_file);
        work.Put("a.icd", IcdFile.Encode(icd.Fingerprint, 20000, 20000, icd.Body.Span));
        work.AssertFailsWithoutTrace(work["a.png"], more => CommandRun.Here(["decompress", work["a.icd"], work["a.png"], .. more]), "20000×20000");
    }

    [Test]
    public void The_limit_on_pixels_is_an_option_of_both_ways()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(16, 10));
        work.AssertFailsWithoutTrace(work["a.icd"], more => CommandRun.Here(["compress", work["a.png"], work["a.icd"], "--max-pixels", "159", .. more]), "16×10", "159");

        // What counts for the networks is the size in whole blocks of 8.
        work.AssertFailsWithoutTrace(work["a.icd"], more => CommandRun.Here(["compress", work["a.png"], work["a.icd"], "--max-pixels", "255", .. more]), "16×10", "255");
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--max-pixels", "256").Succeeded();
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work["a.icd"], work["b.png"], "--max-pixels", "255", .. more]), "16×10", "255");
        CommandRun.Here("decompress", work["a.icd"], work["b.png"], "--max-pixels", "256").Succeeded();
    }

    [Test]
    public void Other_files_and_none_are_refused()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(3, 2));
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work["a.png"], work["b.png"], .. more]), "not an .icd file");
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work["none.icd"], work["b.png"], .. more]), "no file");
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work.Folder, work["b.png"], .. more]), "is a folder");
    }

    [Test]
    public void Processes_refuse_in_the_same_way()
    {
        using Workplace work = new();
        string cut = work.Put("cut.icd", _file[..^5]);
        work.AssertFailsWithoutTrace(work["a.png"], more => CommandRun.InProcessOfItsOwn(["decompress", cut, work["a.png"], .. more]), "checksum");
    }
}
