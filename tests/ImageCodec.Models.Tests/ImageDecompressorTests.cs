namespace ImageCodec.Models.Tests;

/// <summary>Any file by the codec that it needs.</summary>
public class ImageDecompressorTests
{
    private static readonly CodecFingerprint Foreign = CodecFingerprint.Of("another"u8);

    private readonly ImageDecompressor _decompressor = new() { MaxThreads = 2 };

    [OneTimeTearDown]
    public void Dispose() => _decompressor.Dispose();

    [Test]
    public void Golden_files_of_all_models_give_their_golden_pixels()
    {
        foreach (GoldenFile golden in GoldenFile.All)
        {
            Assert.That(GoldenFile.HashOf(_decompressor.Decompress(golden.Bytes)), Is.EqualTo(golden.Hash), golden.Model);
            Assert.That(GoldenFile.HashOf(ImageDecompressor.Shared.Decompress(golden.Bytes)), Is.EqualTo(golden.Hash), golden.Model);
        }
    }

    [Test]
    public async Task All_ways_give_the_same()
    {
        GoldenFile golden = GoldenFile.All.First(golden => golden.Model == "fitted");
        Progress progress = new();
        RgbImage[] pictures =
        [
            _decompressor.Decompress(golden.Bytes),
            _decompressor.Decompress(new MemoryStream(golden.Bytes)),
            await _decompressor.DecompressAsync(golden.Bytes, progress: progress),
            await _decompressor.DecompressAsync(new MemoryStream(golden.Bytes)),
            _decompressor.DecompressPrefix(golden.Bytes, new DecompressionOptions()),
        ];
        Assert.That(pictures.Select(GoldenFile.HashOf), Is.All.EqualTo(golden.Hash));
        Assert.That(progress.Last, Is.EqualTo(1));
    }

    [Test]
    public void Scales_are_those_of_the_compressor()
    {
        byte[] file = GoldenFile.All.Last(golden => golden.Model == "fitted").Bytes;
        DecompressionOptions half = new() { Scale = 2 };
        using ImageCompressor fitted = ImageCompressor.LoadPretrained("fitted");
        Assert.That(_decompressor.Decompress(file, half).Pixels.ToArray(), Is.EqualTo(fitted.Decompress(file, half).Pixels.ToArray()));
        Assert.That(_decompressor.DecompressPrefix(file, half).Pixels.ToArray(), Is.EqualTo(fitted.Decompress(file, half).Pixels.ToArray()));
        byte[] photo = GoldenFile.All.First(golden => golden.Model == "photo").Bytes;
        Assert.That(() => _decompressor.Decompress(photo, half), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => { _ = _decompressor.DecompressAsync(photo, new DecompressionOptions { Scale = 3 }); }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_file_of_an_unknown_codec_is_refused_by_what_it_needs_and_what_there_is()
    {
        byte[] file = IcdFile.Encode(Foreign, 7, 5, [1, 2, 3]);
        Assert.That(
            () => _decompressor.Decompress(file),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains(Foreign.ToString()).And.Message.Contains("baseline, fitted, photo").And.Property("Offset").EqualTo(2));
        file[^1] ^= 1;
        Assert.That(() => _decompressor.Decompress(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("checksum"));
    }

    [Test]
    public void Given_compressors_come_first_and_stay_their_owners()
    {
        GoldenFile golden = GoldenFile.All.First(golden => golden.Model == "strided");
        using ImageCompressor small = ImageCompressor.LoadPretrained("strided");
        small.MaxPixelCount = 1;
        using Autoencoder model = PretrainedModel.Get("strided").LoadModel();
        using ImageCompressor own = new(model.Encoder, model.Decoder, model.LatentCodec, Foreign);
        using (ImageDecompressor decompressor = new(small, own))
        {
            Assert.That(() => decompressor.Decompress(golden.Bytes), Throws.TypeOf<InvalidFileException>().With.Message.Contains("more than the 1 pixels"));
            byte[] file = own.Compress(TestPicture.Create(20, 10));
            Assert.That(decompressor.Decompress(file).Pixels.ToArray(), Is.EqualTo(own.Decompress(file).Pixels.ToArray()));
        }

        small.MaxPixelCount = ImageCompressor.DefaultMaxPixelCount;
        Assert.That(GoldenFile.HashOf(small.Decompress(golden.Bytes)), Is.EqualTo(golden.Hash));
        Assert.That(() => new ImageDecompressor(small, null!), Throws.ArgumentException.With.Message.Contains('1'));
    }

    [Test]
    public void The_limit_is_that_of_the_models_it_loads()
    {
        using ImageDecompressor careful = new() { MaxPixelCount = 256 };
        byte[] file = GoldenFile.All.First(golden => golden.Model == "strided").Bytes;
        Assert.That(() => careful.Decompress(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("256"));
        Assert.That(() => new ImageDecompressor { MaxPixelCount = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ImageDecompressor { MaxPixelCount = RgbImage.MaxPixelCount + 1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ImageDecompressor { MaxThreads = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_token_stops_the_work()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        foreach (GoldenFile golden in GoldenFile.All)
        {
            Assert.That(() => _decompressor.Decompress(golden.Bytes, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>(), golden.Model);
        }
    }

    [Test]
    public void Threads_may_share_one()
    {
        using ImageDecompressor shared = new() { MaxThreads = 1 };
        Parallel.ForEach(
            Enumerable.Range(0, 4).SelectMany(_ => GoldenFile.All), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            golden => Assert.That(GoldenFile.HashOf(shared.Decompress(golden.Bytes)), Is.EqualTo(golden.Hash), golden.Model));
    }

    [Test]
    public void Disposed_of_it_does_nothing_more_but_the_shared_one_goes_on()
    {
        GoldenFile golden = GoldenFile.All[0];
        ImageDecompressor decompressor = new();
        decompressor.Decompress(golden.Bytes);
        decompressor.Dispose();
        decompressor.Dispose();
        Assert.That(() => decompressor.Decompress(golden.Bytes), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => { _ = decompressor.DecompressAsync(golden.Bytes); }, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => decompressor.DecompressPrefix(golden.Bytes, new DecompressionOptions()), Throws.TypeOf<ObjectDisposedException>());

        ImageDecompressor.Shared.Dispose();
        Assert.That(GoldenFile.HashOf(ImageDecompressor.Shared.Decompress(golden.Bytes)), Is.EqualTo(golden.Hash));
    }

    [Test]
    public void Null_is_refused()
    {
        Assert.That(() => _decompressor.Decompress((Stream)null!), Throws.ArgumentNullException);
        Assert.That(() => { _ = _decompressor.DecompressAsync((Stream)null!); }, Throws.ArgumentNullException);
        Assert.That(() => _decompressor.DecompressPrefix(GoldenFile.All[0].Bytes, null!), Throws.ArgumentNullException);
    }

    /// <summary>Keeps the last value.</summary>
    private sealed class Progress : IProgress<double>
    {
        public double Last { get; private set; }

        public void Report(double value) => Last = value;
    }
}
