using System.Buffers;
using System.Collections.Concurrent;

namespace ImageCodec.Models.Tests;

/// <summary>Streams, buffers and asynchronous work give the very bytes and pixels that the plain methods give.</summary>
public class CompressorStreamTests
{
    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained();
    private readonly RgbImage _picture = TestPicture.Create(70, 50);

    [OneTimeTearDown]
    public void Free() => _compressor.Dispose();

    [Test]
    public async Task Every_way_gives_the_same_file()
    {
        CompressionOptions options = new() { Quality = 60 };
        byte[] expected = _compressor.Compress(_picture, options);

        ArrayBufferWriter<byte> buffer = new();
        _compressor.Compress(_picture, buffer, options);
        Assert.That(buffer.WrittenSpan.ToArray(), Is.EqualTo(expected));

        using MemoryStream stream = new();
        _compressor.Compress(_picture, stream, options);
        await _compressor.CompressAsync(_picture, stream, options);
        Assert.That(stream.ToArray(), Is.EqualTo((byte[])[.. expected, .. expected]), "the stream stays open");

        Assert.That(await _compressor.CompressAsync(_picture, options), Is.EqualTo(expected));
    }

    [Test]
    public async Task Every_way_gives_the_same_pixels()
    {
        byte[] file = _compressor.Compress(_picture);
        byte[] expected = _compressor.Decompress(file).Pixels.ToArray();

        using Trickle trickle = new(file);
        Assert.That(_compressor.Decompress(trickle).Pixels.ToArray(), Is.EqualTo(expected));
        Assert.That((await _compressor.DecompressAsync(new Trickle(file))).Pixels.ToArray(), Is.EqualTo(expected));
        Assert.That((await _compressor.DecompressAsync(file)).Pixels.ToArray(), Is.EqualTo(expected));
        using MemoryStream second = new([0, .. file]) { Position = 1 };
        Assert.That(_compressor.Decompress(second).Pixels.ToArray(), Is.EqualTo(expected), "what is left of a stream counts");
    }

