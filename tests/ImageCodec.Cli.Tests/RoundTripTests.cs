using System.Text.Json;

namespace ImageCodec.Cli.Tests;

/// <summary>A picture in, a file out, the picture back, each by a process of its own.</summary>
internal sealed class RoundTripTests
{
    [TestCase(1, 1, "rgb.png")]
    [TestCase(17, 33, "rgb.ppm")]
    [TestCase(128, 128, "rgb.png")]
    [TestCase(500, 333, "rgb.png")]
    public void Other_processes_restore_just_the_foreseen_pixels(int width, int height, string name)
    {
        using Workplace work = new();
        RgbImage picture = Samples.Picture(width, height);
        work.Put(name, picture);
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        CompressionResult foreseen = compressor.CompressAndReconstruct(picture);

        CommandRun compressed = CommandRun.InProcessOfItsOwn("compress", work[name], work["a.icd"]).Succeeded();
        Assert.That(File.ReadAllBytes(work["a.icd"]), Is.EqualTo(foreseen.File));
        Assert.That(compressed.Output, Does.Contain(FormattableString.Invariant(
            $"{width}×{height}, {foreseen.File.Length} bytes, {foreseen.BitsPerPixel:0.000} bpp, PSNR {foreseen.Psnr:0.00} dB, ")));

        JsonElement header = JsonDocument.Parse(CommandRun.InProcessOfItsOwn("inspect", work["a.icd"], "--json").Succeeded().Output).RootElement;
        Assert.That(header.GetProperty("width").GetInt32(), Is.EqualTo(width));
        Assert.That(header.GetProperty("height").GetInt32(), Is.EqualTo(height));
        Assert.That(header.GetProperty("bytes").GetInt32(), Is.EqualTo(foreseen.File.Length));

        CommandRun.InProcessOfItsOwn("decompress", work["a.icd"], work["back.png"]).Succeeded();
        AssertSame(ImageFile.Read(work["back.png"]), foreseen.Reconstruction);
        Assert.That(work.Names, Is.EquivalentTo(new[] { name, "a.icd", "back.png" }));
    }

