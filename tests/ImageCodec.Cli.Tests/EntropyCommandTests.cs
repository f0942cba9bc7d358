using System.Text.Json;

namespace ImageCodec.Cli.Tests;

/// <summary>The streams that the native coder wrote, through the command.</summary>
internal sealed class EntropyCommandTests
{
    private static readonly string[] InProcesses = ["const-255-x1", "const-0-x4096"];

    private static IEnumerable<TestCaseData> Vectors()
    {
        using Stream file = typeof(EntropyCommandTests).Assembly.GetManifestResourceStream("range-coder-vectors.json")!;
        using JsonDocument json = JsonDocument.Parse(file);
        foreach (JsonElement vector in json.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string name = vector.GetProperty("name").GetString()!;
            yield return new TestCaseData(vector.GetProperty("symbols").GetBytesFromBase64(), vector.GetProperty("stream").GetBytesFromBase64(), InProcesses.Contains(name))
                .SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Native_streams_are_written_and_read_byte_for_byte(byte[] symbols, byte[] stream, bool inProcesses)
    {
        using Workplace work = new();
        Func<string[], CommandRun> run = inProcesses ? CommandRun.InProcessOfItsOwn : CommandRun.Here;
        work.Put("symbols", symbols);

        CommandRun encoded = run(["entropy", "encode", work["symbols"], work["stream"]]).Succeeded();
        Assert.That(File.ReadAllBytes(work["stream"]), Is.EqualTo(stream));
        Assert.That(encoded.Output, Does.Contain($"--count {symbols.Length}\n").And.Contain($" {stream.Length} bytes"));

        run(["entropy", "decode", work["stream"], work["restored"], "--count", $"{symbols.Length}"]).Succeeded();
        Assert.That(File.ReadAllBytes(work["restored"]), Is.EqualTo(symbols));
    }

    [Test]
    public void An_empty_file_has_a_stream_too()
    {
        using Workplace work = new();
        work.Put("symbols", (byte[])[]);
        CommandRun.Here("entropy", "encode", work["symbols"], work["stream"]).Succeeded();
        CommandRun.Here("entropy", "decode", work["stream"], work["restored"], "--count", "0").Succeeded();
        Assert.That(File.ReadAllBytes(work["restored"]), Is.Empty);
    }

    [Test]
    public void A_damaged_stream_and_a_wrong_count_are_refused()
    {
        using Workplace work = new();
        byte[] symbols = new byte[500];
        new Random(3).NextBytes(symbols);
        work.Put("symbols", symbols);
        CommandRun.Here("entropy", "encode", work["symbols"], work["stream"]).Succeeded();
        byte[] stream = File.ReadAllBytes(work["stream"]);

        work.AssertFailsWithoutTrace(work["out"], more => CommandRun.Here(["entropy", "decode", work["stream"], work["out"], "--count", "499", .. more]), "--count");
        work.AssertFailsWithoutTrace(work["out"], more => CommandRun.Here(["entropy", "decode", work["stream"], work["out"], "--count", "501", .. more]), "--count");
        work.Put("stream", stream[..^1]);
        work.AssertFailsWithoutTrace(work["out"], more => CommandRun.Here(["entropy", "decode", work["stream"], work["out"], "--count", "500", .. more]), "not a whole stream");
        work.Put("stream", [.. stream[..100], (byte)(stream[100] ^ 4), .. stream[101..]]);
        work.AssertFailsWithoutTrace(work["out"], more => CommandRun.Here(["entropy", "decode", work["stream"], work["out"], "--count", "500", .. more]), "not a whole stream");
    }
}
