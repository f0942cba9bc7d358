namespace ImageCodec.Cli.Tests;

/// <summary>Outputs that can't be written.</summary>
internal sealed class BadTargetTests
{
    [Test]
    public void Targets_that_are_folders_or_in_none_are_refused()
    {
        using Workplace work = new();
        string input = work.Put("a.png", Samples.Picture(8, 8));
        CommandRun.Here("compress", input, work["new/"]).Failed(1, "is a folder");
        CommandRun.Here("compress", input, work[Path.Combine("none", "a.icd")]).Failed(1, "does not exist");
        CommandRun.Here("entropy", "encode", input, work.Folder).Failed(1, "is a folder");
        Assert.That(work.Names, Is.EqualTo(new[] { "a.png" }));
    }

    [Test]
    public void The_input_is_not_written_over()
    {
        using Workplace work = new();
        string input = work.Put("a.png", Samples.Picture(8, 8));
        byte[] before = File.ReadAllBytes(input);
        string weights = work.Put("w.safetensors", Samples.WeightsFile());
        CommandRun.Here("compress", input, input).Failed(1, "is the input");
        CommandRun.Here("compress", input, Path.Combine(work.Folder, ".", "a.png")).Failed(1, "is the input");
        CommandRun.Here("compress", input, weights, "--model", weights).Failed(1, "is the input");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(work["link"], input);
            CommandRun.Here("compress", input, work["link"]).Failed(1, "is the input");
            Directory.CreateSymbolicLink(work["folder"], work.Folder);
            CommandRun.Here("compress", work[Path.Combine("folder", "a.png")], input).Failed(1, "is the input");
        }

        Assert.That(File.ReadAllBytes(input), Is.EqualTo(before));
        Assert.That(File.ReadAllBytes(weights), Is.EqualTo(Samples.WeightsFile()));
    }

    [Test]
    public void A_format_that_can_not_hold_the_picture_is_refused_with_the_name()
    {
        using Workplace work = new();
        CommandRun.Here("compress", work.Put("a.png", Samples.Picture(8, 8)), work["a.icd"]).Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["a.pgm"]).Failed(1, "a.pgm", "grey");
        Assert.That(work.Names, Is.EquivalentTo(new[] { "a.png", "a.icd" }));
    }

    /// <summary>As a shell gives it where the output was forgotten: compress *.png.</summary>
    [Test]
    public void The_last_of_several_pictures_is_not_taken_for_the_output()
    {
        using Workplace work = new();
        string first = work.Put("a.png", Samples.Picture(8, 8));
        string last = work.Put("b.PNG", Samples.Picture(9, 8));
        byte[] before = File.ReadAllBytes(last);
        CommandRun.Here("compress", first, last).Failed(2, "ending of a picture");
        CommandRun.Here("compress", first, work["new.jpg"]).Failed(2, "ending of a picture");
        Assert.That(File.ReadAllBytes(last), Is.EqualTo(before));
        Assert.That(work.Names, Has.Length.EqualTo(2));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_folder_that_may_not_be_written_to_is_refused()
    {
        using Workplace work = new();
        string input = work.Put("a.png", Samples.Picture(8, 8));
        string folder = Directory.CreateDirectory(work["locked"]).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            // Permissions do not bind the superuser, but nobody makes files there.
            folder = "/proc";
            Assume.That(Directory.Exists(folder), "needs /proc");
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        CommandRun.Here("compress", input, Path.Combine(folder, "a.icd")).Failed(1, "can't be written", "a.icd");
        Assert.That(File.Exists(Path.Combine(folder, "a.icd")), Is.False);
    }
}
