using System.Net;
using System.Net.Http.Headers;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>Uploads to an endpoint as the documents have it.</summary>
public sealed class UploadTests
{
    private const int MaxLength = 100_000;

    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task Start() => _app = await UploadApp.StartAsync(null, options => options.MaxUploadLength = MaxLength);

    [OneTimeTearDown]
    public async Task Stop() => await _app.DisposeAsync();

    [TearDown]
    public void Nothing_is_left_beside_files() => Assert.That(Directory.EnumerateFiles(_app.Folder).Where(path => !path.EndsWith(".icd", StringComparison.Ordinal)), Is.Empty);

    public static IEnumerable<TestCaseData> Formats()
    {
        RgbImage picture = TestPicture.Of(90, 70);
        yield return new TestCaseData(ImageFile.Encode(picture, ImageFileFormat.Png)).SetArgDisplayNames("PNG");
        yield return new TestCaseData(ImageFile.EncodeJpeg(picture)).SetArgDisplayNames("JPEG");
        yield return new TestCaseData(ImageFile.Encode(picture, ImageFileFormat.Ppm)).SetArgDisplayNames("PPM");
        yield return new TestCaseData(SkiaImageFile.EncodeWebp(picture)).SetArgDisplayNames("WebP");
    }

    [TestCaseSource(nameof(Formats))]
    public async Task A_picture_becomes_the_file_that_the_compressor_makes(byte[] upload)
    {
        ArgumentNullException.ThrowIfNull(upload);
        byte[] expected = _app.Services.Get<ImageCompressor>().Compress(SkiaImageFile.Read(upload), new CompressionOptions { Quality = 30 });
        using HttpResponseMessage body = await PostAsync("body", new ByteArrayContent(upload));
        using HttpResponseMessage form = await PostAsync("form", Form(new ByteArrayContent(upload)));
        foreach ((string name, HttpResponseMessage response) in new[] { ("body", body), ("form", form) })
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
            Assert.That(response.Headers.Location!.OriginalString, Is.EqualTo($"/pictures/{name}.icd"));
            Assert.That(await File.ReadAllBytesAsync(Path.Combine(_app.Folder, name + ".icd")), Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task The_codec_may_be_another_one()
    {
        using HttpResponseMessage response = await PostAsync("fitted?codec=archive", new ByteArrayContent(TestPicture.Png(40, 30)));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await ImageCompressor.IdentifyAsync(Path.Combine(_app.Folder, "fitted.icd"))).ModelName, Is.EqualTo("fitted"));

        // And it is served, though the codec without a key is another one.
        using HttpResponseMessage picture = await _app.SendAsync("/pictures/fitted.icd", "image/png");
        Assert.That(ImageFile.Read(await picture.Content.ReadAsByteArrayAsync()).Width, Is.EqualTo(40));
    }

