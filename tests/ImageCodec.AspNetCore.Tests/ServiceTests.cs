using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>Registration, health and metrics.</summary>
public sealed class ServiceTests
{
    [Test]
    public async Task The_health_check_passes_where_all_is_there()
    {
        await using TestApp app = await TestApp.StartAsync(
            map: (app, _) => app.MapHealthChecks("/health"), services: services => services.AddHealthChecks().AddImageCodec());
        Assert.That(await app.Client.GetStringAsync("/health"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task The_health_check_fails_where_pictures_come_back_wrong_or_not_at_all()
    {
        // A latent codec that loses all, so that grey comes back black.
        using GatedCodec kept = new();
        using ImageCompressor black = new(new Black(), new Black(), kept, CodecFingerprint.Of("black"u8));
        foreach ((Action<IServiceCollection> setUp, string problem) in new (Action<IServiceCollection>, string)[]
        {
            (services => services.AddSingleton(black), " dB"),
            (services => services.AddImageCodec(options => options.Model = "none"), "can't be compressed"),
            (services => services.AddImageCodec(options => options.WeightsPath = "nowhere.safetensors"), "can't be compressed"),
        })
        {
            ServiceCollection services = new();
            services.AddLogging();
            setUp(services);
            services.AddImageCodecWeb();
            services.AddHealthChecks().AddImageCodec("codec", HealthStatus.Degraded, ["ready"]);
            await using ServiceProvider provider = services.BuildServiceProvider();
            HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            Assert.That((report.Status, report.Entries.Keys.Single()), Is.EqualTo((HealthStatus.Degraded, "codec")));
            Assert.That(report.Entries["codec"].Description, Does.Contain(problem));
            Assert.That(report.Entries["codec"].Tags, Is.EqualTo(new[] { "ready" }));
        }
    }

    [Test]
    public async Task What_happens_is_measured()
    {
        await using TestApp app = await TestApp.StartAsync(map: (app, _) => app.MapPost("/upload", async (Microsoft.AspNetCore.Http.HttpRequest request) =>
            (await request.CompressUploadAsync()).Problem ?? Microsoft.AspNetCore.Http.Results.Ok()));
        using MetricLog metrics = new(app.Services);
        app.Write("a.icd", app.Services.Get<ImageCompressor>().Compress(TestPicture.Of(40, 30)));
        app.Write("bad.icd", "bad"u8);
        long sent = 0;
        string tag = "";
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await app.SendAsync("/pictures/a.icd", "image/webp");
            sent += (await response.Content.ReadAsByteArrayAsync()).Length;
            tag = response.Headers.ETag!.Tag;
        }

        using (await app.SendAsync("/pictures/a.icd", "image/webp", headers: ("If-None-Match", tag)))
        using (await app.SendAsync("/pictures/a.icd", "image/webp", HttpMethod.Head))
        using (await app.SendAsync("/pictures/a.icd", "image/webp", headers: ("Range", "bytes=0-9")))
        using (await app.SendAsync("/pictures/a.icd", IcdFile.MediaType))
        using (await app.SendAsync("/pictures/a.icd", "text/html"))
        using (await app.SendAsync("/pictures/bad.icd", "image/png"))
        using (await app.Client.PostAsync("/upload", new ByteArrayContent(TestPicture.Png(9, 9))))
        using (await app.Client.PostAsync("/upload", new ByteArrayContent([1, 2, 3])))
        {
            sent += 10;
        }

        // The server counts after it has sent; what stopping waits for is counted.
        await app.StopAsync();
        string webp = "imagecodec.format=webp";
        Assert.That(metrics.Sum("imagecodec.requests", webp, "http.response.status_code=200"), Is.EqualTo(4));
        Assert.That(metrics.Sum("imagecodec.requests", webp, "http.response.status_code=304"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.requests", webp, "http.response.status_code=206"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.requests", "imagecodec.format=icd", "http.response.status_code=200"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.requests", "imagecodec.format=none", "http.response.status_code=406"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.requests", "imagecodec.format=png", "http.response.status_code=500"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.sent", webp), Is.EqualTo(sent));
        Assert.That(metrics.Sum("imagecodec.cache.lookups", webp, "imagecodec.cache.hit=False"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.cache.lookups", webp, "imagecodec.cache.hit=True"), Is.EqualTo(4));
        Assert.That(metrics.Count("imagecodec.work.duration", webp, "imagecodec.work=transcode"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.work.duration"), Is.GreaterThan(0));
        Assert.That(metrics.Count("imagecodec.work.duration", "imagecodec.format=icd", "imagecodec.work=compress"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.refused", "imagecodec.work=transcode", "http.response.status_code=500"), Is.EqualTo(1));
        Assert.That(metrics.Sum("imagecodec.refused", "imagecodec.work=compress", "http.response.status_code=415"), Is.EqualTo(1));
    }

    [Test]
    public void Options_that_make_no_sense_are_told()
    {
        foreach ((string name, Action<ImageCodecWebOptions> configure) in new (string, Action<ImageCodecWebOptions>)[]
        {
            ("WebpQuality", options => options.WebpQuality = 0),
            ("WebpQuality", options => options.WebpQuality = 101),
            ("JpegQuality", options => options.JpegQuality = 0),
            ("JpegQuality", options => options.JpegQuality = 101),
            ("CacheSize", options => options.CacheSize = -1),
            ("MaxUploadLength", options => options.MaxUploadLength = 0),
        })
        {
            using ServiceProvider services = new ServiceCollection().AddImageCodecWeb(configure).BuildServiceProvider();
            Assert.That(
                () => services.GetRequiredService<IOptions<ImageCodecWebOptions>>().Value,
                Throws.TypeOf<OptionsValidationException>().With.Message.Contains(name));
        }
    }

    [Test]
    public void The_codec_is_the_one_that_was_asked_for_before_or_after()
    {
        foreach (bool isBefore in new[] { true, false })
        {
            ServiceCollection services = new();
            if (isBefore)
            {
                services.AddImageCodec(options => options.Model = "fitted");
            }

            services.AddImageCodecWeb();
            if (!isBefore)
            {
                services.AddImageCodec(options => options.Model = "fitted");
            }

            using ServiceProvider provider = services.BuildServiceProvider();
            Assert.That(provider.Get<ImageCompressor>().Fingerprint, Is.EqualTo(PretrainedModel.Get("fitted").Fingerprint));
        }
    }

    private sealed class Black : IEncoder, IDecoder
    {
        public int Stride => 1;

        public int LatentChannels => 3;

        public void Encode(ReadOnlySpan<float> picture, TensorShape pictureShape, Span<float> latent, CancellationToken cancellationToken = default) => latent.Clear();

        public void Decode(ReadOnlySpan<float> latent, TensorShape latentShape, Span<float> picture, CancellationToken cancellationToken = default) => picture.Clear();
    }
}
