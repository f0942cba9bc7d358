using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageCodec.Packages.Tests;

/// <summary>The codec as a service.</summary>
public class DependencyInjectionTests
{
    [Test]
    public async Task A_picture_goes_from_stream_to_stream_and_is_logged()
    {
        Log log = new();
        using ServiceProvider services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddImageCodec().BuildServiceProvider();
        ImageCodecService codec = services.GetRequiredService<ImageCodecService>();
        RgbImage picture = new(40, 30);
        using MemoryStream request = new(ImageFile.Encode(picture, ImageFileFormat.Png));
        using MemoryStream response = new();

        IcdInfo info = await codec.CompressAsync(request, response, new CompressionOptions { Quality = 30 });

        ImageCompressor compressor = services.GetRequiredService<ImageCompressor>();
        Assert.That(response.ToArray(), Is.EqualTo(compressor.Compress(picture, new CompressionOptions { Quality = 30 })));
        Assert.That((info.Width, info.Height, info.FileLength), Is.EqualTo((40, 30, (int)response.Length)));

        response.Position = 0;
        using MemoryStream restored = new();
        await codec.DecompressAsync(response, restored, ImageFileFormat.Ppm);
        Assert.That(ImageFile.Read(restored.ToArray()).Pixels.ToArray(), Is.EqualTo(compressor.Decompress(response.ToArray()).Pixels.ToArray()));
        Assert.That(log.Lines, Has.Count.EqualTo(3));
        Assert.That(log.Lines[0], Does.Match($"Information: Loaded the model {PretrainedModel.DefaultName} .*ms"));
        Assert.That(log.Lines[1], Does.Match($"Information: Compressed 40×30 to {info.FileLength} bytes, .* bpp"));
        Assert.That(log.Lines[2], Does.Match("Information: Restored 40×30"));
    }

