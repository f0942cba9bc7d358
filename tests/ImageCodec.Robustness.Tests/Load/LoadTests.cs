using ImageCodec.Entropy;
using ImageCodec.Models;
using ImageCodec.Robustness.Tests.Fuzzing;

namespace ImageCodec.Robustness.Tests.Load;

/// <summary>One compressor, many threads; the commands «threads» and «pictures» of this program take longer.</summary>
internal sealed class LoadTests
{
    private const int Threads = 16;

    [Test]
    public void Many_threads_get_the_results_of_one()
    {
        using SharedCompressor shared = new();
        Parallel.For(0, 4 * Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, shared.Work);
    }

    [Test]
    public void Memory_is_used_again_for_picture_after_picture()
    {
        using Autoencoder model = ModelFactory.CreateStrided(maxThreads: 1);
        using ImageCompressor compressor = new(model.Encoder, model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), ContextCoder.Instance), new CodecFingerprint(1));
        RgbImage picture = TinyModel.CreatePicture(64, 48);
        compressor.CompressAndReconstruct(picture);
        long allocations = model.Workspace.AllocationCount;

        for (int i = 0; i < 50; i++)
        {
            compressor.CompressAndReconstruct(picture);
        }

        Assert.That(model.Workspace.AllocationCount, Is.EqualTo(allocations));
        Assert.That(model.Workspace.RentedCount, Is.Zero);
    }

    /// <summary>Memory that is still in use must not go: this would end the whole process.</summary>
    [Test]
    public void Disposal_in_the_midst_of_work_is_an_exception_for_those_who_work()
    {
        RgbImage picture = TinyModel.CreatePicture(160, 120);
        for (int round = 0; round < 5; round++)
        {
            ImageCompressor compressor = ImageCompressor.LoadPretrained(maxThreads: 2);
            byte[] file = compressor.Compress(picture);
            byte[] pixels = compressor.Decompress(file).Pixels.ToArray();
            using CountdownEvent working = new(Threads);
            Task[] workers = [.. Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    working.Signal();
                    while (true)
                    {
                        try
                        {
                            Assert.That(compressor.Compress(picture), Is.EqualTo(file));
                            Assert.That(compressor.Decompress(file).Pixels.SequenceEqual(pixels));
                        }
                        catch (ObjectDisposedException)
                        {
                            return;
                        }
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            working.Wait();
            compressor.Dispose();

            Assert.That(() => Task.WaitAll(workers), Throws.Nothing);
            Assert.That(() => compressor.Compress(picture), Throws.TypeOf<ObjectDisposedException>());
        }
    }
}
