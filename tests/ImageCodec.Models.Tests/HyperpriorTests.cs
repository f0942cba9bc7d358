using System.Buffers;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

public class HyperpriorTests
{
    private const int Levels = 255;

    private ImageCompressor _compressor = null!;

    [OneTimeSetUp]
    public void Create() => _compressor = HyperpriorModel.Create();

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [TestCase(1, 1)]
    [TestCase(16, 33)]
    [TestCase(130, 70)]
    [TestCase(1, 300)]
    public void Any_size_comes_back_as_it_was_foreseen_at_any_rate(int width, int height)
    {
        RgbImage image = TestPicture.Create(width, height);
        foreach (int quality in new[] { 1, 50, 100 })
        {
            CompressionResult result = _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = quality });
            RgbImage back = _compressor.Decompress(result.File);

            Assert.That((back.Width, back.Height), Is.EqualTo((width, height)));
            Assert.That(back.Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True, $"quality {quality}");
        }
    }

    [Test]
    public void Before_training_its_transforms_restore_what_is_not_finely_patterned()
    {
        // Colours that change over a few pixels, each in its own direction: a pixel or a colour that came back in another's place would show.
        RgbImage image = new(64, 64);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = image.GetRow(y);
            for (int x = 0; x < image.Width; x++)
            {
                row[3 * x] = (byte)(128 + 100 * Math.Sin(x / 4.0));
                row[3 * x + 1] = (byte)(128 + 100 * Math.Sin(y / 5.0));
                row[3 * x + 2] = (byte)(2 * (x + y));
            }
        }

        Assert.That(Metrics.Psnr(image, _compressor.ReconstructWithoutQuantization(image)!), Is.GreaterThan(30));
    }

    [Test]
    public void Quality_covers_all_levels_up_to_where_residuals_begin()
    {
        RgbImage image = TestPicture.Create(40, 24);
        int[] levels = [.. Enumerable.Range(1, 95).Select(quality =>
            _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = quality }).Level)];

        Assert.That(levels, Is.Ordered.Ascending.And.Unique);
        Assert.That((levels[0], levels[^1]), Is.EqualTo((1, Levels)));
    }

    [Test]
    public void A_rate_is_met_within_two_percent_and_one_out_of_reach_gives_the_nearest()
    {
        RgbImage image = TestPicture.Create(256, 192);
        double lowest = Bits(new CompressionOptions { Quality = 1 });
        double highest = Bits(new CompressionOptions { Level = Levels });
        foreach (double share in new[] { 0.1, 0.4, 0.8 })
        {
            double target = lowest * Math.Pow(highest / lowest, share);
            Assert.That(Bits(new CompressionOptions { BitsPerPixel = target }), Is.EqualTo(target).Within(2).Percent);
        }

        Assert.That(Bits(new CompressionOptions { BitsPerPixel = 0.0001 }), Is.EqualTo(lowest));
        Assert.That(Bits(new CompressionOptions { BitsPerPixel = 1000 }), Is.EqualTo(highest));

        double Bits(CompressionOptions options) => _compressor.CompressAndReconstruct(image, options).BitsPerPixel;
    }

    [Test]
    public void A_result_says_whether_its_target_was_reached()
    {
        RgbImage image = TestPicture.Create(256, 192);
        CompressionResult middle = _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = 40 });

        Assert.That(IsReached(new CompressionOptions { BitsPerPixel = middle.BitsPerPixel }), Is.True);
        Assert.That(IsReached(new CompressionOptions { BitsPerPixel = 0.0001 }), Is.False);
        Assert.That(IsReached(new CompressionOptions { BitsPerPixel = 1000 }), Is.False);
        Assert.That(IsReached(new CompressionOptions { Psnr = middle.Psnr }), Is.True);
        Assert.That(IsReached(new CompressionOptions { Psnr = 90 }), Is.False);
        Assert.That(IsReached(new CompressionOptions { Ssimulacra2 = Math.Max(1, Metrics.Ssimulacra2(image, middle.Reconstruction)) }), Is.True);
        Assert.That(IsReached(new CompressionOptions { Ssimulacra2 = 100 }), Is.False);
        Assert.That(IsReached(new CompressionOptions { Quality = 1 }), Is.True, "a quality is no target");

        bool IsReached(CompressionOptions options) => _compressor.CompressAndReconstruct(image, options).IsTargetReached;
    }

    [TestCase(10)]
    [TestCase(25)]
    [TestCase(40)]
    public void A_score_of_ssimulacra2_is_met_and_told(double score)
    {
        RgbImage image = TestPicture.Create(256, 192);
        CompressionResult result = _compressor.CompressAndReconstruct(image, new CompressionOptions { Ssimulacra2 = score });
        Assert.That(result.Ssimulacra2, Is.EqualTo(Metrics.Ssimulacra2(image, result.Reconstruction)));
        Assert.That(result.Ssimulacra2, Is.EqualTo(score).Within(1));
        Assert.That(result.IsTargetReached, Is.EqualTo(Math.Abs(result.Ssimulacra2!.Value - score) <= 0.5));
        Assert.That(_compressor.Compress(image, new CompressionOptions { Ssimulacra2 = score }), Is.EqualTo(result.File));
        Assert.That(_compressor.CompressAndReconstruct(image, new CompressionOptions { Level = result.Level }).Ssimulacra2, Is.Null, "nobody asked");
    }

    // The second is larger than a piece of the refinement, and no side is whole.
    [TestCase(130, 70)]
    [TestCase(1060, 40)]
    public void Effort_lowers_the_sum_of_bits_and_error_that_the_model_is_trained_for(int width, int height)
    {
        RgbImage image = TestPicture.Create(width, height);
        double[] costs = [.. new[] { 0, 2, 5 }.Select(effort =>
        {
            CompressionResult result = _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = 60, Effort = effort });
            Assert.That(_compressor.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True, $"effort {effort}");
            return result.BitsPerPixel + RateGains.Lambda(RateGains.RateOf(result.Level)) * Metrics.Mse(image, result.Reconstruction);
        })];

        Assert.That(costs[1], Is.LessThan(costs[0]));

        // These weights are random: on the smaller picture two rounds gain nearly all there is.
        Assert.That(costs[2], Is.LessThan(1.00001 * costs[1]));
    }

    [Test]
    public void A_rate_is_met_with_effort_too_and_progress_only_rises()
    {
        RgbImage image = TestPicture.Create(128, 96);
        double target = _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = 50 }).BitsPerPixel;
        List<double> told = [];
        CompressionResult result = _compressor
            .CompressAndReconstructAsync(image, new CompressionOptions { BitsPerPixel = target, Effort = 4 }, new Recorder(told)).GetAwaiter().GetResult();

        Assert.That(result.BitsPerPixel, Is.EqualTo(target).Within(2).Percent);
        Assert.That(told, Is.Ordered.Ascending);
        Assert.That((told[^1], told.Count > 5), Is.EqualTo((1, true)));
    }

    /// <summary>The steps of the refinement are made for photos; on a pattern like this they go too far.</summary>
    [TestCase(3)]
    [TestCase(9)]
    public void Effort_on_wild_patterns_does_no_harm(int effort)
    {
        using ImageCompressor photo = ImageCompressor.LoadPretrained();
        RgbImage image = new(64, 64);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(i * 37 % 251);
        }

        CompressionResult plain = photo.CompressAndReconstruct(image);
        CompressionResult refined = photo.CompressAndReconstruct(image, new CompressionOptions { Effort = effort });

        Assert.That(Cost(refined), Is.LessThanOrEqualTo(1.01 * Cost(plain)));

        double Cost(CompressionResult result) =>
            result.BitsPerPixel + RateGains.Lambda(RateGains.RateOf(result.Level)) * Metrics.Mse(image, result.Reconstruction);
    }

    [TestCase(-1)]
    [TestCase(10)]
    public void Efforts_that_there_are_not_are_refused(int effort) =>
        Assert.That(
            () => _compressor.Compress(TestPicture.Create(8, 8), new CompressionOptions { Effort = effort }),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("Effort"));

    /// <summary>What refines latents goes by squared error, and would undo what weights for the eye have learnt.</summary>
    [Test]
    public void Effort_changes_nothing_for_weights_for_the_eye()
    {
        using ImageCompressor visual = ImageCompressor.LoadPretrained("photo-visual", maxThreads: 1);
        RgbImage image = TestPicture.Create(70, 50);

        Assert.That(visual.Compress(image, new CompressionOptions { Effort = 5 }), Is.EqualTo(visual.Compress(image)));
    }

    [Test]
    public void Weights_trained_by_an_unknown_error_are_refused()
    {
        WeightsFile weights = PretrainedModel.Get("photo").ReadWeights();
        WeightsFile other = new(weights.Tensors, new Dictionary<string, string>(weights.Metadata) { [ModelCard.DistortionKey] = "sound" });

        Assert.That(() => ModelWeights.Load(other, maxThreads: 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains("«distortion» is «sound»"));
    }

    [Test]
    public void Many_threads_may_refine_at_once()
    {
        RgbImage image = TestPicture.Create(96, 64);
        CompressionOptions options = new() { Effort = 3 };
        byte[] alone = _compressor.Compress(image, options);
        byte[][] together = new byte[8][];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[i] = _compressor.Compress(image, options));

        Assert.That(together, Is.All.EqualTo(alone));
    }

    [Test]
    public void Overhead_beside_the_coded_values_is_twelve_bytes_at_most()
    {
        RgbImage image = TestPicture.Create(128, 128);
        IcdFile file = IcdFile.Read(_compressor.Compress(image));

        // Of the body one byte is the setting.
        Assert.That(_compressor.Compress(image).Length - file.Body.Length + 1, Is.LessThanOrEqualTo(12));
    }

    [Test]
    public void Damaged_bodies_are_refused_or_read_but_nothing_else()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 5);
        HyperpriorLatentCodec codec = new(((HyperpriorNetwork)model.Network).EntropyModel, model.Workspace, maxThreads: 1);
        TensorShape shape = new(3, 5, model.Encoder.LatentChannels);
        Random random = new(3);
        float[] latent = [.. Enumerable.Range(0, shape.Length).Select(_ => random.NextSingle() * 4 - 2)];
        ArrayBufferWriter<byte> body = new();
        float[] foreseen = new float[shape.Length];
        codec.Encode(latent, shape, 128, body, foreseen);
        float[] back = new float[shape.Length];
        codec.Decode(body.WrittenSpan, shape, back);
        Assert.That(back, Is.EqualTo(foreseen));

        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = body.WrittenSpan.ToArray();
            switch (i % 3)
            {
                case 0:
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged = damaged[..random.Next(damaged.Length)];
                    break;
                default:
                    random.NextBytes(damaged);
                    break;
            }

            try
            {
                codec.Decode(damaged, shape, back);
            }
            catch (InvalidFileException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(380), "a single state's end says nothing in one case of 65,536, a setting's byte nothing at all");
        Assert.That(model.Workspace.RentedCount, Is.Zero);
    }

    [Test]
    public void A_scale_finds_the_table_nearest_by_ratio()
    {
        Entropy.ScaleGrid grid = new(0.11, 256, ScaleTable.Count);
        for (float logScale = -4; logScale < 7; logScale += 0.0137f)
        {
            int index = ScaleTable.IndexOf(logScale);
            int exact = grid.GetIndex(Math.Exp(logScale));
            Assert.That(index, Is.EqualTo(exact).Within(0), $"{logScale}");
        }

        Assert.That(ScaleTable.IndexOf(float.NaN), Is.Zero);
        Assert.That(ScaleTable.IndexOf(float.PositiveInfinity), Is.EqualTo(ScaleTable.Count - 1));
    }

    private sealed class Recorder(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
