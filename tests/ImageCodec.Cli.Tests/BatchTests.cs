using System.Diagnostics;

namespace ImageCodec.Cli.Tests;

/// <summary>Several pictures, folders, and standard input and output.</summary>
internal sealed class BatchTests
{
    [Test]
    public void Pictures_and_folders_go_into_a_folder_under_their_own_names_and_back()
    {
        using Workplace work = new();
        string photos = Directory.CreateDirectory(work["photos"]).FullName;
        string packed = Directory.CreateDirectory(work["packed"]).FullName;
        string restored = Directory.CreateDirectory(work["restored"]).FullName;
        ImageFile.Write(Path.Combine(photos, "b.png"), Samples.Picture(20, 10));
        ImageFile.Write(Path.Combine(photos, "A.PPM"), Samples.Picture(9, 8));
        File.WriteAllText(Path.Combine(photos, "notes.txt"), "no picture");
        work.Put("one.png", Samples.Picture(7, 7));

        CommandRun run = CommandRun.Here("compress", work["one.png"], photos, packed);
        string[] lines = Lines(run);

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, $"imagecodec compress: skipped: '{Path.Combine(photos, "notes.txt")}' is no picture.{Environment.NewLine}")));
        Assert.That(lines[..^1].Select(line => line.Split(':')[0]), Is.EqualTo(new[] { "one.icd", "A.icd", "b.icd" }.Select(name => Path.Combine(packed, name))));
        Assert.That(lines[^1], Is.EqualTo("3 done, 1 skipped, 0 failed"));
        Assert.That(Directory.GetFiles(packed).Select(Path.GetFileName), Is.EquivalentTo(new[] { "one.icd", "A.icd", "b.icd" }));

        CommandRun.Here("decompress", packed, restored).Succeeded();
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        RoundTripTests.AssertSame(
            ImageFile.Read(Path.Combine(restored, "b.png")), compressor.CompressAndReconstruct(Samples.Picture(20, 10)).Reconstruction);
        Assert.That(Directory.GetFiles(restored), Has.Length.EqualTo(3));
    }

    [Test]
    public void One_file_may_go_into_a_folder_too()
    {
        using Workplace work = new();
        string input = work.Put("a.png", Samples.Picture(8, 8));
        CommandRun.Here("compress", input, work.Folder).Succeeded();
        Assert.That(work.Names, Is.EqualTo(new[] { "a.icd", "a.png" }));
    }

    [Test]
    public void Pictures_that_fail_are_told_one_by_one_and_the_others_are_done()
    {
        using Workplace work = new();
        string packed = Directory.CreateDirectory(work["packed"]).FullName;
        work.Put("a.png", Samples.Picture(8, 8));
        work.Put("broken.png", [1, 2, 3]);

        CommandRun run = CommandRun.Here("compress", work["none.png"], work["broken.png"], work["a.png"], packed);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        string[] errors = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(errors, Has.Length.EqualTo(3));
        Assert.That(errors[0], Does.StartWith("imagecodec compress: ").And.Contains("none.png").And.Contains("no file"));
        Assert.That(errors[1], Does.Contain("broken.png").And.Contains("no sound picture"));
        Assert.That(errors[2], Does.Contain("1 done, 0 skipped, 2 failed"));
        Assert.That(Directory.GetFiles(packed).Select(Path.GetFileName), Is.EqualTo(new[] { "a.icd" }));
    }

    [Test]
    public void Plans_that_can_t_be_carried_out_are_refused_before_any_work()
    {
        using Workplace work = new();
        string folder = Directory.CreateDirectory(work["folder"]).FullName;
        string empty = Directory.CreateDirectory(work["empty"]).FullName;
        string first = work.Put("a.png", Samples.Picture(8, 8));
        string second = work.Put("a.ppm", Samples.Picture(8, 8));
        CommandRun.Here("compress", first, second, work["x.icd"]).Failed(1, "2 inputs", "x.icd");
        CommandRun.Here("compress", folder, work["x.icd"]).Failed(1, "'" + folder + "' is a folder");
        CommandRun.Here("compress", empty, folder).Failed(1, "empty", "no picture");
        CommandRun.Here("compress", "-", folder).Failed(1, "standard input");
        CommandRun.Here("decompress", first, second, work["x.png"]).Failed(1, "2 inputs");
        CommandRun.Here("compress", first, second, "-").Failed(1, "2 inputs");
        Assert.That(Directory.GetFileSystemEntries(folder), Is.Empty);
    }

    [Test]
    public void A_dash_stands_for_standard_input_and_output()
    {
        RgbImage picture = Samples.Picture(30, 20);
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        CompressionResult foreseen = compressor.CompressAndReconstruct(picture);

        (byte[] file, string error) = Pipe(ImageFile.Encode(picture, ImageFileFormat.Png), "compress", "-", "-");
        Assert.That(file, Is.EqualTo(foreseen.File));
        Assert.That(error, Does.StartWith("-: 30×20, "), "the report goes where the file does not");

        (byte[] png, _) = Pipe(file, "decompress", "-", "-");
        RoundTripTests.AssertSame(ImageFile.Read(png), foreseen.Reconstruction);

        byte[] symbols = [1, 2, 3, 3, 3];
        (byte[] stream, _) = Pipe(symbols, "entropy", "encode", "-", "-");
        Assert.That(Pipe(stream, "entropy", "decode", "-", "-", "--count", "5").Output, Is.EqualTo(symbols));
    }

    [Test]
    public void A_bad_standard_input_is_called_by_its_name()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Program.Run(["inspect", "-"], output, error, () => new MemoryStream([1, 2, 3]));
        new CommandRun(code, output.ToString(), error.ToString()).Failed(1, "What standard input gave is neither an .icd file nor a sound picture", "compress");
    }

    [Test]
    public void Transparency_is_kept_and_told_where_it_is_lost()
    {
        using Workplace work = new();

        // A PNG of one pixel, half transparent.
        work.Put("a.png", Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGM4kWLUAAAFNQHfc2Lj2wAAAABJRU5ErkJggg=="));
        CommandRun run = CommandRun.Here("compress", work["a.png"], work["a.icd"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("with alpha ("));

        Assert.That(CommandRun.Here("decompress", work["a.icd"], work["b.png"]).Error, Is.Empty);
        Assert.That(ImageFile.Read(work["b.png"]).Alpha.ToArray(), Is.EqualTo(ImageFile.Read(work["a.png"]).Alpha.ToArray()).And.Length.EqualTo(1));

        run = CommandRun.Here("decompress", work["a.icd"], work["b.jpg"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, $"imagecodec decompress: warning: '{work["b.jpg"]}': The file can't hold transparency; the picture was laid over white.{Environment.NewLine}")));
    }

    [Test]
    public void Several_pictures_are_told_of_in_their_order_whoever_is_done_first()
    {
        using Workplace work = new();
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"{i:00}.png")];
        for (int i = 0; i < names.Length; i++)
        {
            work.Put(names[i], Samples.Picture(i % 3 == 0 ? 300 : 20, 20 + i));
        }

        File.WriteAllText(work[names[5]], "no picture");
        string[] inputs = [.. names.Select(name => work[name])];

        CommandRun run = CommandRun.Here(["compress", .. inputs, work.Folder]);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(
            Lines(run).Select(line => Path.GetFileName(line.Split(':')[0])),
            Is.EqualTo(names.Where((_, i) => i != 5).Select(name => Path.ChangeExtension(name, ".icd"))));
        Assert.That(run.Error, Does.Contain($"'{inputs[5]}'").And.Contain("11 done, 0 skipped, 1 failed"));
        Directory.CreateDirectory(work["one by one"]);
        foreach (string name in names.Where((_, i) => i != 5))
        {
            CommandRun.Here("compress", work[name], work["one by one"]);
            string file = Path.ChangeExtension(name, ".icd");
            Assert.That(File.ReadAllBytes(work[file]), Is.EqualTo(File.ReadAllBytes(Path.Combine(work["one by one"], file))), name);
        }
    }

    [Test]
    [Platform("Linux")]
    public void A_pipe_among_several_pictures_is_read_once()
    {
        using Workplace work = new();
        string picture = work.Put("a.png", Samples.Picture(30, 20));
        string pipe = work["pipe.png"];
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
            Assert.That(make.ExitCode, Is.Zero, "mkfifo");
        }

        Task writing = Task.Run(() => File.WriteAllBytes(pipe, File.ReadAllBytes(picture)));
        Task<CommandRun> running = Task.Run(() => CommandRun.Here("compress", pipe, picture, work.Folder));
        Assert.That(Task.WaitAll([writing, running], TimeSpan.FromMinutes(1)), "whoever reads it again waits for a writer that does not come");
        CommandRun run = running.Result;

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllBytes(work["pipe.icd"]), Is.EqualTo(File.ReadAllBytes(work["a.icd"])));
    }

    [Test]
    public void Without_its_psnr_a_picture_becomes_the_same_file()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(40, 30));
        CommandRun.Here("compress", work["a.png"], work["b.icd"]);

        CommandRun run = CommandRun.Here("compress", work["a.png"], work["a.icd"], "--no-psnr");
        CommandRun far = CommandRun.Here("compress", work["a.png"], work["c.icd"], "--no-psnr", "--bpp", "500");
        CommandRun refused = CommandRun.Here("compress", work["a.png"], work["d.icd"], "--no-psnr", "--psnr", "30");

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Match(@"40×30, \d+ bytes, \d\.\d+ bpp, \d+\.\d+ s").And.Not.Contains("PSNR"));
        Assert.That(File.ReadAllBytes(work["a.icd"]), Is.EqualTo(File.ReadAllBytes(work["b.icd"])));
        Assert.That(far.ExitCode, Is.Zero);
        Assert.That(far.Error, Does.Contain("did not come to 500 bpp"));
        Assert.That(refused.ExitCode, Is.EqualTo(2));
    }

    [Test]
    [Platform("Linux")]
    public void A_terminal_shows_a_bar_and_the_same_lines()
    {
        const string Script = "/usr/bin/script";
        if (!File.Exists(Script))
        {
            Assert.Ignore($"needs {Script}, which runs a command on a terminal");
        }

        using Workplace work = new();
        work.Put("a.png", Samples.Picture(40, 30));
        work.Put("b.png", Samples.Picture(40, 30));
        string command = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "imagecodec.dll")}' compress '{work["a.png"]}' '{work["b.png"]}' '{work.Folder}'";
        ProcessStartInfo start = new(Script, ["--quiet", "--return", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        using Process process = Process.Start(start)!;
        string shown = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero, shown);
        Assert.That(shown, Does.Contain("\u001b[").And.Match(@"40×30, \d+ bytes(?s:.*)40×30, \d+ bytes"));
        Assert.That(work.Names, Is.EqualTo(new[] { "a.icd", "a.png", "b.icd", "b.png" }));
    }

    private static (byte[] Output, string Error) Pipe(byte[] input, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using MemoryStream result = new();
        int code = Program.Run(arguments, output, error, () => new MemoryStream(input), () => result);
        Assert.That((code, output.ToString()), Is.EqualTo((0, "")), error.ToString());
        return (result.ToArray(), error.ToString());
    }

    private static string[] Lines(CommandRun run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
