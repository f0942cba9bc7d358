using System.Text.Json;
using ImageCodec.Evaluation;

namespace ImageCodec.Cli.Tests;

/// <summary>Measuring codecs by the command.</summary>
internal sealed class EvalCommandTests
{
    [Test]
    public void Tables_are_printed_and_all_files_written()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string weights = work.Put("w.safetensors", Samples.ForeignWeightsFile());
        string output = CommandRun.Here(
            "eval", folder, "--model", "strided", "--model", weights, "--against", "none",
            "--json", work["r.json"], "--csv", work["r.csv"], "--report", work["r.html"]).Succeeded().Output;
        Assert.That(output, Does.StartWith("3 pictures"));
        Assert.That(output, Does.Contain("plain autoencoder").And.Contain("level 2 (default)").And.Contain("w.safetensors").And.Contain("BD-rate"));
        Assert.That(work.Names, Is.EqualTo(new[] { "pictures", "r.csv", "r.html", "r.json", "w.safetensors" }));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(work["r.json"]));
        Assert.That(
            json.RootElement.GetProperty("codecs").EnumerateArray().Select(codec => codec.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "strided", "w.safetensors" }));
        Assert.That(File.ReadAllText(work["r.html"]), Does.Contain("data:image/png;base64,").And.EndWith("</html>\n"));
        Assert.That(File.ReadAllText(work["r.csv"]), Does.StartWith("file,width,height,codec,kind,"));
    }

    [Test]
    public void Json_alone_can_be_printed()
    {
        using Workplace work = new();
        using JsonDocument json = JsonDocument.Parse(CommandRun.Here("eval", PutPictures(work), "--against", "none", "--json", "-").Succeeded().Output);
        Assert.That(json.RootElement.GetProperty("pictureCount").GetInt32(), Is.EqualTo(3));
        Assert.That(work.Names, Is.EqualTo(new[] { "pictures" }));
    }

    [TestCase("--validation-only", 8, "0.png")]
    [TestCase("--validation-only --split 2", 2, "0.png 2.png")]
    public void Only_the_validation_split_can_be_taken(string options, int interval, string files)
    {
        using Workplace work = new();
        string[] arguments = ["eval", PutPictures(work), "--against", "none", "--json", "-", .. options.Split(' ')];
        using JsonDocument json = JsonDocument.Parse(CommandRun.Here(arguments).Succeeded().Output);
        Assert.That(json.RootElement.GetProperty("interval").GetInt32(), Is.EqualTo(interval));
        Assert.That(
            json.RootElement.GetProperty("pictures").EnumerateArray().Select(picture => picture.GetProperty("file").GetString()),
            Is.EqualTo(files.Split(' ')));
    }

    [Test]
    public void A_broken_picture_gives_a_warning()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        File.WriteAllText(Path.Combine(folder, "bad\nname.png"), "text");
        CommandRun run = CommandRun.Here("eval", folder, "--against", "none", "--json", work["r.json"]);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.StartWith("imagecodec eval: warning: the picture 'bad name.png' was left out: ").And.EndsWith("\n"));
        Assert.That(run.Error.Count(c => c == '\n'), Is.EqualTo(1));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(work["r.json"]));
        Assert.That(json.RootElement.GetProperty("skippedCount").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    [NonParallelizable]
    public void A_missing_encoder_gives_a_warning_that_names_its_package()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", work.Folder);
        try
        {
            CommandRun run = CommandRun.Here("eval", folder, "--against", "webp,jxl", "--report", work["r.html"]);
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
            {
                "imagecodec eval: warning: webp is left out: the command 'cwebp' is not installed; the Debian package webp has it.",
                "imagecodec eval: warning: jxl is left out: the command 'cjxl' is not installed; the Debian package libjxl-tools has it.",
            }));
            Assert.That(run.Output, Does.Contain("level 150 (default)"));
            Assert.That(File.ReadAllText(work["r.html"]), Does.Contain("Without jxl"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    /// <summary>The classical codecs themselves are tested with the evaluation; here only that the option reaches them.</summary>
    [Test]
    public void Jpeg_is_compared_with_by_default()
    {
        if (!ClassicalCodecs.TryFind("jpeg", out _, out string? problem))
        {
            Assert.Ignore($"jpeg: {problem}");
        }

        using Workplace work = new();
        string output = CommandRun.Here("eval", PutPictures(work), "--validation-only").Succeeded().Output;
        Assert.That(output, Does.Contain("at the size of photo").And.Contain("quality 50"));
        Assert.That(output, Does.Match(@"\n  photo +jpeg +"));
    }

    /// <summary>A device that is always full stands for the disk.</summary>
    [Test]
    [Platform("Linux")]
    public void A_full_disk_costs_one_output_only()
    {
        using Workplace work = new();
        File.WriteAllText(work["old.csv"], "old");
        CommandRun run = CommandRun.Here(
            "eval", PutPictures(work), "--against", "none", "--json", "/dev/full", "--csv", work["old.csv"], "--report", work["r.html"], "--overwrite");
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("imagecodec eval: '/dev/full' can't be written").And.Contain("space"));
        Assert.That(run.Error.TrimEnd('\n').Any(char.IsControl), Is.False);
        Assert.That(run.Output, Does.Contain("level 150 (default)"), "the tables");
        Assert.That(File.ReadAllText(work["old.csv"]), Does.StartWith("file,"));
        Assert.That(File.ReadAllText(work["r.html"]), Does.EndWith("</html>\n"));
    }

    [Test]
    public void What_can_t_be_measured_is_refused_before_any_work()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string picture = Path.Combine(folder, "0.png");
        byte[] before = File.ReadAllBytes(picture);
        CommandRun Eval(params string[] arguments) => CommandRun.Here(["eval", .. arguments, "--against", "none"]);
        Eval(work["none"]).Failed(1, "no folder", "none");
        Eval(Directory.CreateDirectory(work["empty"]).FullName).Failed(1, "no pictures");
        Eval(folder, "--model", "nothing").Failed(1, "'nothing'");
        Eval(folder, "--model", "strided", "--model", "strided").Failed(2, "twice");
        Eval(folder, "--csv", work[Path.Combine("no", "r.csv")]).Failed(1, "does not exist");
        Eval(folder, "--csv", folder).Failed(1, "is a folder");
        Eval(folder, "--csv", picture).Failed(1, "is the input");
        Eval(folder, "--csv", work["r"], "--json", work["r"]).Failed(1, "given twice");
        File.WriteAllText(Path.Combine(work["empty"], "bad.png"), "text");
        Eval(work["empty"]).Failed(1, "None of the 1", "bad.png");
        Assert.That(File.ReadAllBytes(picture), Is.EqualTo(before));
        Assert.That(work.Names, Is.EqualTo(new[] { "empty", "pictures" }));
    }

    [TestCase("eval", "FOLDER")]
    [TestCase("eval a --against gif", "'gif'")]
    [TestCase("eval a --against jpeg,,webp", "''")]
    [TestCase("eval a --split 4", "--validation-only")]
    [TestCase("eval a --validation-only --split 0", "from 1")]
    [TestCase("eval a b", "'b'")]
    public void Wrong_usage_exits_with_two(string commandLine, string words) => CommandRun.Here(commandLine.Split(' ')).Failed(2, words, "eval --help'");

    [Test]
    public void A_stopped_evaluation_leaves_nothing()
    {
        using Workplace work = new();
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Program.Run(["eval", PutPictures(work), "--against", "none", "--json", work["r.json"]], output, error, cancellationToken: new CancellationToken(canceled: true));
        new CommandRun(code, output.ToString(), error.ToString()).Failed(1, "stopped");
        Assert.That(work.Names, Is.EqualTo(new[] { "pictures" }));
    }

    private static string PutPictures(Workplace work)
    {
        string folder = Directory.CreateDirectory(work["pictures"]).FullName;
        for (int i = 0; i < 3; i++)
        {
            ImageFile.Write(Path.Combine(folder, $"{i}.png"), Samples.Picture(24 + 8 * i, 18, i));
        }

        return folder;
    }
}
