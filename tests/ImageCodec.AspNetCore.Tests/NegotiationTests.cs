using System.Net;

namespace ImageCodec.AspNetCore.Tests;

public sealed class NegotiationTests
{
    private readonly GatedCodec _codec = new();
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _app = await TestApp.StartAsync(_codec);
        _app.Write("a.icd", _codec.Compressor.Compress(TestPicture.Of(40, 30)));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _app.DisposeAsync();
        _codec.Dispose();
    }

    // Without a header, and what browsers and tools send.
    [TestCase(null, "image/webp")]
    [TestCase("*/*", "image/webp")]
    [TestCase("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "image/webp")]
    [TestCase("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "image/webp")]
    [TestCase("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "image/webp")]
    [TestCase("image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "image/png")]

    // The compressed file only by its name.
    [TestCase("image/x-icd", "image/x-icd")]
    [TestCase("image/x-icd, image/webp, */*", "image/x-icd")]
    [TestCase("IMAGE/X-ICD", "image/x-icd")]
    [TestCase("image/x-icd;q=0.5, image/webp", "image/webp")]
    [TestCase("image/x-icd;q=0, */*", "image/webp")]
    [TestCase("image/*", "image/webp")]

    // Qualities; the most specific range counts.
    [TestCase("image/webp;q=0.3, image/png;q=0.4, image/jpeg;q=0.9", "image/jpeg")]
    [TestCase("image/webp;q=0.3, image/png;q=0.4", "image/png")]
    [TestCase("image/jpeg, image/png", "image/png")]
    [TestCase("image/jpeg", "image/jpeg")]
    [TestCase("image/webp;q=0, image/*", "image/png")]
    [TestCase("image/*;q=0.2, image/jpeg;q=0.1, */*;q=0.9", "image/webp")]
    [TestCase("image/webp;q=0.2, image/*;q=0, */*", "image/webp")]
    [TestCase("image/png;v=1;q=0.5, image/jpeg;q=0.4", "image/png")]

    // What says nothing is not there.
    [TestCase("", "image/webp")]
    [TestCase("nonsense", "image/webp")]
    public async Task The_format_is_the_one_liked_best(string? accept, string expected)
    {
        using HttpResponseMessage response = await _app.SendAsync("/pictures/a.icd", accept);
        Assert.That((response.StatusCode, response.MediaType()), Is.EqualTo((HttpStatusCode.OK, expected)));
        Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Accept" }));
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        string signature = Convert.ToHexString(body.AsSpan(0, 12));
        Assert.That(signature, expected switch
        {
            "image/webp" => Does.Match("^52494646.{8}57454250$"),
            "image/png" => Does.StartWith("89504E470D0A1A0A"),
            "image/jpeg" => Does.StartWith("FFD8FF"),
            _ => Does.StartWith("1CD"),
        });
    }

    [TestCase("text/html")]
    [TestCase("image/avif")]
    [TestCase("*/*;q=0")]
    [TestCase("image/*;q=0, application/json")]
    public async Task A_client_that_takes_no_format_is_told_which_there_are(string accept)
    {
        using HttpResponseMessage response = await _app.SendAsync("/pictures/a.icd", accept);
        await ResponseAssert.IsProblemAsync(response, HttpStatusCode.NotAcceptable, "image/x-icd, image/webp, image/png, image/jpeg");
        Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Accept" }));
    }

    [Test]
    public async Task Several_headers_are_one()
    {
        using HttpResponseMessage response = await _app.SendAsync("/pictures/a.icd", "image/webp;q=0.1", headers: ("Accept", "image/jpeg"));
        Assert.That(response.MediaType(), Is.EqualTo("image/jpeg"));
    }

    [TestCase("image/webp", 16383, "image/webp")]
    [TestCase("image/webp", 16384, "image/png")]
    [TestCase("image/jpeg", 65536, "image/png")]
    public async Task A_picture_too_large_for_a_format_is_sent_as_PNG(string accept, int width, string expected)
    {
        _app.Write($"wide{width}.icd", _codec.Compressor.Compress(new RgbImage(width, 1)));
        using HttpResponseMessage response = await _app.SendAsync($"/pictures/wide{width}.icd", accept);
        Assert.That((response.StatusCode, response.MediaType()), Is.EqualTo((HttpStatusCode.OK, expected)));
        Assert.That(SkiaImageFile.Read(await response.Content.ReadAsByteArrayAsync()).Width, Is.EqualTo(width));
    }
}
