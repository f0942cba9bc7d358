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
        using ServiceProvider model = new ServiceCollection().AddImageCodec(options => options.Model = "none").BuildServiceProvider();
        Assert.That(() => model.GetRequiredService<ImageCompressor>(), Throws.ArgumentException.With.Message.Contains("«none»"));
        using ServiceProvider file = new ServiceCollection().AddImageCodec(options => options.WeightsPath = "nowhere.safetensors").BuildServiceProvider();
        Assert.That(() => file.GetRequiredService<ImageCompressor>(), Throws.InstanceOf<IOException>());
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
