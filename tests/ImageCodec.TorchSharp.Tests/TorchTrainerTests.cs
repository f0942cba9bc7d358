using ImageCodec.Training;

namespace ImageCodec.TorchSharp.Tests;

public class TorchTrainerTests
{
    private string _folder = "";

    [SetUp]
    public void MakePictures()
    {
        _folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, TestContext.CurrentContext.Test.ID);
        Directory.CreateDirectory(Path.Combine(_folder, "pictures"));
        for (int i = 0; i < 6; i++)
        {
            ImageFile.Write(Path.Combine(_folder, "pictures", $"{i}.png"), Samples.Picture(96, 80, i));
        }
    }

    [TearDown]
    public void RemovePictures() => Directory.Delete(_folder, recursive: true);

    [TestCase("strided")]
    [TestCase("hyperprior")]
    public void Trains_as_the_librarys_own_trainer(string architecture)
    {
        ValidationResult expected = new Trainer(Options(architecture, "managed")).Run();
        ValidationResult actual = new TorchTrainer(Options(architecture, "torch")).Run();
        Assert.Multiple(() =>
        {
            Assert.That(actual.Cost, Is.EqualTo(expected.Cost).Within(1).Percent);
            Assert.That(File.ReadAllLines(Output("torch") + ".csv")[0], Is.EqualTo(File.ReadAllLines(Output("managed") + ".csv")[0]));
            Assert.That(File.ReadAllLines(Output("torch") + ".csv"), Has.Length.EqualTo(2));
        });

        // What was trained here is a codec of the library's own.
        using ImageCompressor compressor = ImageCompressor.Load(Output("torch"));
        RgbImage picture = Samples.Picture(96, 80, 0);
        CompressionResult result = compressor.CompressAndReconstruct(picture);
        Assert.That(compressor.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels));
    }

    [Test]
    public void A_stopped_run_goes_on_in_either_trainer()
    {
        using CancellationTokenSource stop = new();
        StopAfterFirst progress = new(stop);
        Assert.That(() => new TorchTrainer(Options("strided", "run", epochs: 4)).Run(progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(progress.Epochs, Is.EqualTo(1));
        ValidationResult resumed = new Trainer(Options("strided", "run", epochs: 4, resume: true)).Run();
        Assert.That(resumed.Epoch, Is.GreaterThan(0));
    }

    private TrainingOptions Options(string architecture, string name, int epochs = 2, bool resume = false) => new()
    {
        Folder = Path.Combine(_folder, "pictures"),
        Architecture = architecture,
        OutputPath = Output(name),
        Epochs = epochs,
        BatchSize = 2,
        CropSize = 64,
        EpochsPerValidation = 2,
        ValidationInterval = 3,
        LearningRate = 1e-4,
        Resume = resume,
    };

    private string Output(string name) => Path.Combine(_folder, name + ".safetensors");

    private sealed class StopAfterFirst(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public int Epochs { get; private set; }

        public void Report(TrainingProgress value)
        {
            Epochs++;
            stop.Cancel();
        }
    }
}
