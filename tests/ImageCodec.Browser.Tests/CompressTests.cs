using System.Globalization;
using OpenQA.Selenium;

namespace ImageCodec.Browser.Tests;

/// <summary>From a chosen picture to the table and the view that compare.</summary>
internal sealed class CompressTests
{
    private readonly PictureFiles _files = new();

    private static Browser Browser => Session.Browser;

    [OneTimeTearDown]
    public void Dispose() => _files.Dispose();

    [TestCase("photo")]
    [TestCase("fitted")]
    public void A_picture_is_compressed_and_compared(string model)
    {
        CompressPage page = new(Browser, Session.App);
        page.Choose(_files.StreetPath);
        page.Set(model, 1, 1);
        page.Start();
        page.WaitForResult();

        byte[] file = Session.App.Get(new Uri(Browser["download"].GetDomProperty("href")!).PathAndQuery);
        IcdInfo info = ImageCompressor.Identify(file);
        RgbImage restored = ImageDecompressor.Shared.Decompress(file);
        Assert.That((info.ModelName, info.Width, info.Height), Is.EqualTo((model, 192, 128)));
        Assert.That(info.BitsPerPixel, Is.EqualTo(1).Within(0.1));
        string[] ours = page.Row("ImageCodec");
        Assert.That(ours[1], Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"{file.Length / 1000.0:0.0} kB")));
        Assert.That(Number(ours[2]), Is.EqualTo(8.0 * file.Length / (192 * 128)).Within(0.001));
        Assert.That(Number(ours[3]), Is.EqualTo(Metrics.Psnr(_files.Street, restored)).Within(0.01));
        Assert.That(Number(ours[4]), Is.EqualTo(Metrics.MsSsim(_files.Street, restored)).Within(0.0001));
        foreach (string name in (string[])["JPEG", "WebP"])
        {
            string[] other = page.Row(name);
            Assert.That(Number(other[2]), Is.EqualTo(Number(ours[2])).Within(10).Percent, name);
            Assert.That(Number(other[3]), Is.InRange(20, 45), name);
        }

        // On the left the original, on the right what comes out of the file.
        Assert.That(Browser.Run($"() => ({Pixels.HashOfImage})(document.querySelector('.under'))"), Is.EqualTo(Pixels.HashOf(_files.Street)));
        Assert.That(Browser.Run($"() => ({Pixels.HashOfImage})(document.querySelector('.over'))"), Is.EqualTo(Pixels.HashOf(restored)));
        Assert.That(Browser["keep"].Displayed, Is.EqualTo(model == "fitted"));
    }

    [Test]
    public void The_divider_moves_by_keys_and_the_zoom_enlarges()
    {
        CompressPage page = new(Browser, Session.App);
        page.Choose(_files.StreetPath);
        page.Start();
        page.WaitForResult();
        const string Width = "document.querySelector('.stage').clientWidth";
        const string Divider = "document.querySelector('.divider')";
        const string Cut = "parseFloat(document.querySelector('.stage').style.getPropertyValue('--cut'))";
        Assert.That(Browser.Ask(Width), Is.EqualTo("192"));
        Browser.Ask($"{Divider}.focus()");
        double before = Number(Browser.Ask(Cut));
        Browser.Press(Keys.ArrowRight + Keys.ArrowRight + Keys.ArrowLeft);
        Assert.That(Browser.Ask($"{Divider}.ariaValueNow"), Is.EqualTo("51"));
        Assert.That(Number(Browser.Ask(Cut)), Is.GreaterThan(before));
        Browser.Press(Keys.Home);
        Assert.That(Browser.Ask(Cut), Is.EqualTo("0"));
        Browser.Press(Keys.End);
        Assert.That(Browser.Ask(Cut), Is.EqualTo("192"));
        Browser["zoom"].SendKeys("800");
        Browser.WaitFor($"{Width} === {8 * 192}");

        // By the mouse to the middle; there it stays on the screen when the pictures move below it.
        Browser.Ask("document.getElementById('view').scrollIntoView()");
        Browser.DragTo(".divider", "#view");
        Assert.That(Browser.Ask($"{Divider}.ariaValueNow"), Is.EqualTo("50"));
        Browser.Ask("document.querySelector('.scroller').scrollTo(0, 0)");
        Browser.WaitFor($"Math.abs({Cut} - document.getElementById('view').clientWidth / 2) < 2");

        // Other pictures come by the lists.
        Browser["right"].SendKeys("WebP");
        Browser.WaitFor("document.querySelector('.tag.right').textContent === 'WebP' && document.querySelector('.over').src.endsWith('.webp')");
    }

    [TestCase("drop")]
    [TestCase("paste")]
    public void A_picture_can_be_dropped_and_pasted(string way)
    {
        CompressPage page = new(Browser, Session.App);
        string make = way == "drop"
            ? "new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data })"
            : "new ClipboardEvent('paste', { bubbles: true, clipboardData: data })";
        Browser.Ask(
            "(() => { const data = new DataTransfer(); const bytes = Uint8Array.from(atob(arguments[0]), letter => letter.charCodeAt(0));"
            + $" data.items.add(new File([bytes], 'mine.png', {{ type: 'image/png' }})); document.getElementById('drop').dispatchEvent({make}); }})()",
            Convert.ToBase64String(File.ReadAllBytes(_files.StreetPath)));
        Assert.That(Browser["drop-title"].Text, Is.EqualTo("mine.png"));
        page.Start();
        page.WaitForResult();
    }

    [TestCase("cancel")]
    [TestCase("leave")]
    public void Work_stops_when_it_is_cancelled_or_the_page_is_left(string way)
    {
        const string Stopped = "Stopped the work: its client has left";
        CompressPage page = new(Browser, Session.App);
        int before = Count(Stopped);
        page.Choose(_files.LargePath);
        page.Set("fitted", 1, 9);
        page.Start();
        page.WaitForTimeLeft();
        if (way == "cancel")
        {
            Assert.That(Browser.Ask("document.activeElement.id"), Is.EqualTo("cancel"));
            Browser.Press(Keys.Enter);
            page.WaitForEnd();
            Assert.That(page.Error, Is.Empty);
        }
        else
        {
            Browser.Open(new Uri(Session.App.Address, "icon.svg"));
        }

        // That line comes when the work has ended; had it gone on to its end, the other one would have come too.
        Patience.WaitFor(() => Count(Stopped) > before, () => Session.App.Log);
        Assert.That(Session.App.Log, Does.Not.Contain("Compressed an upload of 1024×1024"));
    }

    [Test]
    public void A_fitted_result_is_put_into_the_gallery()
    {
        CompressPage page = new(Browser, Session.App);
        page.Choose(_files.StreetPath);
        page.Set("fitted", 0.5, 0);
        page.Start();
        page.WaitForResult();
        Browser["keep"].Click();
        Browser.WaitFor("document.getElementById('kept').textContent.startsWith('It is in')");
        string name = page.ResultId + IcdFile.Extension;
        Browser.Open(new Uri(Session.App.Address, "gallery/"));
        Browser.WaitFor($"document.querySelector('icd-img[src$=\"{name}\"]')");
    }

    private static int Count(string line) => Session.App.Log.Split(line).Length - 1;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
