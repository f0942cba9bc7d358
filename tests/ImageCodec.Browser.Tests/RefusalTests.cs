namespace ImageCodec.Browser.Tests;

/// <summary>What can't be done is said in a sentence, on the page.</summary>
internal sealed class RefusalTests
{
    private readonly PictureFiles _files = new();

    private static Browser Browser => Session.Browser;

    [OneTimeTearDown]
    public void Dispose() => _files.Dispose();

    [Test]
    public void A_file_that_is_no_picture()
    {
        Assert.That(Refuse(Session.App, _files.TextPath), Does.StartWith("This file is no picture that can be read here."));

        // The page is of use after that.
        CompressPage page = new(Browser, Session.App);
        page.Choose(_files.StreetPath);
        page.Start();
        page.WaitForResult();
    }

    [Test]
    public void A_picture_of_too_many_pixels()
    {
        using SampleApp app = SampleApp.Start("--MaxPixelCount", "20000");
        Assert.That(Refuse(app, _files.StreetPath), Does.StartWith("The picture is too large.").And.Contain("20000 pixels"));
    }

    [Test]
    public void A_file_of_too_many_bytes()
    {
        using SampleApp app = SampleApp.Start("--MaxUploadLength", "2000");
        Assert.That(Refuse(app, _files.StreetPath), Does.StartWith("The picture is too large.").And.Contain("2.0 kB"));
    }

    [Test]
    public async Task Too_many_pictures()
    {
        using SampleApp app = SampleApp.Start("--MaxQueueLength", "0");
        using HttpClient client = new() { BaseAddress = app.Address, Timeout = Timeout.InfiniteTimeSpan };
        using HttpRequestMessage request = new(HttpMethod.Post, "api/compress?model=fitted&bpp=1&effort=9") { Content = new ByteArrayContent(await File.ReadAllBytesAsync(_files.LargePath)) };

        // Its first line has come, so it has the only turn.
        using HttpResponseMessage first = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(Refuse(app, _files.StreetPath), Is.EqualTo("Too many pictures are waiting. Try again in a moment."));
    }

    [Test]
    public void A_server_that_has_stopped()
    {
        using SampleApp app = SampleApp.Start();
        CompressPage page = new(Browser, app);
        page.Choose(_files.StreetPath);
        app.Stop();
        page.Start();
        page.WaitForEnd();
        Assert.That(page.Error, Does.StartWith("The server can’t be reached"));
    }

    private static string Refuse(SampleApp app, string path)
    {
        CompressPage page = new(Browser, app);
        page.Choose(path);
        page.Start();
        Browser.WaitFor("!document.getElementById('error').hidden");
        return page.Error;
    }
}
