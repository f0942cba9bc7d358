namespace ImageCodec.Cli.Tests;

/// <summary>Pictures that Skia reads and writes.</summary>
internal sealed class OtherFormatTests
{
    [Test]
    public void A_webp_becomes_the_same_file_as_a_png()
    {
        using Workplace work = new();
        RgbImage picture = Samples.Picture(40, 30);
        work.Put("a.png", picture);
        work.Put("a.webp", SkiaImageFile.EncodeLosslessWebp(picture));
        CommandRun.Here("compress", work["a.png"], work["png.icd"]).Succeeded();
        CommandRun.InProcessOfItsOwn("compress", work["a.webp"], work["webp.icd"]).Succeeded();
        Assert.That(File.ReadAllBytes(work["webp.icd"]), Is.EqualTo(File.ReadAllBytes(work["png.icd"])));
    }

    [Test]
    public void A_picture_is_restored_as_webp()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(40, 30));
        CommandRun.Here("compress", work["a.png"], work["a.icd"]).Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["back.png"]).Succeeded();
        CommandRun.InProcessOfItsOwn("decompress", work["a.icd"], work["back.webp"]).Succeeded();

        byte[] file = File.ReadAllBytes(work["back.webp"]);
        Assert.That(System.Text.Encoding.ASCII.GetString(file, 8, 4), Is.EqualTo("WEBP"));
        Assert.That(Metrics.Psnr(ImageFile.Read(work["back.png"]), SkiaImageFile.Read(file)), Is.GreaterThan(30));
    }

    [Test]
    public void Folders_of_them_are_taken_and_damaged_ones_told()
    {
        using Workplace work = new();
        Directory.CreateDirectory(work["in"]);
        Directory.CreateDirectory(work["out"]);
        byte[] webp = SkiaImageFile.EncodeWebp(Samples.Picture(40, 30));
        work.Put("in/good.webp", webp);
        work.Put("in/cut.WEBP", webp[..^20]);
        CommandRun run = CommandRun.Here("compress", work["in"], work["out"]);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("cut.WEBP").And.Contain("1 done, 0 skipped, 1 failed"));
        Assert.That(Directory.GetFiles(work["out"]).Select(Path.GetFileName), Is.EqualTo(new[] { "good.icd" }));
    }

    [Test]
    public void A_webp_of_too_many_pixels_is_refused()
    {
        using Workplace work = new();
        string webp = work.Put("a.webp", SkiaImageFile.EncodeWebp(Samples.Picture(40, 30)));
        CommandRun.Here("compress", webp, work["a.icd"], "--max-pixels", "1199").Failed(1, "40×30", "--max-pixels");
    }
}
