using System.Globalization;

namespace ImageCodec.Training.Tests;

/// <summary>What a run tells: its progress, and what it can't go on with.</summary>
public class TrainerReportTests
{
    [Test]
    public void Weights_that_it_can_t_start_from_are_an_error()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        File.WriteAllText(folder.File("start.safetensors"), "no weights");
        Assert.That(() => new Trainer(Options(folder, "a", start: "start.safetensors")).Run(), Throws.TypeOf<InvalidFileException>());
        new Trainer(Options(folder, "strided")).Run();
        Assert.That(
            () => new Trainer(Options(folder, "a", architecture: "vae-spatial", start: "strided.safetensors")).Run(),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("vae-spatial"));
    }

    [Test]
    public void A_loss_that_is_no_longer_finite_ends_the_run_with_advice()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        Assert.That(
            () => new Trainer(Options(folder, "a", "vae-spatial", rate: 1e6)).Run(), Throws.InvalidOperationException.With.Message.Contains("a lower learning rate"));
    }

    [Test]
    public void Progress_tells_each_epoch_and_the_validations_once_there_are_some()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        List<TrainingProgress> reports = [];
        ValidationResult best = new Trainer(Options(folder, "a")).Run(new Reports(reports));

        Assert.That(reports.Select(report => (report.Epoch, report.Epochs)), Is.EqualTo(new[] { (1, 3), (2, 3), (3, 3) }));
        Assert.That(reports.Select(report => report.Validation?.Epoch), Is.EqualTo(new int?[] { null, 2, 3 }));
        Assert.That(reports[0].Best, Is.Null);
        Assert.That(reports[^1].Best, Is.SameAs(best));
        string[] logged = File.ReadAllLines(folder.File("a.safetensors.csv"))[2].Split(',');
        ValidationResult last = reports[^1].Validation!;
        Assert.That(
            logged[2..6].Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
            Is.EqualTo(new[] { last.PlainPsnr, last.Psnr, last.BitsPerPixel, last.Cost }).Within(1e-3));
        Assert.That(double.Parse(logged[1], CultureInfo.InvariantCulture), Is.EqualTo(reports[^1].Loss).Within(1e-5));
        Assert.That(reports.Select(report => report.Elapsed), Is.Ordered.And.All.GreaterThan(TimeSpan.Zero));
        Assert.That(reports[0].Remaining, Is.EqualTo(2 * reports[0].Elapsed).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(reports[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
        Assert.That(reports.Select(report => report.Psnr), Is.All.InRange(0, 100));
        Assert.That(reports.Select(report => report.BitsPerPixel), Is.All.Positive);
    }

    private static TrainingOptions Options(
        TemporaryFolder folder, string name, string architecture = "strided", double rate = 2e-3, string? start = null) => new()
        {
            Folder = folder.Path,
            OutputPath = folder.File(name + ".safetensors"),
            Architecture = architecture,
            Epochs = 3,
            CropSize = 32,
            BatchSize = 2,
            LearningRate = rate,
            ValidationInterval = 4,
            EpochsPerValidation = 2,
            MaxThreads = 1,
            StartPath = start is null ? null : folder.File(start),
        };

    private sealed class Reports(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }
}
