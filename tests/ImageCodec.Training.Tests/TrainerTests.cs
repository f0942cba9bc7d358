using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training.Tests;

public class TrainerTests
{
    [TestCase("strided", TrainingRecipe.RateDistortion)]
    [TestCase("baseline", TrainingRecipe.NoisyDistortion)]
    [TestCase("vae-spatial", TrainingRecipe.RateDistortion)]
    public void Same_options_give_same_weights_and_another_seed_gives_others(string architecture, TrainingRecipe recipe)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        new Trainer(Options(folder, "a", architecture, recipe)).Run();
        new Trainer(Options(folder, "b", architecture, recipe)).Run();
        new Trainer(Options(folder, "c", architecture, recipe, seed: 1)).Run();

        byte[] first = File.ReadAllBytes(folder.File("a.safetensors"));
        Assert.That(File.ReadAllBytes(folder.File("b.safetensors")), Is.EqualTo(first));
        Assert.That(File.ReadAllBytes(folder.File("c.safetensors")), Is.Not.EqualTo(first));
    }

    [Test]
    public void Thread_count_does_not_change_the_weights()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        new Trainer(Options(folder, "one", maxThreads: 1)).Run();
        new Trainer(Options(folder, "three", maxThreads: 3)).Run();

        Assert.That(File.ReadAllBytes(folder.File("three.safetensors")), Is.EqualTo(File.ReadAllBytes(folder.File("one.safetensors"))));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(5)]
    public void A_run_stopped_in_an_epoch_and_resumed_ends_like_one_never_stopped(int reports)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 9);
        new Trainer(Options(folder, "whole")).Run();

        using CancellationTokenSource stop = new();
        int seen = 0;
        CountingProgress progress = new(_ =>
        {
            if (++seen > reports)
            {
                stop.Cancel();
            }
        });
        Assert.That(() => new Trainer(Options(folder, "cut")).Run(progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        new Trainer(Options(folder, "cut", resume: true)).Run();

        AssertSameOutputs(folder);
    }

    [TestCase(2)]
    [TestCase(5)]
    public void A_run_that_crashes_and_is_resumed_from_an_older_checkpoint_ends_like_one_that_did_not(int epoch)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 9);
        new Trainer(Options(folder, "whole")).Run();

        // Nothing is saved on the way out of a crash: the checkpoint is that of some step before.
        CountingProgress crash = new(progress =>
        {
            if (progress.Epoch == epoch)
            {
                throw new TimeZoneNotFoundException();
            }
        });
        Assert.That(() => new Trainer(Options(folder, "cut")).Run(crash), Throws.InstanceOf<TimeZoneNotFoundException>());
        new Trainer(Options(folder, "cut", resume: true)).Run();

        AssertSameOutputs(folder);
    }

    [Test]
    public void A_finished_run_can_be_resumed_and_changes_nothing()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        ValidationResult best = new Trainer(Options(folder, "a")).Run();
        byte[] weights = File.ReadAllBytes(folder.File("a.safetensors"));

        ValidationResult again = new Trainer(Options(folder, "a", resume: true)).Run();
        Assert.That(
            (again.Epoch, again.PlainPsnr, again.Psnr, again.BitsPerPixel, again.Cost),
            Is.EqualTo((best.Epoch, best.PlainPsnr, best.Psnr, best.BitsPerPixel, best.Cost)));
        Assert.That(File.ReadAllBytes(folder.File("a.safetensors")), Is.EqualTo(weights));
    }

    [TestCase("strided", TrainingRecipe.RateDistortion)]
    [TestCase("baseline", TrainingRecipe.RateDistortion)]
    [TestCase("residual", TrainingRecipe.RateDistortion)]
    [TestCase("strided", TrainingRecipe.NoisyDistortion)]
    public void Training_learns(string architecture, TrainingRecipe recipe)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 9);
        List<double> errors = [];
        new Trainer(Options(folder, "a", architecture, recipe, epochs: 40)).Run(new CountingProgress(progress => errors.Add(progress.Psnr)));

        Assert.That(errors[^1], Is.GreaterThan(errors[0] + 3), "PSNR should rise by well over 3 dB");
    }

    [Test]
    public void A_cut_run_of_a_hyperprior_ends_like_a_whole_one()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5, 64, 64);
        new Trainer(Options(folder, "whole", "hyperprior", epochs: 3, crop: 64)).Run();
        using CancellationTokenSource stop = new();
        Assert.That(
            () => new Trainer(Options(folder, "cut", "hyperprior", epochs: 3, crop: 64)).Run(new CountingProgress(_ => stop.Cancel()), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        new Trainer(Options(folder, "cut", "hyperprior", epochs: 3, crop: 64, resume: true)).Run();
        AssertSameOutputs(folder);
    }

    [Test]
    public void Several_folders_have_their_own_shares_for_validation_and_those_below_count()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("a/below"));
        Directory.CreateDirectory(folder.File("b"));
        TestPictures.WriteFolder(folder.File("a/below"), 5);
        TestPictures.WriteFolder(folder.File("b"), 6);
        TrainingOptions options = new()
        {
            Folder = folder.File("a"),
            ValidationInterval = 2,
            MoreFolders = [new PictureFolder(folder.File("b"), 3)],
            Architecture = "strided",
            OutputPath = folder.File("w.safetensors"),
            Epochs = 1,
            CropSize = 32,
        };
        new Trainer(options).Run();

        // 0, 2, 4 of five and 0, 3 of six.
        WeightsFile weights = WeightsFile.Read(File.ReadAllBytes(options.OutputPath));
        Assert.That(weights.Metadata["data"], Is.EqualTo("6 pictures to train on, 5 to validate with"));
    }

    /// <summary>A validation is of pixels: Exif of 17 kB for a picture of 128×128 would be nearly all of its bits.</summary>
    [Test]
    public void Metadata_of_pictures_is_not_counted()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        double plain = new Trainer(Options(folder, "plain", epochs: 1)).Run().BitsPerPixel;
        byte[] noise = new byte[2000];
        new Random(1).NextBytes(noise);
        byte[] note = System.Text.Encoding.UTF8.GetBytes($"<x>{Convert.ToHexString(noise)}</x>");
        foreach (string file in Directory.GetFiles(folder.Path, "*.png"))
        {
            RgbImage picture = ImageFile.Read(file);
            ImageFile.Write(file, new RgbImage(picture.Width, picture.Height, picture.Pixels) { Metadata = new PictureMetadata { Xmp = note } });
        }

        Assert.That(new Trainer(Options(folder, "noted", epochs: 1)).Run().BitsPerPixel, Is.EqualTo(plain));
    }

    [TestCase("residual")]
    [TestCase("strided")]
    public void A_model_that_starts_from_another_ones_weights_compresses_as_that_one_does(string architecture)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        new Trainer(Options(folder, "strided")).Run();
        byte[] weights = File.ReadAllBytes(folder.File("strided.safetensors"));
        using Models.Autoencoder strided = Models.ModelWeights.LoadModel(WeightsFile.Read(weights), 1);
        using Models.Autoencoder other = Models.ModelFactory.Create(architecture, seed: 9);
        Models.Transplant.Run(other, WeightsFile.Read(weights));

        float[] picture = [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => i % 97 / 97f)];
        float[] expected = new float[4 * 4 * 16];
        float[] latent = new float[expected.Length];
        strided.Encoder.Encode(picture, new TensorShape(32, 32, 3), expected);
        other.Encoder.Encode(picture, new TensorShape(32, 32, 3), latent);
        Assert.That(latent, Is.EqualTo(expected));
        float[] restored = new float[picture.Length];
        float[] otherRestored = new float[picture.Length];
        strided.Decoder.Decode(latent, new TensorShape(4, 4, 16), restored);
        other.Decoder.Decode(latent, new TensorShape(4, 4, 16), otherRestored);
        Assert.That(otherRestored, Is.EqualTo(restored));
    }

    [Test]
    public void Weights_that_do_not_fit_are_refused_by_name()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        new Trainer(Options(folder, "strided", epochs: 1)).Run();
        using Models.Autoencoder vae = Models.ModelFactory.CreateVae();
        WeightsFile weights = WeightsFile.Read(File.ReadAllBytes(folder.File("strided.safetensors")));
        Assert.That(
            () => Models.Transplant.Run(vae, weights), Throws.TypeOf<InvalidFileException>().With.Message.Contains("strided").And.Message.Contains("vae"));
    }

    [Test]
    public void A_vae_learns()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 3, 128, 128);
        List<double> losses = [];
        new Trainer(Options(folder, "a", "vae", epochs: 10, crop: 128)).Run(new CountingProgress(progress => losses.Add(progress.Loss)));

        Assert.That(losses[^1], Is.LessThan(0.97 * losses[0]));
    }

    [Test]
    public void A_spatial_vae_learns()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 9);
        List<double> errors = [];
        new Trainer(Options(folder, "a", "vae-spatial", epochs: 40)).Run(new CountingProgress(progress => errors.Add(progress.Psnr)));

        Assert.That(errors[^1], Is.GreaterThan(errors[0] + 3), "PSNR should rise by well over 3 dB");
    }

    [TestCase("strided", 0)]
    [TestCase("vae-spatial", 0.7)]
    public void Pictures_of_mixed_sizes_are_trained_on(string architecture, double mixing)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 3);
        TestPictures.WriteFolder(folder.Path, 2, 9, 50);
        ImageFile.Write(folder.File("large.png"), TestPictures.Create(90, 70, 1));
        ImageFile.Write(folder.File("point.png"), TestPictures.Create(1, 1, 1));
        ValidationResult best = new Trainer(Options(folder, "a", architecture, epochs: 2, mixing: mixing)).Run();
        Assert.That(best.BitsPerPixel, Is.Positive);
    }

    [Test]
    [Platform("Linux")]
    public void A_full_disk_is_an_IOException_and_what_was_there_stays()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        new Trainer(Options(folder, "a")).Run();
        byte[] weights = File.ReadAllBytes(folder.File("a.safetensors"));

        // A device that is always full stands for the disk.
        File.Delete(folder.File("a.safetensors.checkpoint"));
        File.CreateSymbolicLink(folder.File("a.safetensors.checkpoint"), "/dev/full");
        Assert.That(() => new Trainer(Options(folder, "a", seed: 2)).Run(), Throws.InstanceOf<IOException>().With.Message.Contains("space"));
        Assert.That(File.ReadAllBytes(folder.File("a.safetensors")), Is.EqualTo(weights));
    }

    [TestCase("strided")]
    [TestCase("vae-spatial")]
    public void The_output_is_a_model_that_compresses_as_validation_said(string architecture)
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 9);
        ValidationResult best = new Trainer(Options(folder, "a", architecture)).Run();
        using ImageCompressor compressor = ImageCompressor.Load(folder.File("a.safetensors"));

        // Every fourth of nine, the first included.
        CompressionResult[] results = [.. new[] { 0, 4, 8 }.Select(i => compressor.CompressAndReconstruct(TestPictures.Create(32, 32, i)))];
        Assert.That(results.Average(result => result.Psnr), Is.EqualTo(best.Psnr).Within(1e-9));
        Assert.That(results.Average(result => result.BitsPerPixel), Is.EqualTo(best.BitsPerPixel).Within(1e-9));
    }

    [Test]
    public void The_log_has_a_line_for_each_validation_also_after_resuming()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 9);
        using CancellationTokenSource stop = new();
        CountingProgress progress = new(p =>
        {
            if (p.Epoch == 3)
            {
                stop.Cancel();
            }
        });
        Assert.That(() => new Trainer(Options(folder, "a")).Run(progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        new Trainer(Options(folder, "a", resume: true)).Run();

        string[] lines = File.ReadAllLines(folder.File("a.safetensors.csv"));
        Assert.That(lines.Skip(1).Select(line => line.Split(',')[0]), Is.EqualTo(new[] { "2", "4", "6", "7" }));
        Assert.That(lines.Select(line => line.Split(',').Length), Is.All.EqualTo(lines[0].Split(',').Length));
    }

    [Test]
    public void Resuming_with_other_options_is_refused_by_name()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        new Trainer(Options(folder, "a")).Run();

        Assert.That(
            () => new Trainer(Options(folder, "a", seed: 5, resume: true)).Run(),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("seed=0").And.Message.Contains("seed=5"));
    }

    [Test]
    public void Resuming_from_nothing_or_from_something_else_is_an_error()
    {
        using TemporaryFolder folder = new();
        TestPictures.WriteFolder(folder.Path, 5);
        Assert.That(() => new Trainer(Options(folder, "a", resume: true)).Run(), Throws.TypeOf<FileNotFoundException>());

        new Trainer(Options(folder, "a")).Run();
        byte[] checkpoint = File.ReadAllBytes(folder.File("a.safetensors.checkpoint"));
        File.WriteAllBytes(folder.File("a.safetensors.checkpoint"), checkpoint[..(checkpoint.Length / 2)]);
        Assert.That(() => new Trainer(Options(folder, "a", resume: true)).Run(), Throws.TypeOf<InvalidFileException>());

        File.Copy(folder.File("a.safetensors"), folder.File("a.safetensors.checkpoint"), overwrite: true);
        Assert.That(() => new Trainer(Options(folder, "a", resume: true)).Run(), Throws.TypeOf<InvalidFileException>().With.Message.Contains("options"));
    }

    [Test]
    public void Folders_without_enough_good_pictures_are_errors_that_name_them()
    {
        using TemporaryFolder folder = new();
        Assert.That(() => new Trainer(Options(folder, "a", folderName: "none")).Run(), Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("none"));
        Assert.That(() => new Trainer(Options(folder, "a")).Run(), Throws.ArgumentException.With.Message.Contains(folder.Path));

        TestPictures.WriteFolder(folder.Path, 5);
        File.WriteAllText(folder.File("broken.png"), "no picture");
        Assert.That(() => new Trainer(Options(folder, "a")).Run(), Throws.TypeOf<InvalidFileException>().With.Message.Contains("broken.png"));
    }

    [Test]
    public void Options_out_of_range_are_refused_before_anything_is_read()
    {
        using TemporaryFolder folder = new();
        Assert.That(() => new Trainer(Options(folder, "a", epochs: 0)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Trainer(Options(folder, "a", architecture: "none")).Run(), Throws.ArgumentException.With.Message.Contains("residual"));
        Assert.That(() => new Trainer(Options(folder, "a", crop: 20)).Run(), Throws.ArgumentException.With.Message.Contains("multiple"));
    }

    private static TrainingOptions Options(
        TemporaryFolder folder,
        string name,
        string architecture = "strided",
        TrainingRecipe recipe = TrainingRecipe.RateDistortion,
        int epochs = 7,
        int seed = 0,
        int crop = 32,
        int maxThreads = 2,
        bool resume = false,
        double mixing = 0,
        string folderName = "") => new()
        {
            Folder = Path.Combine(folder.Path, folderName),
            OutputPath = folder.File(name + ".safetensors"),
            Architecture = architecture,
            Recipe = recipe,
            Epochs = epochs,
            Seed = seed,
            CropSize = crop,
            BatchSize = 2,
            LearningRate = 2e-3,
            Lambda = 0.02,
            ValidationInterval = 4,
            EpochsPerValidation = 2,
            CheckpointInterval = TimeSpan.Zero,
            MaxThreads = maxThreads,
            Resume = resume,
            Mixing = mixing,
        };

    private static void AssertSameOutputs(TemporaryFolder folder)
    {
        WeightsFile whole = WeightsFile.Read(File.ReadAllBytes(folder.File("whole.safetensors")));
        WeightsFile cut = WeightsFile.Read(File.ReadAllBytes(folder.File("cut.safetensors")));
        Assert.That(cut.Metadata, Is.EquivalentTo(whole.Metadata));
        for (int i = 0; i < whole.Tensors.Count; i++)
        {
            Assert.That(cut.Tensors[i].Values, Is.EqualTo(whole.Tensors[i].Values), whole.Tensors[i].Name);
        }
    }

    private sealed class CountingProgress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
