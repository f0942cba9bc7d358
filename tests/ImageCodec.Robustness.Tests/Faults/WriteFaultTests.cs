using ImageCodec.Robustness.Tests.Fuzzing;

namespace ImageCodec.Robustness.Tests.Faults;

/// <summary>Disks that are full, pipes that nobody reads: one line of error, and the old file stays whole and alone.</summary>
[Platform(Exclude = "Win", Reason = "needs bash")]
internal sealed class WriteFaultTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("imagecodec-faults-").FullName;
        ImageFile.Write(InFolder("a.ppm"), TinyModel.CreatePicture(200, 150));
        ImageCodecProcess.Run("compress", InFolder("a.ppm"), InFolder("a.icd"), "--quality", "100");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("compress", "a.ppm", "old")]
    [TestCase("decompress", "a.icd", "old.png")]
    public void A_disk_that_fills_up_leaves_the_old_file(string command, string input, string output)
    {
        File.WriteAllText(InFolder(output), "old");
        string[] before = Directory.GetFiles(_folder);

        // The largest file that the process may write, in KiB. The picture is larger, and so is the file at its highest rate.
        // The runtime maps its code through a file as well, unless it is told not to.
        (int code, string error) = ImageCodecProcess.Shell(
            $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 2; {ImageCodecProcess.ShellText} {command} '{InFolder(input)}' '{InFolder(output)}'" +
            (command == "compress" ? " --quality 100 --overwrite" : " --overwrite"));

        Assert.That(code, Is.EqualTo(1), error);
        Assert.That(error.TrimEnd(), Does.StartWith($"imagecodec {command}: '{InFolder(output)}' can't be written").And.Not.Contain("\n"));
        Assert.That(File.ReadAllText(InFolder(output)), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(_folder), Is.EquivalentTo(before));
    }

    [Test]
    public void A_folder_for_which_the_disk_was_too_small_is_completed_by_the_next_run()
    {
        string pictures = Directory.CreateDirectory(InFolder("photos/below")).Parent!.FullName;
        for (int i = 0; i < 4; i++)
        {
            // Every other picture's file is larger than the limit.
            ImageFile.Write(Path.Combine(pictures, i < 2 ? "." : "below", $"{i}.ppm"), i % 2 == 0 ? new RgbImage(16, 16) : TinyModel.CreatePicture(200, 150));
        }

        string whole = Directory.CreateDirectory(InFolder("whole")).FullName;
        string target = Directory.CreateDirectory(InFolder("target")).FullName;
        string[] options = ["--quality", "100", "--skip-existing"];
        ImageCodecProcess.Run(["compress", pictures, whole, .. options]);

        (int code, string error) = ImageCodecProcess.Shell(
            $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 2; {ImageCodecProcess.ShellText} compress '{pictures}' '{target}' {string.Join(' ', options)}");

        Assert.That((code, error.Trim().Split('\n')[^1]), Is.EqualTo((1, "imagecodec compress: 2 done, 0 skipped, 2 failed; the lines above say why.")), error);
        Assert.That(Names(target), Is.EqualTo(new[] { "0.icd", "below/2.icd" }));

        ImageCodecProcess.Run(["compress", pictures, target, .. options]);
        Assert.That(Names(target), Is.EqualTo(Names(whole)));
        foreach (string name in Names(whole))
        {
            Assert.That(File.ReadAllBytes(Path.Combine(target, name)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole, name))), name);
        }
    }

    [Test]
    public void A_full_device_is_an_error_of_one_line()
    {
        Assume.That(File.Exists("/dev/full"), "needs /dev/full");

        (int code, string error) = ImageCodecProcess.Shell($"{ImageCodecProcess.ShellText} compress '{InFolder("a.ppm")}' /dev/full");

        Assert.That((code, error.Trim().Count(c => c == '\n')), Is.EqualTo((1, 0)), error);
        Assert.That(error, Does.Contain("/dev/full"));
    }

    [Test]
    public void A_pipe_that_nobody_reads_any_more_is_an_error_of_one_line()
    {
        string pipe = InFolder("pipe.ppm");
        (int code, string error) = ImageCodecProcess.Shell(
            $"mkfifo '{pipe}'; head -c 1 '{pipe}' > /dev/null & {ImageCodecProcess.ShellText} decompress '{InFolder("a.icd")}' '{pipe}'; code=$?; wait; exit $code");

        Assert.That((code, error.Trim().Count(c => c == '\n')), Is.EqualTo((1, 0)), error);
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private string InFolder(string name) => Path.Combine(_folder, name);
}
