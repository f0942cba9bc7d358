namespace ImageCodec.Cli.Tests;

/// <summary>Command lines that are not understood, and help.</summary>
internal sealed class UsageTests
{
    [TestCase("", "Give a command")]
    [TestCase("squeeze a b", "'squeeze'")]
    [TestCase("compress", "INPUT")]
    [TestCase("compress a.png", "OUTPUT.icd")]
    [TestCase("compress a.png b.icd --nonsense", "'--nonsense'")]
    [TestCase("compress a.png b.icd --quality 0", "from 1 to 100")]
    [TestCase("compress a.png b.icd --quality 101", "from 1 to 100")]
    [TestCase("compress a.png b.icd --quality best", "'best'")]
    [TestCase("compress a.png b.icd --bpp 0", "above zero")]
    [TestCase("compress a.png b.icd --bpp NaN", "above zero")]
    [TestCase("compress a.png b.icd --psnr -3", "above zero")]
    [TestCase("compress a.png b.icd --psnr", "--psnr")]
    [TestCase("compress a.png b.icd --ssimulacra2 101", "up to 100")]
    [TestCase("compress a.png b.icd --ssimulacra2 70 --psnr 30", "at most one of --quality, --bpp, --psnr, --ssimulacra2")]
    [TestCase("compress a.png b.icd --quality 5 --bpp 1", "at most one")]
    [TestCase("compress a.png b.icd --lossless --psnr 40", "at most one")]
    [TestCase("compress a.png b.icd --max-error 33", "from 0 to 32")]
    [TestCase("decompress a.icd b.gif", ".png")]
    [TestCase("decompress a.icd b", ".png")]
    [TestCase("compress a.png b.icd --time-limit 0", "above zero")]
    [TestCase("decompress a.icd b.png --scale 3", "1, 2, 4, 8")]
    [TestCase("inspect", "INPUT.icd")]
    [TestCase("models x", "'x'")]
    [TestCase("entropy", "encode, decode")]
    [TestCase("entropy decode a b", "--count")]
    [TestCase("entropy decode a b --count -1", "from 0")]
    [TestCase("entropy decode a b --count 2000000000", "from 0")]
    [TestCase("train a --output b", "--model")]
    [TestCase("train a --model strided", "--output")]
    [TestCase("train a --model nothing --output b", "strided")]
    [TestCase("train a --model strided --output b --epochs 0", "--epochs")]
    [TestCase("train a --model strided --output b --validation-interval 1", "from 2")]
    [TestCase("train a b --model strided --output c --validation-interval 3 --validation-interval x", "from 2")]
    [TestCase("train a b c --model strided --output d --validation-interval 3 --validation-interval 4", "once for each")]
    [TestCase("train a --model strided --output b --mixing 2", "up to 1")]
    [TestCase("models --jsn", "no option '--jsn'")]
    [TestCase("--nothing", "no option '--nothing'")]
    public void Wrong_usage_exits_with_two_and_names_the_help(string commandLine, string words) =>
        CommandRun.Here(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Failed(2, words, "--help'");

    [Test]
    public void A_process_exits_with_two() => CommandRun.InProcessOfItsOwn("decompress", "a.icd").Failed(2, "OUTPUT.png", "imagecodec decompress --help");

    [TestCase("")]
    [TestCase("compress")]
    [TestCase("decompress")]
    [TestCase("inspect")]
    [TestCase("models")]
    [TestCase("train")]
    [TestCase("eval")]
    [TestCase("entropy")]
    [TestCase("entropy encode")]
    [TestCase("entropy decode")]
    public void Help_of_every_command_has_examples(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string help = CommandRun.Here([.. words, "--help"]).Succeeded().Output;
        Assert.That(help, Does.Contain("Usage:").And.Contain("Details:").And.Contain("Examples:"));
        Assert.That(help[help.IndexOf("Examples:", StringComparison.Ordinal)..], Does.Contain(string.Join(' ', [.. words.Prepend("imagecodec")])));
    }

    [TestCase("[suggest:3] com", "compress")]
    [TestCase("[suggest:11] compress --", "--bpp")]
    [TestCase("[suggest:16] train --recipe ", "noise")]
    [TestCase("[suggest:17] compress --model ", null)]
    public void Shells_are_told_how_a_word_may_go_on(string commandLine, string? expected)
    {
        string[] words = commandLine.Split(' ', 2);
        string[] suggested = CommandRun.Here(words).Succeeded().Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.That(suggested, Does.Contain(expected ?? PretrainedModel.DefaultName));
    }

    [Test]
    public void Version_is_printed() => Assert.That(CommandRun.Here("--version").Succeeded().Output, Does.Match(@"^\d+\.\d+\.\d+"));

    [Test]
    public void File_names_that_look_like_syntax_are_names()
    {
        using Workplace work = new();
        CommandRun.Here("inspect", "@nothing").Failed(1, "'@nothing'");
        CommandRun.Here("inspect", "--", "--nothing").Failed(1, "'--nothing'");
    }

    [Test]
    public void A_stopped_command_leaves_nothing()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(64, 64));
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Program.Run(["compress", work["a.png"], work["a.icd"]], output, error, cancellationToken: new CancellationToken(canceled: true));
        new CommandRun(code, output.ToString(), error.ToString()).Failed(1, "stopped");
        Assert.That(work.Names, Is.EqualTo(new[] { "a.png" }));
    }
}
