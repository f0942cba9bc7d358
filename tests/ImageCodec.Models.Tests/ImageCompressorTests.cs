using ImageCodec.Entropy;

namespace ImageCodec.Models.Tests;

/// <summary>The whole way from a picture to a file and back.</summary>
public class ImageCompressorTests
{
    private const int Overhead = 12;

    private ImageCompressor _compressor = null!;

    [OneTimeSetUp]
    public void Load() => _compressor = ImageCompressor.Load(Path.Combine(NetworkFixture.Folder, "strided.pth"));

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [TestCase(1, 1)]
    [TestCase(17, 33)]
    [TestCase(128, 128)]
    [TestCase(500, 333)]
    [TestCase(1, 300)]
    public void Any_size_comes_back_as_it_was_foreseen(int width, int height)
    {
        RgbImage image = TestPicture.Create(width, height);

        CompressionResult result = _compressor.CompressAndReconstruct(image);
        RgbImage back = _compressor.Decompress(result.File);

        Assert.That((back.Width, back.Height), Is.EqualTo((width, height)));
        Assert.That(back.Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True, "the pixels are those foreseen");
        Assert.That(_compressor.Compress(image), Is.EqualTo(result.File));
        Assert.That(result.Psnr, Is.EqualTo(Metrics.Psnr(image, back)));
        Assert.That(result.BitsPerPixel, Is.EqualTo(8.0 * result.File.Length / (width * height)));
        Assert.That(result.Level, Is.EqualTo(2), "a PyTorch checkpoint says nothing of bits");
    }

    [TestCase("baseline")]
    [TestCase("residual")]
    [TestCase("vae")]
    [TestCase("vae-spatial")]
    public void Every_architecture_takes_odd_sizes(string architecture)
    {
        using Autoencoder model = ModelFactory.Create(architecture, seed: 3);
        using ImageCompressor compressor = new(
            model.Encoder, model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(isSigned: architecture.StartsWith("vae", StringComparison.Ordinal)), AdaptiveCoder.Instance), new CodecFingerprint(7));
        foreach ((int width, int height) in new[] { (1, 1), (17, 33), (130, 40) })
        {
            CompressionResult result = compressor.CompressAndReconstruct(TestPicture.Create(width, height));

            Assert.That((result.Reconstruction.Width, result.Reconstruction.Height), Is.EqualTo((width, height)));
            Assert.That(compressor.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
        }
    }

