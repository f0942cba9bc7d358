using System.Runtime.Versioning;

namespace ImageCodec.Evaluation.Tests;

public class EvaluatorTests
{
    private const string CopyInput = "cp $2 $3";
    private const string CopyFile = "cp $1 $2";

    [Test]
    public void A_model_is_measured_at_all_levels_by_its_real_files()
    {
        using TemporaryFolder folder = new();
        using TestCodec codec = new();
        ImageFile.Write(folder.File("a.png"), TestPictures.Create(40, 24, 1));
        ImageFile.Write(folder.File("b.ppm"), TestPictures.Create(17, 33, 2));
        EvaluationResult result = Evaluator.Run(new EvaluationOptions { Folder = folder.Path }, [codec.Named("mine")]);

        Assert.That(result.Pictures.Select(picture => (picture.File, picture.Width, picture.Height)), Is.EqualTo(new[] { ("a.png", 40, 24), ("b.ppm", 17, 33) }));
        RgbImage original = ImageFile.Read(folder.File("b.ppm"));
        IReadOnlyList<Measurement> curve = result.Pictures[1].Curves["mine"];
        Assert.That(curve.Select(one => one.Setting), Is.EqualTo(Enumerable.Range(1, 8)));
        for (int level = 1; level <= 8; level++)
        {
            byte[] file = codec.Compressor.Compress(original, new CompressionOptions { Level = level });
            RgbImage restored = codec.Compressor.Decompress(file);
            Assert.That(curve[level - 1].Bytes, Is.EqualTo(file.Length));
            Assert.That(curve[level - 1].BitsPerPixel, Is.EqualTo(8.0 * file.Length / (17 * 33)));
            Assert.That(curve[level - 1].Distortion, Is.EqualTo(new Distortion(Metrics.Psnr(original, restored), Metrics.MsSsim(original, restored), Metrics.Ssimulacra2(original, restored))));
        }

        CodecResult mine = result.Codecs.Single();
        Assert.That(mine.IsModel);
        Assert.That(mine.DefaultPoint!.Setting, Is.EqualTo(TestCodec.DefaultLevel));
        Assert.That(mine.DefaultPoint.Psnr, Is.EqualTo(result.Pictures.Average(picture => picture.Curves["mine"][TestCodec.DefaultLevel - 1].Distortion.Psnr)).Within(1e-12));
        Assert.That(mine.DefaultPoint.BitsPerPixel, Is.EqualTo(result.Pictures.Average(picture => picture.Curves["mine"][TestCodec.DefaultLevel - 1].BitsPerPixel)).Within(1e-12));
        Assert.That(mine.PlainPsnr, Is.EqualTo(result.Pictures.Average(picture => picture.Plain["mine"].Psnr)).Within(1e-12));
        Assert.That(
            mine.DefaultPoint.Ssimulacra2, Is.EqualTo(result.Pictures.Average(picture => picture.Curves["mine"][TestCodec.DefaultLevel - 1].Distortion.Ssimulacra2)).Within(1e-12));
        Assert.That(mine.PlainSsimulacra2, Is.EqualTo(result.Pictures.Average(picture => picture.Plain["mine"].Ssimulacra2)).Within(1e-12));
        Assert.That(mine.PlainPsnr, Is.EqualTo(mine.Points[^1].Psnr).Within(0.2), "eight bits come near the unquantised");
        Assert.That(result.BdRates, Is.Empty);
        Assert.That(result.Pictures.SelectMany(picture => picture.Figures), Is.Empty, "nobody asked");
    }

