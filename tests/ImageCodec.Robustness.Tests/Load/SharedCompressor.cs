using System.Diagnostics;
using System.Globalization;
using ImageCodec.Robustness.Tests.Fuzzing;

namespace ImageCodec.Robustness.Tests.Load;

/// <summary>One compressor that many threads work with, on pictures whose results are known.</summary>
internal sealed class SharedCompressor : IDisposable
{
    private static readonly (int Width, int Height)[] Sizes = [(1, 1), (64, 64), (17, 33), (200, 120), (128, 128), (300, 8)];

    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained();
    private readonly (RgbImage Picture, byte[] File, byte[] Pixels)[] _known;

    public SharedCompressor() => _known = [.. Sizes.Select(size =>
    {
        RgbImage picture = TinyModel.CreatePicture(size.Width, size.Height);
        byte[] file = _compressor.Compress(picture);
        return (picture, file, _compressor.Decompress(file).Pixels.ToArray());
    })];

    /// <summary>Compresses and restores a picture, and compares both results with those of one thread.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public void Work(int index)
    {
        (RgbImage picture, byte[] file, byte[] pixels) = _known[index % _known.Length];
        if (!_compressor.Compress(picture).AsSpan().SequenceEqual(file) || !_compressor.Decompress(file).Pixels.SequenceEqual(pixels))
        {
            throw new InvalidOperationException($"A picture of {picture.Width}×{picture.Height} came out differently.");
        }
    }

    /// <summary>Works on some threads for a time.</summary>
    /// <returns>Pictures compressed and restored.</returns>
    public long Run(int threads, TimeSpan time)
    {
        long done = 0;
        Stopwatch clock = Stopwatch.StartNew();
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(first => new Thread(() =>
        {
            for (int i = first; clock.Elapsed < time; i++)
            {
                Work(i);
                Interlocked.Increment(ref done);
            }
        }))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return done;
    }

    public void Dispose() => _compressor.Dispose();

    /// <summary>The process's memory and the part of it that the garbage collector has in use.</summary>
    public static string DescribeMemory()
    {
        GC.Collect();
        using Process self = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture, $"{self.WorkingSet64 / 1048576.0:0.0} MiB in the process, {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:0.0} MiB managed");
    }
}