    [Test]
    public async Task Asynchronous_work_does_not_hold_the_caller()
    {
        using Gate gate = new();
        using ImageCompressor compressor = new(gate, new Grey(), new QuantizedLatentCodec(new UniformQuantizer(isSigned: false), Entropy.AdaptiveCoder.Instance), new CodecFingerprint(1));

        Task<byte[]> task = compressor.CompressAsync(_picture);
        Assert.That(task.IsCompleted, Is.False);
        gate.Open();

        Assert.That(IcdFile.Read(await task).Width, Is.EqualTo(_picture.Width));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Progress_rises_to_one_tile_by_tile(bool seeksPsnr)
    {
        RgbImage large = TestPicture.Create(2200, 40);
        Steps steps = new();
        byte[] file = await _compressor.CompressAsync(large, seeksPsnr ? new CompressionOptions { Psnr = 20 } : null, steps);
        AssertRising(steps, atLeast: 3);

        Steps whole = new();
        CompressionResult result = await _compressor.CompressAndReconstructAsync(large, progress: whole);
        AssertRising(whole, atLeast: 6);
        Assert.That(result.File, Is.EqualTo(_compressor.Compress(large)));

        Steps back = new();
        await _compressor.DecompressAsync(file, progress: back);
        AssertRising(back, atLeast: 3);
    }

    [Test]
    public async Task Own_transforms_are_one_step()
    {
        using Gate gate = new();
        gate.Open();
        using ImageCompressor compressor = new(gate, new Grey(), new QuantizedLatentCodec(new UniformQuantizer(isSigned: false), Entropy.AdaptiveCoder.Instance), new CodecFingerprint(1));
        Steps steps = new();
        await compressor.CompressAsync(_picture, progress: steps);
        Assert.That(steps, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public async Task A_stopped_token_stops_before_anything_is_written()
    {
        using MemoryStream stream = new();
        CancellationToken stopped = new(canceled: true);
        Assert.That(async () => await _compressor.CompressAsync(_picture, stream, cancellationToken: stopped), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stream.Length, Is.Zero);
        byte[] file = await _compressor.CompressAsync(_picture);
        Assert.That(async () => await _compressor.DecompressAsync(file, cancellationToken: stopped), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Callers_mistakes_are_thrown_at_once_and_bad_files_by_the_task()
    {
        Assert.That(() => { _ = _compressor.CompressAsync(null!); }, Throws.ArgumentNullException);
        Assert.That(() => { _ = _compressor.CompressAsync(_picture, (Stream)null!); }, Throws.ArgumentNullException);
        Assert.That(() => { _ = _compressor.DecompressAsync((Stream)null!); }, Throws.ArgumentNullException);
        Assert.That(() => _compressor.Compress(_picture, (IBufferWriter<byte>)null!), Throws.ArgumentNullException);
        Assert.That(async () => await _compressor.DecompressAsync(new MemoryStream([1, 2, 3])), Throws.TypeOf<InvalidFileException>());
        ImageCompressor disposed = ImageCompressor.LoadPretrained();
        disposed.Dispose();
        Assert.That(() => { _ = disposed.CompressAsync(_picture); }, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => { _ = disposed.DecompressAsync(new byte[20]); }, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Identify_names_the_model_without_decoding()
    {
        byte[] file = _compressor.Compress(_picture);
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, file);
            foreach (IcdInfo info in new[]
            {
                ImageCompressor.Identify(file), ImageCompressor.Identify(new Trickle(file)), ImageCompressor.Identify(path),
                await ImageCompressor.IdentifyAsync(new Trickle(file)), await ImageCompressor.IdentifyAsync(path),
            })
            {
                Assert.That((info.Width, info.Height, info.FileLength, info.Version), Is.EqualTo((70, 50, file.Length, 1)));
                Assert.That((info.ModelName, info.Fingerprint), Is.EqualTo((PretrainedModel.DefaultName, _compressor.Fingerprint)));
                Assert.That(info.BitsPerPixel, Is.EqualTo(8.0 * file.Length / (70 * 50)).Within(1e-12));
            }
        }
        finally
        {
            File.Delete(path);
        }

        byte[] foreign = IcdFile.Encode(CodecFingerprint.Of("another"u8), 7, 5, [1, 2, 3]);
        Assert.That(ImageCompressor.Identify(foreign).ModelName, Is.Null);
        file[^1] ^= 1;
        Assert.That(() => ImageCompressor.Identify(file), Throws.TypeOf<InvalidFileException>());
    }

    private static void AssertRising(Steps steps, int atLeast)
    {
        double[] values = [.. steps];
        Assert.That(values, Has.Length.AtLeast(atLeast).And.Ordered.And.Unique);
        Assert.That(values[0], Is.GreaterThan(0));
        Assert.That(values[^1], Is.EqualTo(1));
    }

    /// <summary>Keeps what it is told, in order.</summary>
    private sealed class Steps : ConcurrentQueue<double>, IProgress<double>
    {
        public void Report(double value) => Enqueue(value);
    }

    /// <summary>A stream that can't seek and gives few bytes at a time, as networks do.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 3));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 3)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 3)], cancellationToken);
    }

    /// <summary>An encoder that waits until it is let go.</summary>
    private sealed class Gate : IEncoder, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public int Stride => 8;

        public int LatentChannels => 1;

        public void Open() => _open.Set();

        public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default)
        {
            Assert.That(_open.Wait(TimeSpan.FromSeconds(60), cancellationToken), Is.True);
            latent.Fill(0.5f);
        }

        public void Dispose() => _open.Dispose();
    }

    private sealed class Grey : IDecoder
    {
        public int Stride => 8;

        public int LatentChannels => 1;

        public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default) =>
            picture.Fill(0.5f);
    }
}
