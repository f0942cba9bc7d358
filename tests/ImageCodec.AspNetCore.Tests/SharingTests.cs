using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>Work that is shared, kept, stopped and limited.</summary>
public sealed class SharingTests
{
    private GatedCodec _codec = null!;

    [SetUp]
    public void Make() => _codec = new GatedCodec();

    [TearDown]
    public void Dispose() => _codec.Dispose();

    [Test]
    public async Task Requests_for_one_picture_at_once_restore_it_once()
    {
        await using TestApp app = await StartAsync();
        _codec.Close();
        Task<byte[]>[] requests = [.. Enumerable.Range(0, 64).Select(_ => app.Client.GetByteArrayAsync("/pictures/0.icd"))];
        await app.RequestsAsync(64);
        await _codec.ArrivedAsync();
        Assert.That(requests.Any(request => request.IsCompleted), Is.False);
        _codec.Open();
        byte[][] answers = await Task.WhenAll(requests);
        Assert.That(answers, Is.All.EqualTo(SkiaImageFile.EncodeWebp(TestPicture.Of(40, 30))));
        Assert.That(_codec.Decodes, Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_made_is_kept_until_the_file_changes()
    {
        await using TestApp app = await StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await app.Client.GetByteArrayAsync("/pictures/0.icd");
            await app.Client.GetByteArrayAsync("/pictures/1.icd");
        }

        Assert.That(_codec.Decodes, Is.EqualTo(2));
        using (await app.SendAsync("/pictures/0.icd", "image/png"))
        using (await app.SendAsync("/pictures/0.icd", "image/png"))
        {
            Assert.That(_codec.Decodes, Is.EqualTo(3));
        }

        app.Write("0.icd", _codec.Compressor.Compress(TestPicture.Of(41, 30)));
        Assert.That(SkiaImageFile.Read(await app.Client.GetByteArrayAsync("/pictures/0.icd")).Width, Is.EqualTo(41));
        Assert.That(_codec.Decodes, Is.EqualTo(4));
    }

    /// <summary>A file that fits is kept, one that does not is made anew each time; nothing is kept where nothing may be.</summary>
    [Test]
    public async Task What_is_kept_is_bounded_in_bytes()
    {
        int length = SkiaImageFile.EncodeWebp(TestPicture.Of(40, 30)).Length;
        foreach ((long size, int decodes) in new[] { (length, 1), (length - 1L, 3), (0, 3) })
        {
            using GatedCodec codec = new();
            await using TestApp app = await StartAsync(codec, options => options.CacheSize = size);
            for (int i = 0; i < 3; i++)
            {
                await app.Client.GetByteArrayAsync("/pictures/0.icd");
            }

            Assert.That(codec.Decodes, Is.EqualTo(decodes), $"{size} bytes");
        }
    }

    /// <summary>The cache of the framework has a limit of 1 MiB for a file, beyond which it would count as empty.</summary>
    [Test]
    public async Task Large_files_count_as_what_they_are()
    {
        RgbImage noise = new(800, 600);
        new Random(1).NextBytes(noise.Pixels);
        int length = ImageFile.Encode(noise, ImageFileFormat.Png).Length;
        Assert.That(length, Is.GreaterThan(1 << 20));
        foreach ((long size, int decodes) in new[] { (length, 1), (length - 1L, 3) })
        {
            using GatedCodec codec = new();
            await using TestApp app = await TestApp.StartAsync(codec, options => options.CacheSize = size);
            app.Write("noise.icd", codec.Compressor.Compress(noise));
            for (int i = 0; i < 3; i++)
            {
                using HttpResponseMessage response = await app.SendAsync("/pictures/noise.icd", "image/png");
                Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(length));
            }

            Assert.That(codec.Decodes, Is.EqualTo(decodes), $"{size} bytes");
        }
    }

    [Test]
    public async Task Nobody_waits_so_restoring_stops()
    {
        await using TestApp app = await StartAsync();
        _codec.Close();
        using CancellationTokenSource leave = new();
        Task<byte[]> request = app.Client.GetByteArrayAsync("/pictures/0.icd", leave.Token);
        await _codec.ArrivedAsync();
        await leave.CancelAsync();
        await _codec.Stopped;
        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());

