namespace ImageCodec.Models.Tests.Residuals;

/// <summary>Files that hold a picture exactly, or nearly so.</summary>
public sealed class NearLosslessTests
{
    private ImageCompressor _compressor = null!;

    [OneTimeSetUp]
    public void Load() => _compressor = ImageCompressor.LoadPretrained();

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [TestCase("photo")]
    [TestCase("strided")]
    [TestCase("vae")]
    public void Every_model_with_transforms_keeps_pictures_exactly(string model)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained(model);
        foreach ((int width, int height) in new[] { (1, 1), (37, 23), (130, 70) })
        {
            RgbImage picture = TestPicture.Create(width, height);
            CompressionResult result = compressor.CompressAndReconstruct(picture, new CompressionOptions { MaxError = 0 });
            Assert.That(compressor.Decompress(result.File).Pixels.SequenceEqual(picture.Pixels), Is.True);
            Assert.That(result.Reconstruction.Pixels.SequenceEqual(picture.Pixels), Is.True);
            Assert.That((result.Psnr, result.IsTargetReached), Is.EqualTo((double.PositiveInfinity, true)));
            Assert.That(ImageCompressor.Identify(result.File).Boxes.Select(box => box.Name), Is.EqualTo(new[] { "residual" }));
        }
    }

    [Test]
    public void Grey_and_alpha_come_back_exactly_even_where_nothing_is_seen()
    {
        RgbImage picture = TestPicture.Create(40, 30);
        for (int i = 0; i < picture.Pixels.Length; i += 3)
        {
            picture.Pixels.Slice(i, 3).Fill(picture.Pixels[i + 2]);
        }

        picture.IsGrey = true;
        Span<byte> alpha = picture.AddAlpha();
        for (int i = 0; i < alpha.Length; i++)
        {
            alpha[i] = (byte)(i % 7 == 0 ? 0 : i);
        }

        RgbImage back = _compressor.Decompress(_compressor.Compress(picture, new CompressionOptions { MaxError = 0 }));
        Assert.That(back.IsGrey, Is.True);
        Assert.That(back.Pixels.SequenceEqual(picture.Pixels), Is.True);
        Assert.That(back.Alpha.SequenceEqual(picture.Alpha), Is.True);
    }

    [TestCase(95, null)]
    [TestCase(96, 4)]
    [TestCase(97, 3)]
    [TestCase(98, 2)]
    [TestCase(99, 1)]
    [TestCase(100, 0)]
    public void The_highest_qualities_have_a_largest_error(int quality, int? maxError)
    {
        RgbImage picture = TestPicture.Create(61, 47);
        byte[] file = _compressor.Compress(picture, new CompressionOptions { Quality = quality });
        byte[] expected = _compressor.Compress(
            picture, maxError is { } error ? new CompressionOptions { MaxError = error } : new CompressionOptions { Level = _compressor.LevelCount });
        Assert.That(file, Is.EqualTo(expected));
    }

    [Test]
    public void A_PSNR_beyond_the_levels_is_come_near_by_residuals()
    {
        RgbImage picture = TestPicture.Create(160, 120);
        double best = _compressor.CompressAndReconstruct(picture, new CompressionOptions { Level = _compressor.LevelCount }).Psnr;
        Assert.That(best, Is.LessThan(40), "or this tests nothing");
        foreach ((double wanted, double least, double most) in new[] { (42.0, 41.5, 44), (45.0, 44.6, 46.5), (50.0, 49.5, 51) })
        {
            CompressionResult result = _compressor.CompressAndReconstruct(picture, new CompressionOptions { Psnr = wanted });
            Assert.That(result.Psnr, Is.InRange(least, most));
        }

        CompressionResult exact = _compressor.CompressAndReconstruct(picture, new CompressionOptions { Psnr = 99 });
        Assert.That((exact.Psnr, exact.IsTargetReached), Is.EqualTo((double.PositiveInfinity, false)));
        Assert.That(
            ImageCompressor.Identify(_compressor.Compress(picture, new CompressionOptions { Psnr = best - 2 })).Boxes, Is.Empty, "What a level reaches is left to it.");
    }

    [Test]
    public void What_can_not_be_had_is_told_before_any_work()
    {
        using ImageCompressor fitted = ImageCompressor.LoadPretrained("fitted");
        RgbImage picture = TestPicture.Create(8, 8);
        Assert.That(() => fitted.Compress(picture, new CompressionOptions { MaxError = 0 }), Throws.TypeOf<NotSupportedException>().With.Message.Contains("«photo»"));
        Assert.That(ImageCompressor.Identify(fitted.Compress(picture, new CompressionOptions { Quality = 100 })).Boxes, Is.Empty);
        Assert.That(() => _compressor.Compress(picture, new CompressionOptions { MaxError = 33 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _compressor.Compress(picture, new CompressionOptions { MaxError = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _compressor.Compress(picture, new CompressionOptions { MaxError = 1, Psnr = 40 }), Throws.ArgumentException);
    }

    [Test]
    public async Task Progress_rises_to_one_both_ways()
    {
        RgbImage picture = TestPicture.Create(64, 48);
        Rising told = new();
        byte[] file = await _compressor.CompressAsync(picture, new CompressionOptions { MaxError = 0 }, told);
        Assert.That(told.Last, Is.EqualTo(1).Within(1e-9));
        told = new Rising();
        await _compressor.DecompressAsync(file, progress: told);
        Assert.That(told.Last, Is.EqualTo(1).Within(1e-9));
        told = new Rising();
        await _compressor.CompressAsync(picture, new CompressionOptions { Psnr = 48 }, told);
        Assert.That(told.Last, Is.EqualTo(1).Within(1e-9));
    }

    private sealed class Rising : IProgress<double>
    {
        public double Last { get; private set; }

        public void Report(double value)
        {
            Assert.That(value, Is.GreaterThanOrEqualTo(Last - 1e-9));
            Last = value;
        }
    }
}
