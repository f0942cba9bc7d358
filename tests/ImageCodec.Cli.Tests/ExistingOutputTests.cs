namespace ImageCodec.Cli.Tests;

/// <summary>Nothing of the user's is written over unasked.</summary>
internal sealed class ExistingOutputTests
{
    [Test]
    public void Restored_pictures_do_not_take_the_place_of_the_originals()
    {
        using Workplace work = new();
        byte[] original = File.ReadAllBytes(work.Put("a.png", Samples.Picture(20, 10)));
        CommandRun.Here("compress", work.Folder, work.Folder).Succeeded();

        CommandRun run = CommandRun.Here("decompress", work["a.icd"], work["a.png"]);
        run.Failed(1, "a.png", "exists", "--overwrite");
        run = CommandRun.Here("decompress", work.Folder, work.Folder);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain("exists").And.Contain("0 done, 1 skipped, 1 failed"));
        Assert.That(File.ReadAllBytes(work["a.png"]), Is.EqualTo(original));

        CommandRun.Here("decompress", work["a.icd"], work["a.png"], "--overwrite").Succeeded();
        Assert.That(File.ReadAllBytes(work["a.png"]), Is.Not.EqualTo(original));
    }

    [Test]
    public void A_file_of_that_very_picture_may_be_made_anew_and_no_other()
    {
        using Workplace work = new();
        string picture = work.Put("a.png", Samples.Picture(40, 30));
        string icd = work["a.icd"];
        CommandRun.Here("compress", picture, icd, "--quality", "10").Succeeded();
        byte[] small = File.ReadAllBytes(icd);

        CommandRun.Here("compress", picture, icd, "--quality", "90").Succeeded();
        byte[] large = File.ReadAllBytes(icd);
        Assert.That(large, Has.Length.GreaterThan(small.Length));

        work.Put("b.png", Samples.Picture(40, 30));
        CommandRun.Here("compress", work["b.png"], icd).Failed(1, "a.icd", "is not of", "--overwrite", "--skip-existing");
        work.Put("a.png", Samples.Picture(40, 30, seed: 2));
        CommandRun.Here("compress", picture, icd).Failed(1, "is not of");
        work.Put("a.png", Samples.Picture(41, 30));
        CommandRun.Here("compress", picture, icd).Failed(1, "is not of");
        Assert.That(File.ReadAllBytes(icd), Is.EqualTo(large));

        foreach (byte[] other in new byte[][] { [1, 2, 3], large[..^1] })
        {
            File.WriteAllBytes(icd, other);
            CommandRun.Here("compress", picture, icd).Failed(1, "is not of");
            Assert.That(File.ReadAllBytes(icd), Is.EqualTo(other));
        }

        CommandRun.Here("compress", picture, icd, "--overwrite").Succeeded();
    }

    /// <summary>The colours of all squares, transparency and what colours mean have to be those of the file.</summary>
    [Test]
    public void A_picture_that_was_changed_is_another_one()
    {
        using Workplace work = new();
        string picture = work.Put("a.png", Samples.Picture(64, 48));
        CommandRun.Here("compress", picture, work["a.icd"]).Succeeded();

        RgbImage painted = Samples.Picture(64, 48);
        for (int y = 20; y < 30; y++)
        {
            painted.GetRow(y)[(3 * 20)..(3 * 40)].Clear();
        }

        RgbImage brighter = Samples.Picture(64, 48);
        foreach (ref byte sample in brighter.Pixels)
        {
            sample = (byte)Math.Min(255, sample + 20);
        }

        RgbImage translucent = Samples.Picture(64, 48);
        translucent.AddAlpha().Fill(200);
        RgbImage darker = Samples.Picture(64, 48);
        darker.Metadata = new PictureMetadata { Gamma = 100_000 };
        foreach (RgbImage other in new[] { painted, brighter, translucent, darker })
        {
            work.Put("a.png", other);
            CommandRun.Here("compress", picture, work["a.icd"]).Failed(1, "is not of");
        }
    }

    [Test]
    public void An_input_that_is_given_twice_is_taken_once()
    {
        using Workplace work = new();
        string folder = Directory.CreateDirectory(work["in"]).FullName;
        string output = Directory.CreateDirectory(work["out"]).FullName;
        work.Put("in/a.png", Samples.Picture(8, 8));
        CommandRun run = CommandRun.Here("compress", work["in/a.png"], folder, Path.Combine(folder, "..", "in"), output);
        Assert.That((run.ExitCode, run.Output.TrimEnd().Split('\n')[^1]), Is.EqualTo((0, "1 done, 2 skipped, 0 failed")));
        Assert.That(Files(output), Is.EqualTo(new[] { "a.icd" }));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_link_in_a_circle_fails_alone()
    {
        using Workplace work = new();
        File.CreateSymbolicLink(work["round.png"], "round.png");
        string output = Directory.CreateDirectory(work["out"]).FullName;
        CommandRun run = CommandRun.Here("compress", work["round.png"], work.Put("a.png", Samples.Picture(8, 8)), output);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("round.png").And.Contain("1 done, 0 skipped, 1 failed"));
    }

    [Test]
    [Platform("Linux")]
    public void A_name_can_t_forge_a_line()
    {
        using Workplace work = new();
        CommandRun run = CommandRun.Here("compress", work.Put("a\nb\u001b.png", Samples.Picture(8, 8)), work.Folder).Succeeded();
        Assert.That(run.Output.TrimEnd().Any(char.IsControl), Is.False);
    }

    [Test]
    public void Weights_that_are_not_built_in_know_their_files_too()
    {
        using Workplace work = new();
        string weights = work.Put("own.safetensors", Samples.ForeignWeightsFile());
        string picture = work.Put("a.png", Samples.Picture(20, 10));
        CommandRun.Here("compress", picture, work["a.icd"], "--model", weights).Succeeded();
        CommandRun.Here("compress", picture, work["a.icd"], "--model", weights, "--quality", "20").Succeeded();
        CommandRun.Here("compress", picture, work["a.icd"]).Failed(1, "is not of");
    }

    [Test]
    public void An_interrupted_run_that_is_resumed_gives_the_folder_of_an_uninterrupted_one()
    {
        using Workplace work = new();
        string photos = Directory.CreateDirectory(work["photos"]).FullName;
        string[] names = ["a.png", "b.png", "c.png", "sub/a.png"];
        Directory.CreateDirectory(Path.Combine(photos, "sub"));
        for (int i = 0; i < names.Length; i++)
        {
            ImageFile.Write(Path.Combine(photos, names[i]), Samples.Picture(30 + i, 20));
        }

        string whole = Directory.CreateDirectory(work["whole"]).FullName;
        string resumed = Directory.CreateDirectory(work["resumed"]).FullName;
        CommandRun.Here("compress", photos, whole).Succeeded();

        // The signal comes while the second picture is reported; others that were begun may be done as well.
        using CancellationTokenSource stop = new();
        using StoppingWriter output = new(stop, afterLines: 2);
        using StringWriter error = new();
        int code = Program.Run(["compress", photos, resumed], output, error, cancellationToken: stop.Token);
        string[] done = Files(resumed);
        Assert.That(done, Has.Length.InRange(2, 4).And.SupersetOf(new[] { "a.icd", "b.icd" }));
        if (done.Length < names.Length)
        {
            Assert.That((code, error.ToString()), Is.EqualTo((1,
                $"imagecodec compress: stopped: {done.Length} done, 0 skipped, 0 failed, {names.Length - done.Length} left. Go on with the same command and --skip-existing." + Environment.NewLine)));
        }

        DateTime first = File.GetLastWriteTimeUtc(Path.Combine(resumed, "a.icd"));

        CommandRun run = CommandRun.Here("compress", photos, resumed, "--skip-existing");
        Assert.That((run.ExitCode, run.Output.TrimEnd().Split('\n')[^1]), Is.EqualTo((0, $"{names.Length - done.Length} done, {done.Length} skipped, 0 failed")));
        Assert.That(run.Error, Does.Contain("skipped: ").And.Contain("a.icd' exists"));
        Assert.That(Files(resumed), Is.EqualTo(Files(whole)));
        foreach (string name in Files(whole))
        {
            Assert.That(File.ReadAllBytes(Path.Combine(resumed, name)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole, name))), name);
        }

        Assert.That(File.GetLastWriteTimeUtc(Path.Combine(resumed, "a.icd")), Is.EqualTo(first), "not made again");
    }

    [Test]
    public void Folders_are_mirrored_and_pictures_of_one_name_keep_their_endings()
    {
        using Workplace work = new();
        Directory.CreateDirectory(work["photos/sub"]);
        string output = Directory.CreateDirectory(work["out"]).FullName;
        foreach (string name in (string[])["photos/a.png", "photos/A.jpg", "photos/b.png", "photos/sub/a.png"])
        {
            work.Put(name, Samples.Picture(8, 8));
        }

        CommandRun.Here("compress", work["photos"], output).Succeeded();
        Assert.That(Files(output), Is.EqualTo(new[] { "A.jpg.icd", "a.png.icd", "b.icd", Path.Combine("sub", "a.icd") }));

        string back = Directory.CreateDirectory(work["back"]).FullName;
        CommandRun.Here("decompress", output, back).Succeeded();
        Assert.That(Files(back), Is.EqualTo(new[] { "A.jpg.png", "a.png.png", "b.png", Path.Combine("sub", "a.png") }));

        // Two of the same name and ending can't both be had; one of them is.
        CommandRun run = CommandRun.Here("compress", work["photos/a.png"], work["photos/sub/a.png"], work.Folder);
        Assert.That((run.ExitCode, run.Output.Split(':')[0]), Is.EqualTo((1, work["a.png.icd"])));
        Assert.That(run.Error, Does.Contain("sub").And.Contain("would become").And.Contain("1 done, 0 skipped, 1 failed"));
    }

    [Test]
    public void Times_are_kept_where_asked()
    {
        using Workplace work = new();
        DateTime time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(work.Put("a.png", Samples.Picture(8, 8)), time);
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--keep-times").Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["b.png"], "--keep-times").Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["c.png"]).Succeeded();
        Assert.That(File.GetLastWriteTimeUtc(work["a.icd"]), Is.EqualTo(time));
        Assert.That(File.GetLastWriteTimeUtc(work["b.png"]), Is.EqualTo(time));
        Assert.That(File.GetLastWriteTimeUtc(work["c.png"]), Is.GreaterThan(time));
    }

    [Test]
    public void A_file_that_became_larger_than_the_picture_s_gets_a_hint()
    {
        using Workplace work = new();
        byte[] tiny = "P5 1 1 255\nx"u8.ToArray();
        CommandRun run = CommandRun.Here("compress", work.Put("a.pgm", tiny), work["a.icd"]);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.Contain("note: ").And.Contain("larger").And.Contain($"not {tiny.Length}"));
    }

    [Test]
    public void Other_commands_ask_too()
    {
        using Workplace work = new();
        string input = work.Put("symbols", [1, 2, 3]);
        string output = work.Put("stream", [9]);
        CommandRun.Here("entropy", "encode", input, output).Failed(1, "stream", "exists");
        CommandRun.Here("entropy", "encode", input, output, "--overwrite").Succeeded();
        CommandRun.Here("entropy", "decode", output, input, "--count", "3").Failed(1, "symbols", "exists");
        work.Put("a.png", Samples.Picture(8, 8));
        work.Put("weights", [9]);
        CommandRun run = CommandRun.Here("eval", work.Folder, "--against", "none", "--csv", work["weights"]);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain("weights' exists"));
        CommandRun.Here("train", work.Folder, "--model", "strided", "--output", work["weights"]).Failed(1, "weights", "exists", "--overwrite");
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--overwrite", "--skip-existing").Failed(2, "only one");
        Assert.That(File.ReadAllBytes(work["weights"]), Is.EqualTo(new byte[] { 9 }));
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    /// <summary>Cancels when so many lines were written.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop, int afterLines) : StringWriter
    {
        private int _lines;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (++_lines == afterLines)
            {
                stop.Cancel();
            }
        }
    }
}