    [TestCase(MaxLength, HttpStatusCode.Created)]
    [TestCase(MaxLength + 1, HttpStatusCode.RequestEntityTooLarge)]
    [TestCase(2 * MaxLength, HttpStatusCode.RequestEntityTooLarge)]
    [TestCase(20 * MaxLength, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Bytes_are_limited(int length, HttpStatusCode status)
    {
        // Bytes behind the end of a PPM file are no fault.
        byte[] upload = [.. ImageFile.Encode(TestPicture.Of(90, 70), ImageFileFormat.Ppm), .. new byte[length]];
        Array.Resize(ref upload, length);
        foreach (bool isForm in new[] { false, true })
        {
            // What comes after an answer to a body of unknown length is cut off, so that must be short to be seen.
            foreach (bool isChunked in length <= 2 * MaxLength ? new[] { false, true } : [false])
            {
                using HttpContent content = isForm ? Form(new ByteArrayContent(upload)) : new ByteArrayContent(upload);
                using HttpResponseMessage response = await PostAsync("long", content, isChunked);
                string how = $"form {isForm}, chunked {isChunked}";
                Assert.That(response.StatusCode, Is.EqualTo(status), how);
                if (status != HttpStatusCode.Created)
                {
                    await ResponseAssert.IsProblemAsync(response, status, isChunked ? "bytes" : $"{MaxLength} bytes");
                }
            }
        }
    }

    [Test]
    public async Task Pixels_are_limited_by_the_header()
    {
        foreach ((byte[] upload, HttpStatusCode status) in new[]
        {
            (TestPicture.Png(128, 128), HttpStatusCode.Created),
            (TestPicture.Png(200, 101), HttpStatusCode.RequestEntityTooLarge),
            (SkiaImageFile.EncodeWebp(TestPicture.Of(101, 200)), HttpStatusCode.RequestEntityTooLarge),
            (ImageFile.EncodeJpeg(TestPicture.Of(200, 101)), HttpStatusCode.RequestEntityTooLarge),
            ([.. "P6 60000 60000 255\n"u8], HttpStatusCode.RequestEntityTooLarge),
            ([.. "P6 20000 1 255\n"u8, .. new byte[60000]], HttpStatusCode.RequestEntityTooLarge),
        })
        {
            using HttpResponseMessage response = await PostAsync("large", new ByteArrayContent(upload));
            Assert.That(response.StatusCode, Is.EqualTo(status));
            if (status != HttpStatusCode.Created)
            {
                await ResponseAssert.IsProblemAsync(response, status, $"{UploadApp.MaxPixels} pixels");
            }
        }
    }

    public static IEnumerable<TestCaseData> BadUploads()
    {
        byte[] png = TestPicture.Png(90, 70);
        byte[] jpeg = ImageFile.EncodeJpeg(TestPicture.Of(90, 70));
        byte[] webp = SkiaImageFile.EncodeWebp(TestPicture.Of(90, 70));
        using GatedCodec codec = new();
        (string Name, byte[] Upload, HttpStatusCode Status)[] uploads =
        [
            ("nothing", [], HttpStatusCode.BadRequest),
            ("one byte", [0], HttpStatusCode.UnsupportedMediaType),
            ("text", [.. "This is no picture."u8], HttpStatusCode.UnsupportedMediaType),
            ("SVG", [.. "<svg xmlns='http://www.w3.org/2000/svg'/>"u8], HttpStatusCode.UnsupportedMediaType),
            ("icd", codec.Compressor.Compress(TestPicture.Of(9, 9)), HttpStatusCode.UnsupportedMediaType),
            ("PNG, signature alone", png[..8], HttpStatusCode.BadRequest),
            ("PNG, cut", png[..(png.Length / 2)], HttpStatusCode.BadRequest),
            ("PNG, flipped", [.. png[..60], (byte)~png[60], .. png[61..]], HttpStatusCode.BadRequest),
            ("JPEG, cut", jpeg[..(jpeg.Length / 2)], HttpStatusCode.BadRequest),
            ("JPEG, beginning", jpeg[..4], HttpStatusCode.BadRequest),
            ("WebP, cut", webp[..(webp.Length / 2)], HttpStatusCode.BadRequest),
            ("WebP, header alone", webp[..12], HttpStatusCode.UnsupportedMediaType),
            ("PPM, no samples", [.. "P6 10 10 255\n"u8], HttpStatusCode.BadRequest),
            ("PPM, no size", [.. "P6 0 10 255\n"u8], HttpStatusCode.BadRequest),
        ];
        return uploads.Select(upload => new TestCaseData(upload.Upload, upload.Status).SetArgDisplayNames(upload.Name));
    }

    [TestCaseSource(nameof(BadUploads))]
    public async Task A_bad_picture_is_a_problem_and_writes_nothing(byte[] upload, HttpStatusCode status)
    {
        byte[] old = [1, 2, 3];
        string path = _app.Write("kept.icd", old);
        foreach (HttpContent content in new[] { new ByteArrayContent(upload), (HttpContent)Form(new ByteArrayContent(upload)) })
        {
            using HttpResponseMessage response = await PostAsync("kept", content);
            await ResponseAssert.IsProblemAsync(response, status);
            Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(old));
        }
    }

    [TestCase("multipart/form-data", "")]
    [TestCase("multipart/form-data", "--x")]
    [TestCase("multipart/form-data; boundary=x", "")]
    [TestCase("multipart/form-data; boundary=x", "--x--\r\n")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--x--\r\n")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a; filename=a.png\r\n\r\n\r\n--x--\r\n")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a; filename=a.png\r\n\r\nno end")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nnonsense\r\n\r\n\r\n--x--\r\n")]
    public async Task A_bad_form_is_a_problem(string type, string body)
    {
        ByteArrayContent content = new(System.Text.Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage response = await PostAsync("form", content);
        await ResponseAssert.IsProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [TestCase("image/png")]
    [TestCase("image/jpeg")]
    [TestCase("application/octet-stream")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("nonsense")]
    [TestCase(null)]
    public async Task The_bytes_of_a_body_say_what_it_is(string? type)
    {
        ByteArrayContent content = new(TestPicture.Png(9, 9));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using HttpResponseMessage response = await PostAsync("body", content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task A_form_of_two_files_is_a_problem()
    {
        using MultipartFormDataContent form = Form(new ByteArrayContent(TestPicture.Png(9, 9)));
        form.Add(new ByteArrayContent(TestPicture.Png(9, 9)), "b", "b.png");
        using HttpResponseMessage response = await PostAsync("two", form);
        await ResponseAssert.IsProblemAsync(response, HttpStatusCode.BadRequest, "2 files");
    }

    /// <summary>What the endpoint says of its own body counts, and where the framework read the form already, it is taken.</summary>
    [Test]
    public async Task Endpoints_may_have_limits_and_forms_of_their_own()
    {
        using HttpResponseMessage small = await _app.Client.PostAsync("/small", new ByteArrayContent(TestPicture.Png(9, 9)));
        Assert.That(small.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        using StreamContent content = new(new MemoryStream(TestPicture.Png(128, 128)));
        using HttpResponseMessage large = await PostAsync("/small", content, isChunked: true);
        await ResponseAssert.IsProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, "1000 bytes");
        using MultipartFormDataContent form = Form(new ByteArrayContent(TestPicture.Png(9, 9)));
        form.Add(new StringContent("a name"), "title");
        using HttpResponseMessage bound = await _app.Client.PostAsync("/bound", form);
        Assert.That(await bound.Content.ReadAsStringAsync(), Is.EqualTo("\"a name 9×9\""));
    }

    [Test]
    public async Task A_client_that_leaves_stops_the_work_and_writes_nothing()
    {
        // Compressing to a wanted PSNR also restores, where the gate is.
        using GatedCodec codec = new();
        TaskCompletionSource<Exception?> ended = new();
        await using TestApp app = await UploadApp.StartAsync(codec, null, ended);
        codec.Close();
        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> request = app.Client.PostAsync("/pictures/left?psnr=30", new ByteArrayContent(TestPicture.Png(40, 30)), leave.Token);
        await codec.ArrivedAsync();
        await leave.CancelAsync();
        await codec.Stopped;
        Assert.That(await ended.Task, Is.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.EnumerateFileSystemEntries(app.Folder), Is.Empty);
    }

    [Test]
    public async Task A_body_that_ends_early_writes_nothing()
    {
        TaskCompletionSource<Exception?> ended = new();
        await using TestApp app = await UploadApp.StartAsync(null, null, ended);
        using (System.Net.Sockets.TcpClient client = new())
        {
            await client.ConnectAsync(IPAddress.Loopback, app.Client.BaseAddress!.Port);
            await client.GetStream().WriteAsync((byte[])[.. "POST /pictures/early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"u8, .. TestPicture.Png(9, 9)[..50]]);
            await app.RequestsAsync(1);
        }

        await ended.Task;
        Assert.That(Directory.EnumerateFileSystemEntries(app.Folder), Is.Empty);
        Assert.That(app.Log.Where(line => line.StartsWith("Error", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Too_many_at_once_are_refused()
    {
        using GatedCodec codec = new();
        await using TestApp app = await UploadApp.StartAsync(codec, null, limit: options => (options.MaxConcurrency, options.MaxQueueLength) = (1, 0));
        codec.Close();
        Task<HttpResponseMessage> first = app.Client.PostAsync("/pictures/first?psnr=30", new ByteArrayContent(TestPicture.Png(40, 30)));
        await codec.ArrivedAsync();
        using (HttpResponseMessage second = await app.Client.PostAsync("/pictures/second", new ByteArrayContent(TestPicture.Png(40, 30))))
        {
            await ResponseAssert.IsProblemAsync(second, HttpStatusCode.TooManyRequests);
            Assert.That(second.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }

        codec.Open();
        Assert.That((await first).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        first.Result.Dispose();
        Assert.That(Directory.EnumerateFiles(app.Folder).Select(Path.GetFileName), Is.EqualTo(new[] { "first.icd" }));
    }

    [Test]
    public async Task What_was_refused_cannot_be_saved()
    {
        using HttpResponseMessage response = await _app.Client.PostAsync("/refused", new ByteArrayContent([1, 2, 3]));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("InvalidOperationException, 0 bytes"));
    }

    [Test]
    public async Task Progress_and_warnings_are_told()
    {
        using HttpResponseMessage progress = await _app.Client.PostAsync("/progress", new ByteArrayContent(TestPicture.Png(128, 128)));
        double[] parts = (await progress.Content.ReadAsStringAsync()).Split(' ').Select(double.Parse).ToArray();
        Assert.That(parts, Is.Ordered.And.Not.Empty);
        Assert.That(parts[^1], Is.EqualTo(1));

        // A GIF of two frames.
        const string Frame = "2C000000000100010000020244010021F90400000000002C00000000010001000002024401003B";
        byte[] gif = Convert.FromHexString("47494638396101000100800000000000FFFFFF" + Frame);
        using HttpResponseMessage warnings = await _app.Client.PostAsync("/warnings", new ByteArrayContent(gif));
        Assert.That(await warnings.Content.ReadAsStringAsync(), Does.Contain("animated"));
    }

    private static MultipartFormDataContent Form(HttpContent file) => new() { { file, "file", "picture.bin" } };

    private Task<HttpResponseMessage> PostAsync(string name, HttpContent content, bool isChunked = false)
    {
        HttpRequestMessage request = new(HttpMethod.Post, name.StartsWith('/') ? name : $"/pictures/{name}") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;

        // So that a server that refuses early need not be sent the rest.
        request.Headers.ExpectContinue = true;
        return _app.Client.SendAsync(request);
    }
}
