using System.Net;
using System.Net.Http.Headers;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>Entity tags, times, ranges and HEAD.</summary>
public sealed class ConditionTests
{
    private const string Picture = "/pictures/a.icd";
    private static readonly string[] s_formats = ["image/x-icd", "image/webp", "image/png", "image/jpeg"];

    private GatedCodec _codec = null!;
    private TestApp _app = null!;

    [SetUp]
    public async Task Start()
    {
        _codec = new GatedCodec();
        _app = await TestApp.StartAsync(_codec);
        _app.Write("a.icd", _codec.Compressor.Compress(TestPicture.Of(40, 30)));
    }

    [TearDown]
    public async Task Stop()
    {
        await _app.DisposeAsync();
        _codec.Dispose();
    }

    [TestCaseSource(nameof(s_formats))]
    public async Task What_the_client_has_is_not_sent_nor_restored(string format)
    {
        EntityTagHeaderValue tag;
        DateTimeOffset modified;
        using (HttpResponseMessage first = await _app.SendAsync(Picture, format))
        {
            tag = first.Headers.ETag!;
            modified = first.Content.Headers.LastModified!.Value;
        }

        Assert.That(tag.IsWeak, Is.False);
        Assert.That(modified, Is.EqualTo((DateTimeOffset)File.GetLastWriteTimeUtc(Path.Combine(_app.Folder, "a.icd"))).Within(TimeSpan.FromSeconds(1)));

        // Another app has nothing kept, and gives the same tag for the same file.
        using GatedCodec codec = new();
        await using TestApp other = await TestApp.StartAsync(codec);
        File.Copy(Path.Combine(_app.Folder, "a.icd"), Path.Combine(other.Folder, "a.icd"));
        File.SetLastWriteTimeUtc(Path.Combine(other.Folder, "a.icd"), File.GetLastWriteTimeUtc(Path.Combine(_app.Folder, "a.icd")));
        string later = modified.AddDays(1).ToString("R");
        string earlier = modified.AddDays(-1).ToString("R");
        foreach ((HttpStatusCode status, (string, string)[] headers) in new (HttpStatusCode, (string, string)[])[]
        {
            (HttpStatusCode.NotModified, [("If-None-Match", tag.ToString())]),
            (HttpStatusCode.NotModified, [("If-None-Match", "\"other\", " + tag)]),
            (HttpStatusCode.NotModified, [("If-None-Match", "W/" + tag)]),
            (HttpStatusCode.NotModified, [("If-None-Match", "*")]),
            (HttpStatusCode.NotModified, [("If-Modified-Since", modified.ToString("R"))]),
            (HttpStatusCode.NotModified, [("If-Modified-Since", later)]),
            (HttpStatusCode.NotModified, [("If-None-Match", tag.ToString()), ("If-Modified-Since", earlier)]),
        })
        {
            foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using HttpResponseMessage response = await other.SendAsync(Picture, format, method, headers);
                Assert.That(response.StatusCode, Is.EqualTo(status), string.Join(", ", headers));
                Assert.That((response.Headers.ETag, response.Content.Headers.LastModified, string.Join(",", response.Headers.Vary)), Is.EqualTo((tag, modified, "Accept")));
                Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
            }
        }

        Assert.That(codec.Decodes, Is.Zero);
        foreach ((HttpStatusCode status, (string, string)[] headers) in new (HttpStatusCode, (string, string)[])[]
        {
            (HttpStatusCode.OK, [("If-None-Match", "\"other\"")]),
            (HttpStatusCode.OK, [("If-Modified-Since", earlier)]),
            (HttpStatusCode.OK, [("If-None-Match", "\"other\""), ("If-Modified-Since", later)]),
            (HttpStatusCode.OK, [("If-Match", tag.ToString())]),
            (HttpStatusCode.PreconditionFailed, [("If-Match", "\"other\"")]),
            (HttpStatusCode.PreconditionFailed, [("If-Unmodified-Since", earlier)]),
        })
        {
            using HttpResponseMessage response = await other.SendAsync(Picture, format, HttpMethod.Get, headers);
            Assert.That(response.StatusCode, Is.EqualTo(status), string.Join(", ", headers));
        }
    }

    [Test]
    public async Task Tags_change_with_format_quality_and_file()
    {
        await using TestApp other = await TestApp.StartAsync(_codec, options => (options.WebpQuality, options.JpegQuality) = (50, 50));
        string path = Path.Combine(_app.Folder, "a.icd");
        string copy = Path.Combine(other.Folder, "a.icd");
        File.Copy(path, copy);
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(path));
        List<string> tags = [];
        foreach (string format in s_formats)
        {
            tags.Add(await TagAsync(_app, format));
        }

        Assert.That(tags, Is.Unique);
        Assert.That(await TagAsync(other, "image/png"), Is.EqualTo(tags[2]));
        Assert.That(await TagAsync(other, "image/webp"), Is.Not.EqualTo(tags[1]));
        Assert.That(await TagAsync(other, "image/jpeg"), Is.Not.EqualTo(tags[3]));

        // The same length at another time.
        _app.Write("a.icd", _codec.Compressor.Compress(TestPicture.Of(40, 30, seed: 1)));
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddTicks(1000));
        using HttpResponseMessage changed = await _app.SendAsync(Picture, "image/png", headers: ("If-None-Match", tags[2]));
        Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(ImageFile.Read(await changed.Content.ReadAsByteArrayAsync()).Pixels.ToArray(), Is.EqualTo(TestPicture.Of(40, 30, seed: 1).Pixels.ToArray()));

        static async Task<string> TagAsync(TestApp app, string format)
        {
            using HttpResponseMessage response = await app.SendAsync(Picture, format);
            return response.Headers.ETag!.Tag;
        }
    }

    [TestCaseSource(nameof(s_formats))]
    public async Task A_part_can_be_asked_for(string format)
    {
        using HttpResponseMessage whole = await _app.SendAsync(Picture, format);
        byte[] bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.That(whole.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        using HttpResponseMessage part = await _app.SendAsync(Picture, format, null, ("Range", "bytes=5-24"), ("If-Range", whole.Headers.ETag!.ToString()));
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(part.Content.Headers.ContentRange!.ToString(), Is.EqualTo($"bytes 5-24/{bytes.Length}"));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[5..25]));
        using HttpResponseMessage end = await _app.SendAsync(Picture, format, null, ("Range", "bytes=-7"));
        Assert.That(await end.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[^7..]));
        using HttpResponseMessage outside = await _app.SendAsync(Picture, format, null, ("Range", $"bytes={bytes.Length}-"));
        Assert.That(outside.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        using HttpResponseMessage changed = await _app.SendAsync(Picture, format, null, ("Range", "bytes=5-24"), ("If-Range", "\"other\""));
        Assert.That((changed.StatusCode, (await changed.Content.ReadAsByteArrayAsync()).Length), Is.EqualTo((HttpStatusCode.OK, bytes.Length)));
    }

    [TestCaseSource(nameof(s_formats))]
    public async Task HEAD_says_what_GET_does(string format)
    {
        using HttpResponseMessage head = await _app.SendAsync(Picture, format, HttpMethod.Head);
        using HttpResponseMessage get = await _app.SendAsync(Picture, format);
        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
        Assert.That((head.Headers.ETag, head.MediaType(), head.Content.Headers.LastModified), Is.EqualTo((get.Headers.ETag, get.MediaType(), get.Content.Headers.LastModified)));
    }

    [Test]
    public async Task Other_methods_are_not_allowed()
    {
        foreach (HttpMethod method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            using HttpResponseMessage response = await _app.SendAsync(Picture, "*/*", method);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        }
    }
}