    [TestCase("--quality", "1", 1)]
    [TestCase("--quality", "50", 4)]
    [TestCase("--quality", "95", 8)]
    public void Quality_is_spread_over_the_rate_settings(string option, string value, int bits)
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(32, 24));
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", "strided", option, value).Succeeded();
        Assert.That(BitsOf(work["a.icd"]), Is.EqualTo(bits));
    }

    [TestCase("--lossless", 0)]
    [TestCase("--quality 100", 0)]
    [TestCase("--max-error 2", 2)]
    public void Pictures_are_kept_exactly_or_nearly_so(string options, int maxError)
    {
        using Workplace work = new();
        RgbImage picture = Samples.Picture(61, 40);
        work.Put("a.ppm", picture);
        string line = CommandRun.Here(["compress", work["a.ppm"], work["a.icd"], .. options.Split(' ')]).Succeeded().Output;
        Assert.That(line, Does.Contain("residual (").And.Contain(maxError == 0 ? "PSNR inf dB" : "PSNR 4"));
        CommandRun.Here("decompress", work["a.icd"], work["b.png"]).Succeeded();
        RgbImage back = ImageFile.Read(work["b.png"]);
        Assert.That(Enumerable.Range(0, back.Pixels.Length).Max(i => Math.Abs(back.Pixels[i] - picture.Pixels[i])), Is.EqualTo(maxError));
        CommandRun.Here("compress", work["a.ppm"], work["c.icd"], "--lossless", "--model", "fitted").Failed(2, "«fitted»", "«photo»");
    }

    [Test]
    public void Targets_choose_the_nearest_setting()
    {
        using Workplace work = new();
        RgbImage picture = Samples.Picture(64, 48);
        work.Put("a.png", picture);
        foreach (string model in new[] { "strided", PretrainedModel.DefaultName })
        {
            using ImageCompressor compressor = ImageCompressor.LoadPretrained(model);
            foreach ((string option, CompressionOptions options) in new[]
            {
                ("--bpp", new CompressionOptions { BitsPerPixel = 1.25 }),
                ("--psnr", new CompressionOptions { Psnr = 17.5 }),
                ("--ssimulacra2", new CompressionOptions { Ssimulacra2 = 35 }),
                ("--quality", new CompressionOptions { Quality = 30, Effort = 2 }),
            })
            {
                string value = FormattableString.Invariant($"{options.BitsPerPixel ?? options.Psnr ?? options.Ssimulacra2 ?? options.Quality}");
                CommandRun run = CommandRun.Here(
                    "compress", work["a.png"], work["a.icd"], "--model", model, option, value, "--effort", FormattableString.Invariant($"{options.Effort}"));
                CompressionResult expected = compressor.CompressAndReconstruct(picture, options);

                Assert.That(run.ExitCode, Is.Zero, run.Error);
                Assert.That(File.ReadAllBytes(work["a.icd"]), Is.EqualTo(expected.File), $"{model} {option}");
                Assert.That(run.Error, expected.IsTargetReached ? Is.Empty : Does.Contain("warning").And.Contain(value));
            }
        }
    }

    [TestCase("--bpp", "0.0001", "0.0001 bpp")]
    [TestCase("--psnr", "90", "90 dB")]
    [TestCase("--ssimulacra2", "99.5", "99.5 points")]
    public void A_target_out_of_reach_gives_the_nearest_and_a_warning(string option, string value, string named)
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(128, 96));
        CommandRun run = CommandRun.Here("compress", work["a.png"], work["a.icd"], option, value);

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.Contain("warning").And.Contain("a.png").And.Contain(named).And.Contain("the nearest"));
        Assert.That(File.Exists(work["a.icd"]), Is.True);
    }

    [Test]
    public void Weights_of_ones_own_are_asked_for_by_files_of_theirs()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(40, 30));
        string weights = work.Put("mine.safetensors", Samples.ForeignWeightsFile());
        CommandRun.Here("compress", work["a.png"], work["a.icd"], "--model", weights).Succeeded();

        Assert.That(CommandRun.Here("inspect", work["a.icd"]).Succeeded().Output, Does.Contain("not built in"));
        JsonElement header = JsonDocument.Parse(CommandRun.Here("inspect", work["a.icd"], "--json").Succeeded().Output).RootElement;
        Assert.That(header.GetProperty("model").ValueKind, Is.EqualTo(JsonValueKind.Null));
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work["a.icd"], work["b.png"], .. more]), "--model FILE", "'strided'");
        work.AssertFailsWithoutTrace(work["b.png"], more => CommandRun.Here(["decompress", work["a.icd"], work["b.png"], "--model", "strided", .. more]), "needs the codec");

        CommandRun.Here("decompress", work["a.icd"], work["b.png"], "--model", weights).Succeeded();
        using ImageCompressor compressor = ImageCompressor.Load(weights);
        AssertSame(ImageFile.Read(work["b.png"]), compressor.Decompress(File.ReadAllBytes(work["a.icd"])));
    }

    [TestCase("out.ppm", "P6")]
    [TestCase("out.pnm", "P6")]
    [TestCase("OUT.PNG", "\u0089PNG")]
    [TestCase("out.jpg", "\u00ff\u00d8\u00ff")]
    [TestCase("out.jpeg", "\u00ff\u00d8\u00ff")]
    public void The_output_s_ending_says_the_format(string name, string start)
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(9, 8));
        CommandRun.Here("compress", work["a.png"], work["a.icd"]).Succeeded();
        CommandRun.Here("decompress", work["a.icd"], work[name]).Succeeded();
        Assert.That(File.ReadAllBytes(work[name])[..start.Length].Select(value => (char)value), Is.EqualTo(start));
    }

    internal static void AssertSame(RgbImage actual, RgbImage expected)
    {
        Assert.That((actual.Width, actual.Height), Is.EqualTo((expected.Width, expected.Height)));
        Assert.That(actual.Pixels.SequenceEqual(expected.Pixels), Is.True, "pixels");
    }

    private static int BitsOf(string path) => (IcdFile.Read(File.ReadAllBytes(path)).Body.Span[0] >> 5) + 1;
}
