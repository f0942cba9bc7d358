namespace ImageCodec.Browser.Tests;

/// <summary>Browsers show the pixels that the library decodes.</summary>
internal sealed class GalleryTests
{
    private static Browser Browser => Session.Browser;

    [Test]
    public void The_element_shows_the_same_pixels()
    {
        Open("gallery/");
        Check("icd-img", "async element => { await element.decode(); return element.shadowRoot.querySelector('img'); }");
    }

    [Test]
    public void The_service_worker_gives_plain_images_the_same_pixels()
    {
        Open("plain/");
        Assert.That(Browser["status"].Text, Is.EqualTo("Shown by the service worker."));
        Check("img", "async element => { await element.decode(); return element; }");
    }

    private static void Open(string page)
    {
        Browser.Show(1280);
        Browser.Open(new Uri(Session.App.Address, page));
        Browser.WaitFor("document.getElementById('pictures').ariaBusy === 'false'");
    }

    private static void Check(string element, string imageOf)
    {
        string[] lines = Browser.Run(
            $"async () => (await Promise.all([...document.querySelectorAll('#pictures {element}')].map(async one => "
            + $"one.src.split('/').at(-1) + ' ' + await ({Pixels.HashOfImage})(await ({imageOf})(one))))).join('\\n')").Split('\n');
        Assert.That(lines, Has.Length.AtLeast(5));
        Assert.That(lines, Is.EqualTo(lines.Select(line => line.Split(' ')[0]).Select(name => $"{name} {Pixels.HashOf(File.ReadAllBytes(Path.Combine(Session.App.Data, "gallery", name)))}")));
    }
}
