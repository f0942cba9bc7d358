using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>The result in handlers and controllers, of files and of bytes.</summary>
public sealed class ResultTests
{
    private static readonly DateTimeOffset s_time = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private static readonly GatedCodec s_codec = new();
    private TestApp _app = null!;

    internal static byte[] Bytes { get; private set; } = [];

    internal static string FilePath { get; private set; } = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        Bytes = s_codec.Compressor.Compress(TestPicture.Of(40, 30));
        _app = await TestApp.StartAsync(
            s_codec,
            map: (app, _) =>
            {
                app.MapControllers();
                app.MapGet("/file", () => new IcdResult(FilePath));
                app.MapGet("/bytes", () => new IcdResult(Bytes, s_time.AddMilliseconds(300)));
                app.MapGet("/timeless", () => new IcdResult(Bytes));
                app.MapGet("/none", () => new IcdResult("none.icd"));
                app.MapGet("/vary", (Microsoft.AspNetCore.Http.HttpResponse response) =>
                {
                    response.Headers.Vary = "Origin";
                    return new IcdResult(Bytes);
                });
            },
            services: services => services.AddControllers().ConfigureApplicationPartManager(parts =>
            {
                parts.ApplicationParts.Clear();
                parts.ApplicationParts.Add(new AssemblyPart(typeof(ResultTests).Assembly));
            }));
        FilePath = _app.Write("a.icd", Bytes);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _app.DisposeAsync();
        s_codec.Dispose();
    }

    [TestCase("/file")]
    [TestCase("/bytes")]
    [TestCase("/controller/file")]
    [TestCase("/controller/bytes")]
    public async Task All_ways_send_the_picture(string path)
    {
        foreach ((string accept, byte[] expected) in new[]
        {
            (IcdFile.MediaType, Bytes),
            ("image/png", ImageFile.Encode(TestPicture.Of(40, 30), ImageFileFormat.Png)),
        })
        {
            using HttpResponseMessage response = await _app.SendAsync(path, accept);
            Assert.That((response.StatusCode, response.MediaType()), Is.EqualTo((HttpStatusCode.OK, accept)));
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(expected));
            using HttpResponseMessage again = await _app.SendAsync(path, accept, headers: ("If-None-Match", response.Headers.ETag!.Tag));
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
            using HttpResponseMessage part = await _app.SendAsync(path, accept, headers: ("Range", "bytes=1-2"));
            Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(expected[1..3]));
        }
    }

    [Test]
    public async Task Times_are_those_that_are_said()
    {
        using HttpResponseMessage bytes = await _app.SendAsync("/bytes", "image/png");
        Assert.That(bytes.Content.Headers.LastModified, Is.EqualTo(s_time));
        using HttpResponseMessage same = await _app.SendAsync("/bytes", "image/png", headers: ("If-Modified-Since", s_time.ToString("R")));
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        using HttpResponseMessage timeless = await _app.SendAsync("/timeless", "image/png", headers: ("If-Modified-Since", s_time.ToString("R")));
        Assert.That((timeless.StatusCode, timeless.Content.Headers.LastModified), Is.EqualTo((HttpStatusCode.OK, (DateTimeOffset?)null)));
        Assert.That(timeless.Headers.ETag, Is.EqualTo(bytes.Headers.ETag));
    }

    [Test]
    public async Task A_file_that_is_not_there_is_a_problem()
    {
        using HttpResponseMessage response = await _app.SendAsync("/none");
        await ResponseAssert.IsProblemAsync(response, HttpStatusCode.NotFound);
        Assert.That(() => new IcdResult(""), Throws.ArgumentException);
    }

    [Test]
    public async Task What_else_the_answer_varies_by_stays()
    {
        using HttpResponseMessage response = await _app.SendAsync("/vary");
        Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Origin", "Accept" }));
    }
}
