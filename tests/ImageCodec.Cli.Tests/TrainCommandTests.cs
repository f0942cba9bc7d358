using System.Text;

namespace ImageCodec.Cli.Tests;

/// <summary>Training by the command, very briefly.</summary>
internal sealed class TrainCommandTests
{
    private static readonly string[] Options =
        ["--model", "strided", "--batch", "2", "--validate-every", "1", "--validation-interval", "4", "--seed", "7"];

    [Test]
    public void Trained_weights_can_be_used_and_a_run_goes_on()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string weights = work["w.safetensors"];
        string[] arguments = ["train", folder, "--output", weights, "--epochs", "2", "--crop", "16", .. Options];
        string output = CommandRun.Here(arguments).Succeeded().Output;
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3), "a line for each of two validations, and the result");
        Assert.That(output, Does.Contain("epoch 2/2").And.Contain("w.safetensors: validation PSNR"));

        byte[] trained = File.ReadAllBytes(weights);
        CommandRun.Here(arguments).Failed(1, "--resume");
        CommandRun.Here([.. arguments, "--resume"]).Succeeded();
        Assert.That(File.ReadAllBytes(weights), Is.EqualTo(trained));

        work.Put("a.png", Samples.Picture(24, 16));
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", weights).Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["b.png"], "--model", weights).Succeeded();
    }

    [TestCase("rd", "RateDistortion")]
    [TestCase("noise", "NoisyDistortion")]
    public void Weights_say_by_which_recipe_they_were_trained(string recipe, string name)
    {
        using Workplace work = new();
        string weights = work["w.safetensors"];
        CommandRun.Here(["train", PutPictures(work), "--output", weights, "--epochs", "1", "--crop", "16", "--recipe", recipe, .. Options]).Succeeded();
        Assert.That(Encoding.Latin1.GetString(File.ReadAllBytes(weights)), Does.Contain($"recipe={name} "));
    }

    [Test]
    public void A_broken_picture_is_named_once()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        File.WriteAllText(Path.Combine(folder, "broken.png"), "no picture");

        CommandRun run = CommandRun.Here(["train", folder, "--output", work["w.safetensors"], "--epochs", "1", "--crop", "16", .. Options]);

        run.Failed(1, "broken.png", "take them out of the folder", "--skip-unreadable");
        Assert.That(run.Error.Split("Picture, byte 0"), Has.Length.EqualTo(2));
    }

    [Test]
    public void Bad_weights_and_checkpoints_are_named()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string weights = work["w.safetensors"];
        string bad = work["bad.safetensors"];
        File.WriteAllText(bad, "no weights");
        string[] arguments = ["train", folder, "--output", weights, "--epochs", "1", "--crop", "16", .. Options];

        CommandRun.Here([.. arguments, "--start-from", bad]).Failed(1, bad, "leave --start-from out");

        File.WriteAllText(weights + ".checkpoint", "no checkpoint");
        CommandRun.Here([.. arguments, "--resume"]).Failed(1, "w.safetensors.checkpoint", "delete it");
    }

    [Test]
    public void A_stopped_run_keeps_a_checkpoint_and_ends_like_one_that_was_not_stopped()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string[] Arguments(string output) => ["train", folder, "--output", work[output], "--epochs", "3", "--crop", "16", .. Options];

        using CancellationTokenSource stop = new();
        using WriterThatStops output = new(stop);
        using StringWriter error = new();
        int code = Program.Run(Arguments("stopped"), output, error, cancellationToken: stop.Token);
        new CommandRun(code, "", error.ToString()).Failed(1, "stopped.checkpoint", "--resume");
        Assert.That(output.ToString(), Does.Contain("epoch 1/3").And.Not.Contain("epoch 2/3"));

        CommandRun.Here([.. Arguments("stopped"), "--resume"]).Succeeded();
        CommandRun.Here(Arguments("straight")).Succeeded();
        Assert.That(File.ReadAllBytes(work["stopped"]), Is.EqualTo(File.ReadAllBytes(work["straight"])));
    }

    /// <summary>A device that is always full stands for the disk.</summary>
    [Test]
    [Platform("Linux")]
    public void A_full_disk_ends_a_run_that_can_go_on_when_there_is_room_again()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string[] Arguments(string output) => ["train", folder, "--output", work[output], "--epochs", "3", "--crop", "16", .. Options];
        File.CreateSymbolicLink(work["full"], "/dev/full");
        CommandRun run = CommandRun.Here(Arguments("full"));
        run.Failed(1, "can't be read or written", "space", "full.checkpoint' is whole", "--resume");

        File.Delete(work["full"]);
        CommandRun.Here([.. Arguments("full"), "--resume"]).Succeeded();
        CommandRun.Here(Arguments("straight")).Succeeded();
        Assert.That(File.ReadAllBytes(work["full"]), Is.EqualTo(File.ReadAllBytes(work["straight"])), "nothing was lost");
    }

    [Test]
    public void Weights_of_a_vae_can_be_written_in_eight_bits_also_after_the_run()
    {
        using Workplace work = new();
        string folder = PutPictures(work);
        string[] arguments = ["train", folder, "--output", work["w"], "--epochs", "1", "--crop", "16", "--mixing", "0.5", .. Options[2..], "--model", "vae-spatial"];
        CommandRun.Here(arguments).Succeeded();
        long single = new FileInfo(work["w"]).Length;
        CommandRun.Here([.. arguments, "--resume", "--weight-bits", "8"]).Succeeded();
        Assert.That(new FileInfo(work["w"]).Length, Is.LessThan(0.27 * single).And.GreaterThan(0.25 * single));

        work.Put("a.png", Samples.Picture(24, 16));
        string output = CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", work["w"]).Succeeded().Output;
        CommandRun.Here("decompress", work["a.icd"], work["b.png"], "--model", work["w"]).Succeeded();
        CommandRun.Here([.. arguments, "--weight-bits", "4"]).Failed(2, "8, 16, 32");
        CommandRun.Here([.. arguments.Select(argument => argument == "0.5" ? "1.5" : argument), "--resume"]).Failed(2, "up to 1");
    }

    [Test]
    public void What_can_t_be_trained_with_is_refused()
    {
        using Workplace work = new();
        string weights = work["w.safetensors"];
        CommandRun.Here(["train", work["none"], "--output", weights, .. Options]).Failed(1, "no folder");
        CommandRun.Here(["train", Directory.CreateDirectory(work["empty"]).FullName, "--output", weights, .. Options]).Failed(1, "at least one of each");
        string folder = PutPictures(work);
        CommandRun.Here(["train", folder, "--output", work[Path.Combine("none", "w")], .. Options]).Failed(1, "does not exist");
        CommandRun.Here(["train", folder, "--output", weights, .. Options, "--resume"]).Failed(1, "no checkpoint");
        CommandRun.Here(["train", folder, "--output", weights, .. Options, "--crop", "17"]).Failed(1, "multiple");
        File.WriteAllText(Path.Combine(folder, "text.png"), "text");
        CommandRun.Here(["train", folder, "--output", weights, .. Options]).Failed(1, "text.png");
        Assert.That(File.Exists(weights), Is.False);
    }

    private static string PutPictures(Workplace work)
    {
        string folder = Directory.CreateDirectory(work["pictures"]).FullName;
        for (int i = 0; i < 5; i++)
        {
            ImageFile.Write(Path.Combine(folder, $"{i}.png"), Samples.Picture(20, 18, i));
        }

        return folder;
    }

    /// <summary>Stops the run with its first line, as Ctrl-C would.</summary>
    private sealed class WriterThatStops(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stop.Cancel();
        }
    }
}