    [Test]
    public void A_level_can_be_asked_for()
    {
        RgbImage image = TestPicture.Create(40, 30);
        Assert.That((_compressor.LevelCount, _compressor.DefaultLevel), Is.EqualTo((8, 2)));
        Assert.That(_compressor.CompressAndReconstruct(image, new CompressionOptions { Level = 5 }).Level, Is.EqualTo(5));
        Assert.That(() => _compressor.Compress(image, new CompressionOptions { Level = 9 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _compressor.CompressAsync(image, new CompressionOptions { Level = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>(), "at once, not by the task");
        Assert.That(() => _compressor.Compress(image, new CompressionOptions { Level = 1, Quality = 1 }), Throws.ArgumentException);
    }

    [Test]
    public void A_file_is_at_most_twelve_bytes_longer_than_its_payload()
    {
        byte[] file = _compressor.Compress(TestPicture.Create(128, 128));

        // Beside the coder's bytes the body has two of side information.
        Assert.That(file.Length - (IcdFile.Read(file).Body.Length - 2), Is.LessThanOrEqualTo(Overhead));
    }

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] file = _compressor.Compress(TestPicture.Create(40, 24));
        for (int length = 0; length < file.Length; length++)
        {
            AssertRefused(_compressor, file[..length], $"cut at {length}");
        }

        AssertRefused(_compressor, [.. file, 0], "with a byte more");
    }

    [Test]
    public void A_file_with_any_bit_or_byte_changed_is_refused()
    {
        byte[] file = _compressor.Compress(TestPicture.Create(40, 24));
        for (int i = 0; i < file.Length; i++)
        {
            foreach (int change in new[] { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF, 0x55 })
            {
                byte[] damaged = [.. file];
                damaged[i] ^= (byte)change;
                AssertRefused(_compressor, damaged, $"byte {i} changed by {change:X2}");
            }
        }
    }

    [Test]
    public void A_damaged_body_under_a_right_checksum_gives_a_picture_or_is_refused()
    {
        IcdFile file = IcdFile.Read(_compressor.Compress(TestPicture.Create(24, 16)));
        NeuralNetworks.RandomSource random = new(5);
        for (int attempt = 0; attempt < 300; attempt++)
        {
            byte[] body = file.Body.ToArray()[..random.Next(file.Body.Length + 1)];
            for (int i = random.Next(4); i > 0 && body.Length > 0; i--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            byte[] forged = IcdFile.Encode(file.Fingerprint, file.Width, file.Height, body);
            try
            {
                Assert.That(_compressor.Decompress(forged).Width, Is.EqualTo(24));
            }
            catch (InvalidFileException)
            {
                // The one exception that bytes may cause.
            }
        }
    }

    [Test]
    public void The_file_of_another_codec_is_refused_by_name()
    {
        byte[] file = _compressor.Compress(TestPicture.Create(8, 8));
        using Autoencoder model = ModelFactory.CreateStrided();
        using ImageCompressor other = new(model.Encoder, model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), AdaptiveCoder.Instance), new CodecFingerprint(0xABCDEF));

        InvalidFileException error = Assert.Throws<InvalidFileException>(() => other.Decompress(file))!;

        Assert.That(error.Message, Does.Contain(_compressor.Fingerprint.ToString()).And.Contain("abcdef"));
    }

    [TestCase(ImageCompressor.DefaultMaxPixelCount + 1, 1)]
    [TestCase(ImageCompressor.DefaultMaxPixelCount, 1, Description = "rounded up to blocks of 8 it has 8 times as many pixels")]
    [TestCase(1, (ImageCompressor.DefaultMaxPixelCount / 8) + 1)]
    [TestCase(RgbImage.MaxPixelCount, 1)]
    [TestCase(10_100, 10_100)]
    public void A_file_that_declares_too_many_pixels_is_refused(int width, int height)
    {
        byte[] file = IcdFile.Encode(_compressor.Fingerprint, width, height, [0, 0, 0, 0]);

        AssertRefused(_compressor, file, $"{width}×{height}");
        using Autoencoder vae = ModelFactory.CreateVae();
        using ImageCompressor wide = new(vae.Encoder, vae.Decoder, new QuantizedLatentCodec(new UniformQuantizer(isSigned: true), AdaptiveCoder.Instance), _compressor.Fingerprint);
        AssertRefused(wide, file, $"{width}×{height}, blocks of 128");
    }

    [Test]
    public void A_picture_with_too_many_pixels_is_refused()
    {
        RgbImage narrow = new((ImageCompressor.DefaultMaxPixelCount / 8) + 1, 1);

        Assert.That(() => _compressor.Compress(narrow), Throws.ArgumentException.With.Message.Contains(ImageCompressor.DefaultMaxPixelCount.ToString()));
        Assert.That(() => _compressor.CompressAndReconstruct(narrow), Throws.ArgumentException.With.Message.Contains($"{narrow.Width}×1"));
    }

    [Test]
    public void The_limit_on_pixels_can_be_set_both_ways()
    {
        RgbImage image = TestPicture.Create(16, 10);
        byte[] file = _compressor.Compress(image);
        using ImageCompressor limited = ImageCompressor.Load(Path.Combine(NetworkFixture.Folder, "strided.pth"));
        Assert.That(limited.MaxPixelCount, Is.EqualTo(100_000_000));

        limited.MaxPixelCount = 16 * 16;
        Assert.That(limited.Compress(image), Is.EqualTo(file));
        Assert.That(limited.Decompress(file).PixelCount, Is.EqualTo(160));

        limited.MaxPixelCount--;
        Assert.That(() => limited.Compress(image), Throws.ArgumentException.With.Message.Contains("255"));
        AssertRefused(limited, file, "one pixel more than the limit");
        Assert.That(() => limited.MaxPixelCount = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => limited.MaxPixelCount = RgbImage.MaxPixelCount + 1, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Quality_and_targets_choose_the_nearest_setting()
    {
        RgbImage image = TestPicture.Create(40, 24);
        CompressionResult[] all = [.. Enumerable.Range(1, 8).Select(level =>
            _compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = level * 95 / 8 }))];

        Assert.That(all.Select(result => result.Level), Is.EqualTo(Enumerable.Range(1, 8)));
        Assert.That(all.Select(result => result.File.Length), Is.Ordered.Ascending);
        Assert.That(_compressor.CompressAndReconstruct(image, new CompressionOptions { Quality = 1 }).Level, Is.EqualTo(1));
        foreach (CompressionResult wanted in all)
        {
            CompressionOptions options = new() { BitsPerPixel = wanted.BitsPerPixel * 1.0001 };
            Assert.That(_compressor.Compress(image, options), Is.EqualTo(wanted.File));
            CompressionResult best = all.MinBy(result => Math.Abs(result.Psnr - wanted.Psnr - 0.0001))!;
            Assert.That(_compressor.CompressAndReconstruct(image, new CompressionOptions { Psnr = wanted.Psnr + 0.0001 }).File, Is.EqualTo(best.File));
            Assert.That(_compressor.Compress(image, new CompressionOptions { Psnr = wanted.Psnr + 0.0001 }), Is.EqualTo(best.File));
        }

        foreach (double score in new[] { 0.5, 20, 40, 60, 80, 100 })
        {
            CompressionResult best = all.MinBy(result => Math.Abs(Metrics.Ssimulacra2(image, result.Reconstruction) - score))!;
            Assert.That(_compressor.Compress(image, new CompressionOptions { Ssimulacra2 = score }), Is.EqualTo(best.File), $"{score}");
        }
    }

    public static IEnumerable<CompressionOptions> Contradictions =>
    [
        new() { Quality = 0 }, new() { Quality = 101 }, new() { Quality = 50, BitsPerPixel = 1 }, new() { Quality = 50, Psnr = 30 },
        new() { BitsPerPixel = 1, Psnr = 30 }, new() { BitsPerPixel = 0 }, new() { BitsPerPixel = -1 }, new() { BitsPerPixel = double.NaN },
        new() { BitsPerPixel = double.PositiveInfinity }, new() { Psnr = 0 }, new() { Psnr = double.NaN },
        new() { Ssimulacra2 = 0 }, new() { Ssimulacra2 = 100.1 }, new() { Ssimulacra2 = double.NaN }, new() { Psnr = 30, Ssimulacra2 = 70 },
        new() { Quality = 50, Ssimulacra2 = 70 }, new() { Level = 1, Ssimulacra2 = 70 },
    ];

    [TestCaseSource(nameof(Contradictions))]
    public void Options_that_make_no_sense_are_refused(CompressionOptions options)
    {
        RgbImage image = TestPicture.Create(8, 8);

        Assert.That(() => _compressor.Compress(image, options), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _compressor.CompressAndReconstruct(image, options), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Many_threads_get_equal_results()
    {
        (RgbImage Image, byte[] File)[] pictures = [.. new[] { (64, 64), (17, 33), (100, 40) }
            .Select(size => TestPicture.Create(size.Item1, size.Item2)).Select(image => (image, _compressor.Compress(image)))];
        byte[][] decoded = [.. pictures.Select(p => _compressor.Decompress(p.File).Pixels.ToArray())];

        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int which = i % pictures.Length;
            Assert.That(_compressor.Compress(pictures[which].Image), Is.EqualTo(pictures[which].File));
            Assert.That(_compressor.Decompress(pictures[which].File).Pixels.SequenceEqual(decoded[which]), Is.True);
        });
    }

    [Test]
    public void A_disposed_compressor_refuses_to_work()
    {
        ImageCompressor compressor = ImageCompressor.Load(Path.Combine(NetworkFixture.Folder, "strided.pth"));
        RgbImage image = TestPicture.Create(8, 8);
        byte[] file = compressor.Compress(image);
        compressor.Dispose();
        compressor.Dispose();

        Assert.That(() => compressor.Compress(image), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => compressor.CompressAndReconstruct(image), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => compressor.Decompress(file), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Work_can_be_stopped()
    {
        using CancellationTokenSource source = new();
        RgbImage image = TestPicture.Create(8, 8);
        byte[] file = _compressor.Compress(image);
        source.Cancel();

        Assert.That(() => _compressor.Compress(image, null, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => _compressor.CompressAndReconstruct(image, null, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => _compressor.Decompress(file, cancellationToken: source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Work_on_a_large_picture_can_be_stopped_in_its_midst()
    {
        using CancellationTokenSource source = new();
        RgbImage image = TestPicture.Create(2500, 2500);
        Task<byte[]> work = Task.Run(() => _compressor.Compress(image, null, source.Token));

        source.CancelAfter(TimeSpan.FromMilliseconds(50));

        try
        {
            await work;
            Assert.Fail("The work went on to its end.");
        }
        catch (OperationCanceledException)
        {
            Assert.That(source.IsCancellationRequested);
        }
    }

    [Test]
    public void Stopped_work_goes_no_further_and_gives_everything_back()
    {
        using CancellationTokenSource source = new();
        using Autoencoder model = ModelFactory.CreateStrided();
        using ImageCompressor whole = new(model.Encoder, model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), ContextCoder.Instance), new CodecFingerprint(1));
        using ImageCompressor stopping = new(model.Encoder, model.Decoder, new QuantizedLatentCodec(new StoppingQuantizer(source), ContextCoder.Instance), new CodecFingerprint(1));
        RgbImage image = TestPicture.Create(64, 48);
        byte[] file = whole.Compress(image);

        Assert.That(() => stopping.Decompress(file, cancellationToken: source.Token), Throws.InstanceOf<OperationCanceledException>(), "between symbols and network");
        Assert.That(() => stopping.Compress(image, null, source.Token), Throws.InstanceOf<OperationCanceledException>(), "in the network");
        Assert.That(model.Workspace.RentedCount, Is.Zero);
    }

    [Test]
    public void Null_is_refused()
    {
        Assert.That(() => _compressor.Compress(null!), Throws.ArgumentNullException);
        Assert.That(() => _compressor.CompressAndReconstruct(null!), Throws.ArgumentNullException);
        Assert.That(() => _compressor.CompressAndReconstruct(null!, new CompressionOptions { Psnr = 30 }), Throws.ArgumentNullException);
        Assert.That(() => ImageCompressor.Load(""), Throws.ArgumentException);
        Assert.That(() => ImageCompressor.LoadPretrained("no such model"), Throws.ArgumentException.With.Message.Contains("no such model"));
    }

    [Test]
    public void The_number_of_threads_changes_nothing()
    {
        RgbImage image = TestPicture.Create(100, 60);
        byte[] file = _compressor.Compress(image);
        byte[] pixels = _compressor.Decompress(file).Pixels.ToArray();
        for (int threads = 1; threads <= 3; threads++)
        {
            using ImageCompressor bounded = ImageCompressor.Load(Path.Combine(NetworkFixture.Folder, "strided.pth"), threads);
            Assert.That(bounded.Compress(image), Is.EqualTo(file));
            Assert.That(bounded.Decompress(file).Pixels.SequenceEqual(pixels), Is.True);
        }
    }

    /// <summary>Is stopped while it works, as by another thread.</summary>
    private sealed class StoppingQuantizer(CancellationTokenSource source) : IQuantizer
    {
        private readonly UniformQuantizer _inner = new();

        public int LevelCount => _inner.LevelCount;

        public int GetSideInformationLength(TensorShape latentShape) => _inner.GetSideInformationLength(latentShape);

        public void Quantize(
            ReadOnlySpan<float> latent, TensorShape latentShape, int level, Span<byte> symbols, Span<byte> sideInformation, CancellationToken cancellationToken = default) =>
            _inner.Quantize(latent, latentShape, level, symbols, sideInformation, cancellationToken);

        public void Dequantize(
            ReadOnlySpan<byte> symbols, TensorShape latentShape, ReadOnlySpan<byte> sideInformation, Span<float> latent, CancellationToken cancellationToken = default)
        {
            source.Cancel();

            // What comes after is to see the token.
            _inner.Dequantize(symbols, latentShape, sideInformation, latent, CancellationToken.None);
        }
    }

    private static void AssertRefused(ImageCompressor compressor, byte[] file, string what) =>
        Assert.That(() => compressor.Decompress(file), Throws.TypeOf<InvalidFileException>(), what);
}
