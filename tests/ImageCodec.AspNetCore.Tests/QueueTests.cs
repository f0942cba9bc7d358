using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>How many pictures a service works on at once, without a web.</summary>
public sealed class QueueTests
{
    private static readonly long s_bytesForOne = (128L << 20) + 40 * 40 * 30;

    private GatedCodec _codec = null!;
    private byte[] _file = null!;

    [SetUp]
    public void Make()
    {
        _codec = new GatedCodec();
        _file = _codec.Compressor.Compress(TestPicture.Of(40, 30));
    }

    [TearDown]
    public void Dispose() => _codec.Dispose();

    [Test]
    public async Task Beyond_the_queue_there_is_an_exception_and_afterwards_there_is_not()
    {
        await using ServiceProvider services = Services(options => (options.MaxConcurrency, options.MaxQueueLength) = (1, 1));
        ImageCodecService service = services.GetRequiredService<ImageCodecService>();
        _codec.Close();
        Task worked = RestoreAsync(service);
        await _codec.ArrivedAsync();
        Task waits = RestoreAsync(service);
        Assert.That(async () => await RestoreAsync(service), Throws.TypeOf<CodecBusyException>().With.Message.Contains("1 pictures").And.Message.Contains("1 others"));
        using MemoryStream png = new(TestPicture.Png(40, 30));
        Assert.That(async () => await service.CompressAsync(png, new MemoryStream()), Throws.TypeOf<CodecBusyException>());
        Assert.That(_codec.Decodes, Is.EqualTo(1));

        _codec.Open();
        await Task.WhenAll(worked, waits);
        await RestoreAsync(service);
        Assert.That(_codec.Decodes, Is.EqualTo(3));
    }

    [Test]
    public async Task Who_waits_may_leave_and_leaves_the_place_to_others()
    {
        await using ServiceProvider services = Services(options => (options.MaxConcurrency, options.MaxQueueLength) = (1, 1));
        ImageCodecService service = services.GetRequiredService<ImageCodecService>();
        _codec.Close();
        Task worked = RestoreAsync(service);
        await _codec.ArrivedAsync();
        using CancellationTokenSource leave = new();
        Task left = RestoreAsync(service, leave.Token);
        await leave.CancelAsync();
        Assert.That(async () => await left, Throws.InstanceOf<OperationCanceledException>());
        Task waits = RestoreAsync(service);
        _codec.Open();
        await Task.WhenAll(worked, waits);
        Assert.That(_codec.Decodes, Is.EqualTo(2));
    }

    /// <summary>Where there is memory for one picture, a second one waits, though there may be two.</summary>
    [TestCase(1)]
    [TestCase(2)]
    public async Task Memory_limits_too(int fits)
    {
        await using ServiceProvider services = Services(options =>
            (options.MaxConcurrency, options.MaxQueueLength, options.MaxPixelCount, options.MaxMemory) = (2, 0, 40 * 30, fits * s_bytesForOne));
        ImageCodecService service = services.GetRequiredService<ImageCodecService>();
        _codec.Close();
        List<Task> worked = [];
        for (int i = 0; i < fits; i++)
        {
            worked.Add(RestoreAsync(service));
            await _codec.ArrivedAsync();
        }

        Assert.That(async () => await RestoreAsync(service), Throws.TypeOf<CodecBusyException>());
        _codec.Open();
        await Task.WhenAll(worked);
        Assert.That(_codec.Decodes, Is.EqualTo(fits));
    }

    private ServiceProvider Services(Action<ImageCodecOptions> configure) =>
        new ServiceCollection().AddSingleton(_codec.Compressor).AddImageCodec(configure).BuildServiceProvider();

    private async Task RestoreAsync(ImageCodecService service, CancellationToken stop = default)
    {
        using MemoryStream restored = new();
        await service.DecompressAsync(new MemoryStream(_file), restored, cancellationToken: stop);
        Assert.That(ImageFile.Identify(restored.ToArray()).Width, Is.EqualTo(40));
    }
}