    [Test]
    public void A_bad_file_is_logged_and_thrown_and_nothing_is_written()
    {
        Log log = new();
        using ServiceProvider services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddImageCodec().BuildServiceProvider();
        ImageCodecService codec = services.GetRequiredService<ImageCodecService>();
        using MemoryStream response = new();
        Assert.That(async () => await codec.CompressAsync(new MemoryStream([1, 2, 3]), response), Throws.TypeOf<InvalidFileException>());
        Assert.That(async () => await codec.DecompressAsync(new MemoryStream([1, 2, 3]), response), Throws.TypeOf<InvalidFileException>());
        Assert.That(response.Length, Is.Zero);
        Assert.That(log.Lines.Count(line => line.StartsWith("Warning: Refused a file: ", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public void The_codec_is_one_is_disposed_of_with_the_container_and_needs_no_logging()
    {
        ImageCompressor compressor;
        using (ServiceProvider services = new ServiceCollection().AddImageCodec(options => options.MaxThreads = 1).BuildServiceProvider())
        {
            compressor = services.GetRequiredService<ImageCompressor>();
            Assert.That(services.GetRequiredService<ImageCompressor>(), Is.SameAs(compressor));
            Assert.That(services.GetRequiredService<ImageCodecService>(), Is.Not.Null);
        }

        Assert.That(() => compressor.Compress(new RgbImage(8, 8)), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Options_that_make_no_sense_are_told()
    {
        using ServiceProvider threads = new ServiceCollection().AddImageCodec(options => options.MaxThreads = -1).BuildServiceProvider();
        Assert.That(() => threads.GetRequiredService<ImageCompressor>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("MaxThreads"));
        using ServiceProvider pixels = new ServiceCollection().AddImageCodec(options => options.MaxPixelCount = 0).BuildServiceProvider();
        Assert.That(() => pixels.GetRequiredService<ImageCompressor>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("MaxPixelCount"));
        using ServiceProvider model = new ServiceCollection().AddImageCodec(options => options.Model = "none").BuildServiceProvider();
        Assert.That(() => model.GetRequiredService<ImageCompressor>(), Throws.ArgumentException.With.Message.Contains("«none»"));
        using ServiceProvider file = new ServiceCollection().AddImageCodec(options => options.WeightsPath = "nowhere.safetensors").BuildServiceProvider();
        Assert.That(() => file.GetRequiredService<ImageCompressor>(), Throws.InstanceOf<IOException>());
    }

    [TestCase("MaxConcurrency")]
    [TestCase("MaxQueueLength")]
    [TestCase("MaxKeptMemory")]
    [TestCase("MaxMemory", "MaxPixelCount")]
    [TestCase("MaxMemory", "MaxKeptMemory")]
    [TestCase("WeightsPath", "Model")]
    public void Options_that_contradict_each_other_are_found_at_the_start(params string[] names)
    {
        using ServiceProvider services = new ServiceCollection().AddImageCodec(options =>
        {
            switch (names)
            {
                case ["MaxConcurrency"]: options.MaxConcurrency = 0; break;
                case ["MaxQueueLength"]: options.MaxQueueLength = -1; break;
                case ["MaxKeptMemory"]: options.MaxKeptMemory = -1; break;
                case ["MaxMemory", "MaxPixelCount"]: (options.MaxMemory, options.MaxPixelCount) = ((128L << 20) + 40 * 1000 - 1, 1000); break;
                case ["MaxMemory", "MaxKeptMemory"]: (options.MaxMemory, options.MaxPixelCount, options.MaxKeptMemory) = (200L << 20, 1000, (200L << 20) + 1); break;
                default: (options.WeightsPath, options.Model) = ("mine.safetensors", "fitted"); break;
            }
        }).BuildServiceProvider();

        // What a host calls before anything else.
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate)!;
        foreach (string name in names)
        {
            Assert.That(e.Message, Does.Contain("ImageCodecOptions." + name).Or.Contain(name));
        }
    }

    [Test]
    public void Options_of_a_compression_that_contradict_each_other_are_found_before_the_stream_is_read()
    {
        using ServiceProvider services = new ServiceCollection().AddImageCodec().BuildServiceProvider();
        ImageCodecService codec = services.GetRequiredService<ImageCodecService>();
        foreach (CompressionOptions options in new CompressionOptions[] { new() { Quality = 50, Psnr = 30 }, new() { Quality = 0 }, new() { Level = 1000 } })
        {
            using MemoryStream picture = new(ImageFile.Encode(new RgbImage(40, 30), ImageFileFormat.Png));
            Assert.That(async () => await codec.CompressAsync(picture, new MemoryStream(), options), Throws.InstanceOf<ArgumentException>());
            Assert.That(picture.Position, Is.Zero);
        }
    }

    /// <summary>100 megapixels that a few bytes claim to have, in a PNG file; nothing is allocated for them.</summary>
    [Test]
    public async Task What_a_header_claims_takes_no_memory()
    {
        byte[] png = ImageFile.Encode(new RgbImage(8, 8), ImageFileFormat.Png);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 10_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 10_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        using ServiceProvider services = new ServiceCollection().AddImageCodec(options => options.MaxPixelCount = 50_000_000).BuildServiceProvider();
        ImageCodecService codec = services.GetRequiredService<ImageCodecService>();
        await Refuse();
        long before = GC.GetTotalAllocatedBytes();
        await Refuse();
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(1_000_000));

        async Task Refuse() => Assert.That(
            (await Assert.ThrowsAsync<InvalidFileException>(async () => await codec.CompressAsync(new MemoryStream(png), new MemoryStream())))!.Message, Does.Contain("10000×10000"));
    }

    [Test]
    public void The_limit_of_pixels_is_the_options_both_ways()
    {
        Log log = new();
        using ServiceProvider services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log))
            .AddImageCodec(options => options.MaxPixelCount = 128 * 128).BuildServiceProvider();
        ImageCodecService codec = services.GetRequiredService<ImageCodecService>();
        Assert.That(services.GetRequiredService<ImageCompressor>().MaxPixelCount, Is.EqualTo(128 * 128));
        Assert.That(async () => await Compress(128, 128), Throws.Nothing);

        // By the header alone, and where only whole blocks go beyond the limit.
        Assert.That(async () => await Compress(128, 129), Throws.TypeOf<InvalidFileException>());
        Assert.That(async () => await Compress(128 * 128, 1), Throws.TypeOf<InvalidFileException>().With.Message.Contains("whole blocks"));
        using ImageCompressor larger = ImageCompressor.LoadPretrained();
        byte[] file = larger.Compress(new RgbImage(128, 129));
        Assert.That(async () => await codec.DecompressAsync(new MemoryStream(file), new MemoryStream()), Throws.TypeOf<InvalidFileException>());
        Assert.That(log.Lines.Count(line => line.StartsWith("Warning: Refused a file: ", StringComparison.Ordinal)), Is.EqualTo(3));

        async Task Compress(int width, int height) =>
            await codec.CompressAsync(new MemoryStream(ImageFile.Encode(new RgbImage(width, height), ImageFileFormat.Png)), new MemoryStream());
    }

    [Test]
    public async Task Files_of_other_models_are_restored_too_within_the_same_limit()
    {
        RgbImage picture = new(40, 30);
        using ImageCompressor fitted = ImageCompressor.LoadPretrained("fitted");
        byte[] file = fitted.Compress(picture);
        foreach ((int limit, bool isTooLarge) in new[] { (ImageCompressor.DefaultMaxPixelCount, false), (1199, true) })
        {
            using ServiceProvider services = new ServiceCollection().AddImageCodec(options => options.MaxPixelCount = limit).BuildServiceProvider();
            ImageCodecService codec = services.GetRequiredService<ImageCodecService>();
            using MemoryStream restored = new();
            if (isTooLarge)
            {
                Assert.That(async () => await codec.DecompressAsync(new MemoryStream(file), restored), Throws.TypeOf<InvalidFileException>().With.Message.Contains("1199"));
            }
            else
            {
                await codec.DecompressAsync(new MemoryStream(file), restored);
                Assert.That(ImageFile.Read(restored.ToArray()).Pixels.ToArray(), Is.EqualTo(fitted.Decompress(file).Pixels.ToArray()));
            }
        }
    }

    [Test]
    public async Task Several_codecs_are_told_apart_by_keys()
    {
        ImageCompressor archive;
        using (ServiceProvider services = new ServiceCollection()
            .AddImageCodec(options => options.MaxPixelCount = 5000)
            .AddImageCodec("archive", options => options.Model = "fitted")
            .BuildServiceProvider())
        {
            archive = services.GetRequiredKeyedService<ImageCompressor>("archive");
            Assert.That(services.GetRequiredService<ImageCompressor>().MaxPixelCount, Is.EqualTo(5000));
            Assert.That(archive.MaxPixelCount, Is.EqualTo(ImageCompressor.DefaultMaxPixelCount));
            byte[] png = ImageFile.Encode(new RgbImage(40, 30), ImageFileFormat.Png);
            ImageCodecService[] codecs = [services.GetRequiredService<ImageCodecService>(), services.GetRequiredKeyedService<ImageCodecService>("archive")];
            using MemoryStream quick = new();
            using MemoryStream kept = new();
            Assert.That((await codecs[0].CompressAsync(new MemoryStream(png), quick)).ModelName, Is.EqualTo("photo"));
            Assert.That((await codecs[1].CompressAsync(new MemoryStream(png), kept)).ModelName, Is.EqualTo("fitted"));

            // Either restores what the other wrote.
            foreach (byte[] file in new[] { quick.ToArray(), kept.ToArray() })
            {
                using MemoryStream first = new();
                using MemoryStream second = new();
                await codecs[0].DecompressAsync(new MemoryStream(file), first);
                await codecs[1].DecompressAsync(new MemoryStream(file), second);
                Assert.That(first.ToArray(), Is.EqualTo(second.ToArray()).And.Not.Empty);
            }

            Assert.That(services.GetKeyedService<ImageCodecService>("none"), Is.Null);
        }

        Assert.That(() => archive.Compress(new RgbImage(8, 8)), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => new ServiceCollection().AddImageCodec(""), Throws.ArgumentException);
    }

    /// <summary>A limit above the default one is kept too: the header decides, before there are any pixels.</summary>
    [Test]
    public async Task The_limit_of_a_compressor_holds_for_files_and_services()
    {
        byte[] header = [.. "P6 10001 10000 255\n"u8];
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        using ImageDecompressor decompressor = new(compressor);
        ImageCodecService codec = new(compressor, decompressor, Microsoft.Extensions.Logging.Abstractions.NullLogger<ImageCodecService>.Instance);
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string picture = Path.Combine(folder, "a.ppm");
            File.WriteAllBytes(picture, header);
            foreach ((int limit, bool isTooLarge) in new[] { (100_000_000, true), (100_160_000, false) })
            {
                // Where the size is taken, in whole blocks, what is told is that the samples are missing.
                compressor.MaxPixelCount = limit;
                foreach (Task task in new Task[] { codec.CompressAsync(new MemoryStream(header), new MemoryStream()), compressor.CompressFileAsync(picture, picture + ".icd") })
                {
                    InvalidFileException e = (await Assert.ThrowsAsync<InvalidFileException>(async () => await task))!;
                    Assert.That(e.Message.Contains(limit.ToString(System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(isTooLarge), e.Message);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The checksum of PNG, bit by bit.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
