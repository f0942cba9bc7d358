using System.Globalization;
using System.Text.Json;

namespace ImageCodec.Cli.Tests;

/// <summary>The model «fitted» by the command, on pictures so small that fitting is quick.</summary>
internal sealed class FittedCommandTests
{
    [Test]
    public void A_picture_goes_there_and_back_at_every_scale()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(45, 34));
        string line = CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", "fitted").Succeeded().Output;
        Assert.That(line, Does.Contain("45×34").And.Contain("PSNR"));
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("fitted");
        byte[] file = File.ReadAllBytes(work["a.icd"]);
        foreach (int scale in DecompressionOptions.Scales)
        {
            string name = work[$"{scale}.ppm"];
            CommandRun.Here("decompress", work["a.icd"], name, "--scale", scale.ToString(CultureInfo.InvariantCulture)).Succeeded();
            RgbImage expected = compressor.Decompress(file, new DecompressionOptions { Scale = scale });
            Assert.That(ImageFile.Read(name).Pixels.SequenceEqual(expected.Pixels), Is.True);
        }

        CommandRun.Here("decompress", work["a.icd"], work["plain.ppm"]).Succeeded();
        Assert.That(File.ReadAllBytes(work["plain.ppm"]), Is.EqualTo(File.ReadAllBytes(work["1.ppm"])));
    }

    [Test]
    public void A_score_of_ssimulacra2_is_refused_with_a_way_out()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(45, 34));
        CommandRun run = CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", "fitted", "--ssimulacra2", "70");
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("«fitted»").And.Contain("--psnr, --bpp or --quality"));
        Assert.That(File.Exists(work["a.icd"]), Is.False);
    }

    [Test]
    public void Inspect_says_where_the_scales_end_and_prefixes_of_that_length_decode()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(45, 34));
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", "fitted", "--quality", "30").Succeeded();
        JsonElement json = JsonDocument.Parse(CommandRun.Here("inspect", work["a.icd"], "--json").Succeeded().Output).RootElement;
        Assert.That(
            json.EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[] { "file", "version", "codec", "model", "width", "height", "bytes", "bpp", "boxes", "fitted" }));
        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo("fitted"));
        JsonElement fitted = json.GetProperty("fitted");
        Assert.That(
            fitted.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "level", "decoder", "parameters", "decoderKmacPerPixel", "scales" }));
        Assert.That(fitted.GetProperty("level").GetInt32(), Is.EqualTo(10));
        Assert.That(fitted.GetProperty("decoder").GetString(), Is.EqualTo("small").Or.EqualTo("large"));
        JsonElement[] scales = [.. fitted.GetProperty("scales").EnumerateArray()];
        Assert.That(scales[0].EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "scale", "width", "height", "bytes" }));
        Assert.That(scales.Select(scale => scale.GetProperty("scale").GetInt32()), Is.EqualTo(new[] { 8, 4, 2, 1 }));
        Assert.That(scales[3].GetProperty("bytes").GetInt32(), Is.EqualTo(json.GetProperty("bytes").GetInt32()));

        string text = CommandRun.Here("inspect", work["a.icd"]).Succeeded().Output;
        Assert.That(text, Does.Contain("level    10").And.Contain("kMAC a pixel").And.Contain($"1/4      12×9 in the first {scales[1].GetProperty("bytes")} bytes"));

        work.Put("part.icd", File.ReadAllBytes(work["a.icd"])[..scales[1].GetProperty("bytes").GetInt32()]);
        CommandRun.Here("decompress", work["part.icd"], work["b.ppm"], "--scale", "4", "--prefix").Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["c.ppm"], "--scale", "4").Succeeded();
        Assert.That(File.ReadAllBytes(work["b.ppm"]), Is.EqualTo(File.ReadAllBytes(work["c.ppm"])));
        work.AssertFailsWithoutTrace(work["d.png"], more => CommandRun.Here(["decompress", work["part.icd"], work["d.png"], "--scale", "4", .. more]), "checksum");
        work.AssertFailsWithoutTrace(work["d.png"], more => CommandRun.Here(["decompress", work["part.icd"], work["d.png"], "--scale", "2", "--prefix", .. more]), "needs more");
        work.AssertFailsWithoutTrace(work["d.png"], _ => CommandRun.Here("inspect", work["part.icd"]), "checksum");
        CommandRun.Here("inspect", work["a.icd"], "--max-pixels", "1000").Failed(1, "--max-pixels");
    }

    [Test]
    public void Other_models_have_no_scales()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(24, 16));
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", "strided").Succeeded();
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work["a.icd"], work["b.png"], "--scale", "2", .. more]), "«fitted»");
        JsonElement json = JsonDocument.Parse(CommandRun.Here("inspect", work["a.icd"], "--json").Succeeded().Output).RootElement;
        Assert.That(json.TryGetProperty("fitted", out _), Is.False);
    }

    [Test]
    public void A_time_limit_ends_a_long_fit()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(64, 64));
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", "fitted", "--effort", "9", "--time-limit", "0.3").Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work["b.png"]).Succeeded();
    }

    [Test]
    public void An_interrupted_fit_leaves_no_file()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(64, 64));
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(500));
        work.AssertFailsWithoutTrace(
            work["a.icd"],
            more =>
            {
                using StringWriter output = new();
                using StringWriter error = new();
                int code = Program.Run(
                    ["compress", work["a.png"], work["a.icd"], "--model", "fitted", "--effort", "9", .. more], output, error, cancellationToken: stop.Token);
                return new CommandRun(code, output.ToString(), error.ToString());
            },
            "stopped");
    }

    [Test]
    public void Models_lists_it_with_what_its_decoder_costs()
    {
        JsonElement fitted = JsonDocument.Parse(CommandRun.Here("models", "--json").Succeeded().Output).RootElement.EnumerateArray()
            .Single(model => model.GetProperty("name").GetString() == "fitted");
        Assert.That(fitted.GetProperty("architecture").GetString(), Is.EqualTo("fitted"));
        Assert.That(fitted.GetProperty("encoderKmacPerPixel").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(fitted.GetProperty("decoderKmacPerPixel").GetDouble(), Is.InRange(1, 3));
        Assert.That(fitted.GetProperty("levelCount").GetInt32(), Is.EqualTo(32));
        Assert.That(CommandRun.Here("models").Succeeded().Output, Does.Match(@"fitted\n(  .*\n)*  encoder +depends on the effort"));
    }

    [Test]
    public void Eval_measures_eight_of_its_levels()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(24, 20));
        string output = CommandRun.Here("eval", work.Folder, "--model", "fitted", "--effort", "0", "--against", "none", "--json", "-").Succeeded().Output;
        JsonElement codec = JsonDocument.Parse(output).RootElement.GetProperty("codecs")[0];
        Assert.That(codec.GetProperty("name").GetString(), Is.EqualTo("fitted"));
        Assert.That(
            codec.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("setting").GetDouble()),
            Is.EqualTo(new double[] { 2, 6, 10, 14, 18, 22, 26, 30 }));
    }
}