    [Test]
    public void A_codec_is_refused_without_name_or_compressor_and_with_an_effort_that_there_is_not()
    {
        using TestCodec codec = new();
        Assert.That(codec.Named("mine").Name, Is.EqualTo("mine"));
        Assert.That(() => EvaluatedCodec.Of("", codec.Compressor), Throws.ArgumentException);
        Assert.That(() => EvaluatedCodec.Of(null!, codec.Compressor), Throws.ArgumentNullException);
        Assert.That(() => EvaluatedCodec.Of("mine", null!), Throws.ArgumentNullException);
        Assert.That(() => EvaluatedCodec.Of("mine", codec.Compressor, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => EvaluatedCodec.Of("mine", codec.Compressor, 10), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(EvaluatedCodec.Of("mine", codec.Compressor, 9).Description, Does.EndWith("effort 9"));
    }

    [Test]
    public void One_picture_in_so_many_is_taken()
    {
        using TemporaryFolder folder = new();
        using TestCodec codec = new();
        TestPictures.WriteFolder(folder.Path, 7, 8, 8);
        EvaluationResult result = Evaluator.Run(new EvaluationOptions { Folder = folder.Path, PictureInterval = 3 }, [codec.Named("mine")]);
        Assert.That(result.Pictures.Select(picture => picture.File), Is.EqualTo(new[] { "00.png", "03.png", "06.png" }));
    }

    [Test]
    public void A_broken_picture_is_left_out_and_named()
    {
        using TemporaryFolder folder = new();
        using TestCodec codec = new();
        TestPictures.WriteFolder(folder.Path, 2, 8, 8);
        File.WriteAllText(folder.File("01.png"), "text");
        EvaluationResult result = Evaluator.Run(new EvaluationOptions { Folder = folder.Path }, [codec.Named("mine")]);
        Assert.That(result.Pictures.Select(picture => picture.File), Is.EqualTo(new[] { "00.png" }));
        SkippedItem skipped = result.SkippedPictures.Single();
        Assert.That(skipped.Name, Is.EqualTo("01.png"));
        Assert.That(skipped.Reason, Does.StartWith("Picture, byte 0: "));
    }

    [Test]
    public void With_nothing_to_measure_it_says_why()
    {
        using TemporaryFolder folder = new();
        using TestCodec codec = new();
        EvaluationOptions options = new() { Folder = folder.Path };
        Assert.That(() => Evaluator.Run(options, [codec.Named("mine")]), Throws.ArgumentException.With.Message.Contains("has no pictures (PNG, JPEG or PNM)"));
        Assert.That(
            () => Evaluator.Run(new EvaluationOptions { Folder = folder.File("none") }, [codec.Named("mine")]),
            Throws.InstanceOf<DirectoryNotFoundException>().With.Message.Contains("none"));
        File.WriteAllText(folder.File("bad.png"), "text");
        Assert.That(() => Evaluator.Run(options, [codec.Named("mine")]), Throws.ArgumentException.With.Message.Contains("None of the 1 pictures").And.Message.Contains("'bad.png'"));
        Assert.That(() => Evaluator.Run(options, []), Throws.ArgumentException.With.Message.Contains("no codec"));
        Assert.That(() => Evaluator.Run(options, [codec.Named("mine"), codec.Named("mine")]), Throws.ArgumentException.With.Message.Contains("'mine'"));
        Assert.That(
            () => Evaluator.Run(new EvaluationOptions { Folder = folder.Path, PictureInterval = 0 }, [codec.Named("mine")]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    public void A_codec_that_fails_on_a_later_picture_is_left_out_of_all()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder scripts = new();
        using TestCodec codec = new();
        TestPictures.WriteFolder(folder.Path, 2, 16, 16);
        ImageFile.Write(folder.File("02.png"), TestPictures.Create(23, 16, 1));
        ClassicalCodec good = Script.CreateCodec(scripts, CopyInput, CopyFile, "jpeg");
        ClassicalCodec fails = Script.CreateCodec(scripts, "grep -aq '^23 ' $2 && { echo 'no odd widths' >&2; exit 4; }; cp $2 $3", CopyFile, "odd");
        EvaluationResult result = Evaluator.Run(new EvaluationOptions { Folder = folder.Path, KeepPictures = true }, [codec.Named("mine"), fails, good]);

        Assert.That(result.Pictures, Has.Count.EqualTo(3));
        Assert.That(result.Codecs.Select(one => one.Name), Is.EqualTo(new[] { "mine", "jpeg" }));
        Assert.That(result.CodecNames, Is.EqualTo(new[] { "mine", "jpeg" }));
        Assert.That(
            result.SkippedCodecs.Select(one => (one.Name, one.Reason)), Is.EqualTo(new[] { ("odd", "'odd-enc' failed with exit code 4: no odd widths") }));
        foreach (PictureResult picture in result.Pictures)
        {
            Assert.That(picture.Curves.Keys, Is.EquivalentTo(new[] { "mine", "jpeg" }));
            Assert.That(picture.Matches.Select(match => (match.Model, match.Codec)), Is.EqualTo(new[] { ("mine", "jpeg") }));
            Assert.That(
                picture.Figures.Select(figure => figure.Kind),
                Is.EquivalentTo(new[] { FigureKind.Original, FigureKind.Plain, FigureKind.Quantized, FigureKind.Matched }));
            Assert.That(ImageFile.Read(picture.Figures.Single(figure => figure.Kind == FigureKind.Matched).Png).Width, Is.EqualTo(picture.Width));
        }

        Assert.That(
            () => Evaluator.Run(new EvaluationOptions { Folder = folder.Path, PictureInterval = 2 }, [fails]),
            Throws.ArgumentException.With.Message.Contains("No codec is left").And.Message.Contains("no odd widths"));
    }

    [Test]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    public void A_picture_that_one_codec_refuses_counts_for_none()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder scripts = new();
        using TestCodec codec = new();
        TestPictures.WriteFolder(folder.Path, 1, 8, 8);
        ImageFile.Write(folder.File("long.ppm"), new RgbImage(1, 65_501));
        EvaluationResult result = Evaluator.Run(
            new EvaluationOptions { Folder = folder.Path }, [codec.Named("mine"), Script.CreateCodec(scripts, CopyInput, CopyFile)]);
        Assert.That(result.Pictures, Has.Count.EqualTo(1));
        SkippedItem skipped = result.SkippedPictures.Single();
        Assert.That(skipped.Name, Is.EqualTo("long.ppm"));
        Assert.That(skipped.Reason, Is.EqualTo("it has 1×65501 pixels, but fake takes sides of at most 65500."));
    }

    [Test]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    [NonParallelizable]
    public void Temporary_files_are_gone_afterwards_and_progress_reaches_the_end([Values] bool stopped)
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        using TestCodec codec = new();
        using CancellationTokenSource stop = new();
        TestPictures.WriteFolder(folder.Path, 3, 16, 16);
        List<EvaluationProgress> reports = [];
        Progress progress = new(report =>
        {
            reports.Add(report);
            Assert.That(Directory.EnumerateDirectories(temporary.Path), Has.Exactly(1).Items);
            if (stopped && reports.Count == 2)
            {
                stop.Cancel();
            }
        });
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", temporary.Path);
        try
        {
            void Run() => Evaluator.Run(new EvaluationOptions { Folder = folder.Path }, [codec.Named("mine")], progress, stop.Token);
            if (stopped)
            {
                Assert.That(Run, Throws.InstanceOf<OperationCanceledException>());
            }
            else
            {
                Run();
                Assert.That(reports[^1].Done, Is.EqualTo(reports[^1].Total));
                Assert.That(reports.Select(report => report.Done), Is.Ordered);

                // Of each picture the codec and the matches, which are of none; at the end there is no picture either.
                Assert.That(
                    reports.Select(report => (report.File, report.Codec)),
                    Is.EqualTo(new (string?, string?)[]
                    {
                        ("00.png", "mine"), ("00.png", null), ("01.png", "mine"), ("01.png", null), ("02.png", "mine"), ("02.png", null), (null, null),
                    }));
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }

        Assert.That(Directory.EnumerateFileSystemEntries(temporary.Path), Is.Empty);
    }

    private sealed class Progress(Action<EvaluationProgress> report) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => report(value);
    }
}
