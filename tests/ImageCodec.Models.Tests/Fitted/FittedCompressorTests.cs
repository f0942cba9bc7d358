using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The model <c>fitted</c> through the compressor, on pictures so small that fitting is quick.</summary>
public class FittedCompressorTests
{
    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained("fitted", maxThreads: 2);

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [TestCase(1, 1)]
    [TestCase(9, 3)]
    [TestCase(48, 40)]
    public void What_is_said_to_come_out_comes_out(int width, int height)
    {
        RgbImage image = TestPicture.Create(width, height);
        CompressionResult result = _compressor.CompressAndReconstruct(image);
        RgbImage back = _compressor.Decompress(result.File);
        Assert.That((back.Width, back.Height), Is.EqualTo((width, height)));
        Assert.That(back.Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
        Assert.That(result.Level, Is.EqualTo(_compressor.DefaultLevel));
        Assert.That(_compressor.Compress(image), Is.EqualTo(result.File), "the same options and machine give the same file");
        Assert.That(ImageCompressor.Identify(result.File).ModelName, Is.EqualTo("fitted"));
    }

    [Test]
    public void Levels_and_qualities_go_from_small_files_to_good_pictures()
    {
        RgbImage image = TestPicture.Create(48, 48);
        CompressionResult[] results =
        [
            _compressor.CompressAndReconstruct(image, new CompressionOptions { Level = 1 }),
            _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = 50 }),
            _compressor.CompressAndReconstruct(image, new CompressionOptions { Level = 32 }),
        ];
        Assert.That(results.Select(result => result.Level), Is.EqualTo(new[] { 1, 16, 32 }));
        Assert.That(results.Select(result => result.File.Length), Is.Ordered.Ascending);
        Assert.That(results[1].Psnr, Is.GreaterThan(results[0].Psnr));
        Assert.That(_compressor.Compress(image, new CompressionOptions { Quality = 100 }), Is.EqualTo(results[2].File));
        Assert.That(results.Select(result => FittedInfo.Read(result.File).Level), Is.EqualTo(new[] { 1, 16, 32 }));
        Assert.That(() => _compressor.Compress(image, new CompressionOptions { Level = 33 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_score_of_ssimulacra2_is_refused_before_any_work_with_a_way_out()
    {
        RgbImage image = TestPicture.Create(48, 48);
        CompressionOptions options = new() { Ssimulacra2 = 70 };
        Assert.That(() => _compressor.Compress(image, options), Throws.TypeOf<NotSupportedException>().With.Message.Contains("«fitted»").And.Message.Contains("Set a PSNR"));
        Assert.That(() => _compressor.Check(options), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void More_effort_makes_something_better()
    {
        RgbImage image = TestPicture.Create(48, 48);
        double[] costs = [.. new[] { 0, 2 }.Select(effort =>
        {
            CompressionResult result = _compressor.CompressAndReconstruct(image, new CompressionOptions { Effort = effort });
            return result.BitsPerPixel * FittedPriors.Lambda(result.Level - 1) + Math.Pow(10, -result.Psnr / 10);
        })];
        Assert.That(costs[1], Is.LessThan(costs[0]));
    }

    [Test]
    public async Task Finishing_at_any_moment_gives_a_valid_file([Values(0, 20, 150, 600)] int milliseconds)
    {
        using CancellationTokenSource finish = new();
        RgbImage image = TestPicture.Create(40, 40);
        if (milliseconds == 0)
        {
            await finish.CancelAsync();
        }

        finish.CancelAfter(milliseconds);
        CompressionResult result = await _compressor.CompressAndReconstructAsync(image, new CompressionOptions { Effort = 9, FinishToken = finish.Token });

        Assert.That(finish.IsCancellationRequested, Is.True, "it went on to the end");
        Assert.That(_compressor.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
    }

    [TestCase(0)]
    [TestCase(100)]
    public void Cancelling_stops_without_a_file(int milliseconds)
    {
        using CancellationTokenSource stop = new();
        if (milliseconds == 0)
        {
            stop.Cancel();
        }

        stop.CancelAfter(milliseconds);
        Assert.That(
            () => _compressor.Compress(TestPicture.Create(64, 64), new CompressionOptions { Effort = 9 }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        byte[] file = _compressor.Compress(TestPicture.Create(16, 16));
        stop.Cancel();
        Assert.That(() => _compressor.Decompress(file, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Progress_rises_to_one()
    {
        List<double> told = [];
        _compressor.CompressAsync(TestPicture.Create(32, 32), null, new Collector(told)).Wait();
        Assert.That(told, Is.Ordered.Ascending.And.Count.GreaterThan(10));
        Assert.That((told[0] > 0, told[^1]), Is.EqualTo((true, 1.0)));
    }

    [Test]
    public void Many_threads_may_share_it()
    {
        RgbImage[] images = [TestPicture.Create(24, 20), TestPicture.Create(33, 17)];
        byte[][] files = [.. images.Select(image => _compressor.Compress(image))];
        byte[][] pixels = [.. files.Select(file => _compressor.Decompress(file).Pixels.ToArray())];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            Assert.That(_compressor.Compress(images[i % 2]), Is.EqualTo(files[i % 2]));
            Assert.That(_compressor.Decompress(files[i % 2]).Pixels.SequenceEqual(pixels[i % 2]), Is.True);
        });
    }

    [Test]
    public void A_picture_that_is_too_large_is_refused_both_ways()
    {
        using ImageCompressor careful = ImageCompressor.LoadPretrained("fitted");
        byte[] file = careful.Compress(TestPicture.Create(20, 10));
        careful.MaxPixelCount = 199;
        Assert.That(() => careful.Compress(TestPicture.Create(20, 10)), Throws.ArgumentException);
        Assert.That(() => careful.Decompress(file), Throws.TypeOf<InvalidFileException>());
        Assert.That(() => careful.DecompressPrefix(file.AsMemory(0, file.Length - 1), new DecompressionOptions()), Throws.TypeOf<InvalidFileException>());
        Assert.That(() => FittedInfo.Read(file, 199), Throws.TypeOf<InvalidFileException>());
    }

    private sealed class Collector(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