        // Nothing is left behind: the next one gets the picture.
        _codec.Open();
        Assert.That(await app.Client.GetByteArrayAsync("/pictures/0.icd"), Is.Not.Empty);
        Assert.That(app.Log.Where(line => line.StartsWith("Error", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Who_leaves_does_not_take_the_picture_from_others()
    {
        await using TestApp app = await StartAsync();
        _codec.Close();
        using CancellationTokenSource leave = new();
        Task<byte[]> first = app.Client.GetByteArrayAsync("/pictures/0.icd", leave.Token);
        await _codec.ArrivedAsync();
        Task<byte[]> second = app.Client.GetByteArrayAsync("/pictures/0.icd");
        await app.RequestsAsync(2);

        // Where the second came too late to share the work, it begins anew; either way it is answered.
        await leave.CancelAsync();
        await app.ClientLeft.Task;
        _codec.Open();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await second, Is.EqualTo(SkiaImageFile.EncodeWebp(TestPicture.Of(40, 30))));
    }

    [Test]
    public async Task Too_many_pictures_at_once_are_refused()
    {
        await using TestApp app = await StartAsync(_codec, null, options => (options.MaxConcurrency, options.MaxQueueLength) = (1, 1));
        using MetricLog metrics = new(app.Services);
        _codec.Close();
        Task<HttpResponseMessage> worked = app.SendAsync("/pictures/0.icd", "image/webp");
        await _codec.ArrivedAsync();

        // Of two more, one waits.
        Task<HttpResponseMessage>[] others = [app.SendAsync("/pictures/1.icd", "image/webp"), app.SendAsync("/pictures/2.icd", "image/webp")];
        Task<HttpResponseMessage> refused = await Task.WhenAny(others);
        using (HttpResponseMessage response = await refused)
        {
            await ResponseAssert.IsProblemAsync(response, HttpStatusCode.TooManyRequests);
            Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }

        Assert.That(metrics.Read("imagecodec.queue.length"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.refused", "imagecodec.work=transcode", "http.response.status_code=429"), Is.EqualTo(1));

        // What needs no work is answered, and the same picture may be waited for by any number.
        using (HttpResponseMessage asItIs = await app.SendAsync("/pictures/3.icd", IcdFile.MediaType))
        {
            Assert.That(asItIs.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Task<HttpResponseMessage> shared = app.SendAsync("/pictures/0.icd", "image/webp");
        await app.RequestsAsync(5);
        _codec.Open();
        foreach (Task<HttpResponseMessage> answer in others.Where(other => other != refused).Append(worked).Append(shared))
        {
            using HttpResponseMessage response = await answer;
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Assert.That(metrics.Read("imagecodec.queue.length"), Is.Zero);
    }

    [Test]
    public async Task No_more_are_restored_at_once_than_the_options_say()
    {
        await using TestApp app = await StartAsync(_codec, null, options => options.MaxConcurrency = 2);
        _codec.Close();
        Task<byte[]>[] requests = [.. Enumerable.Range(0, 4).Select(i => app.Client.GetByteArrayAsync($"/pictures/{i}.icd"))];
        await app.RequestsAsync(4);
        await _codec.ArrivedAsync();
        await _codec.ArrivedAsync();
        Assert.That(_codec.Decodes, Is.EqualTo(2));
        _codec.Open();
        await Task.WhenAll(requests);
        Assert.That(_codec.Decodes, Is.EqualTo(4));
    }

    private Task<TestApp> StartAsync() => StartAsync(_codec, null);

    private static async Task<TestApp> StartAsync(GatedCodec codec, Action<ImageCodecWebOptions>? configure, Action<ImageCodecOptions>? limit = null)
    {
        TestApp app = await TestApp.StartAsync(codec, configure, services: services => services.AddImageCodec(limit));
        for (int i = 0; i < 4; i++)
        {
            app.Write($"{i}.icd", codec.Compressor.Compress(TestPicture.Of(40, 30, seed: i)));
        }

        return app;
    }
}
