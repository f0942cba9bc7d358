using System.Diagnostics;
using System.Runtime.Versioning;

namespace ImageCodec.Evaluation.Tests;

[Platform(Script.Platforms)]
[UnsupportedOSPlatform("windows")]
public class ExternalCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public void Arguments_reach_the_program_as_they_are()
    {
        using TemporaryFolder folder = new();
        ExternalCommand command = new(Script.Create(folder, "echo", "printf '%s|' \"$@\""), Patience);
        Assert.That(command.Ask("a \"b\" 'c' $d *").TrimEnd(), Is.EqualTo("a \"b\" 'c' $d *|"));
    }

    [Test]
    public void A_failure_says_exit_code_and_last_words()
    {
        using TemporaryFolder folder = new();
        ExternalCommand command = new(Script.Create(folder, "enc", "echo one; echo 'cannot open' >&2; echo 'giving up' >&2; exit 7"), Patience);
        Assert.That(
            () => command.Run([], default),
            Throws.InstanceOf<CodecFailedException>().With.Message.EqualTo("'enc' failed with exit code 7: cannot open / giving up"));
    }

    [Test]
    public void A_silent_failure_is_one_too()
    {
        using TemporaryFolder folder = new();
        ExternalCommand command = new(Script.Create(folder, "enc", "exit 1"), Patience);
        Assert.That(() => command.Run([], default), Throws.InstanceOf<CodecFailedException>().With.Message.EqualTo("'enc' failed with exit code 1."));
    }

    [Test]
    public void A_program_that_hangs_is_stopped_with_its_children()
    {
        using TemporaryFolder folder = new();
        string mark = folder.File("alive");
        ExternalCommand command = new(Script.Create(folder, "enc", $"(sleep 3; touch '{mark}') & sleep 60"), TimeSpan.FromSeconds(0.5));
        Stopwatch watch = Stopwatch.StartNew();
        Assert.That(() => command.Run([], default), Throws.InstanceOf<CodecFailedException>().With.Message.EqualTo("'enc' did not end in 0.5 seconds and was stopped."));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        Thread.Sleep(TimeSpan.FromSeconds(4) - TimeSpan.FromSeconds(0.5));
        Assert.That(File.Exists(mark), Is.False);
    }

    [Test]
    public void Stopping_the_work_stops_the_program()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(0.3));
        ExternalCommand command = new(Script.Create(folder, "enc", "sleep 60"), Patience);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.That(() => command.Run([], stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void Much_output_and_an_awaited_input_do_not_block()
    {
        using TemporaryFolder folder = new();
        ExternalCommand command = new(Script.Create(folder, "enc", "cat; i=0; while [ $i -lt 20000 ]; do echo 'many words of no use'; echo 'and more' >&2; i=$((i+1)); done"), Patience);
        Assert.That(command.Run([], default), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void What_is_no_program_can_t_be_run()
    {
        using TemporaryFolder folder = new();
        string path = Script.Create(folder, "enc", "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllBytes(path, [0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 2, 3]);
        Assert.That(() => new ExternalCommand(path, Patience).Run([], default), Throws.InstanceOf<CodecFailedException>().With.Message.StartsWith("'enc' can't be run"));
    }

    [Test]
    public void Programs_are_found_on_the_path()
    {
        Assert.That(ExternalCommand.Find("sh"), Is.Not.Null.And.EndsWith("/sh"));
        Assert.That(ExternalCommand.Find("no-such-command-anywhere"), Is.Null);
    }
}
