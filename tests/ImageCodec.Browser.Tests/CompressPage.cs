using OpenQA.Selenium;

namespace ImageCodec.Browser.Tests;

/// <summary>The page on which pictures are compressed, as people use it.</summary>
internal sealed class CompressPage
{
    private readonly Browser _browser;

    public CompressPage(Browser browser, SampleApp app)
    {
        _browser = browser;
        browser.Show(1280);
        browser.Open(app.Address);
        browser.WaitFor("document.getElementById('limits').textContent");
    }

    /// <summary>The sentence that says what was wrong; empty where nothing was.</summary>
    public string Error => _browser["error"].Text;

    /// <summary>The name of the folder of the result that is shown.</summary>
    public string ResultId => _browser.Ask("document.getElementById('result').dataset.id");

    public void Choose(string path) => _browser["file"].SendKeys(path);

    public void Set(string model, double bitsPerPixel, int effort)
    {
        _browser.Ask(
            "(() => { const { form } = document.getElementById('start'); form.elements.model.value = arguments[0]; form.elements.rate.value = 'bpp';"
            + " document.getElementById('bpp').value = arguments[1]; document.getElementById('effort').value = arguments[2];"
            + " form.dispatchEvent(new Event('input')); })()",
            model,
            bitsPerPixel,
            effort);
    }

    public void Start() => _browser["start"].SendKeys(Keys.Enter);

    /// <summary>Waits until nothing is worked on any more.</summary>
    public void WaitForEnd() => _browser.WaitFor("document.getElementById('cancel').hidden");

    /// <summary>Waits until a result is shown.</summary>
    public void WaitForResult()
    {
        _browser.WaitFor("document.getElementById('spoken').textContent === 'Done.' || !document.getElementById('error').hidden");
        Assert.That(Error, Is.Empty);
    }

    /// <summary>Waits until a part of the fit is done, so that it is told how long the rest will take.</summary>
    public void WaitForTimeLeft() => _browser.WaitFor("document.getElementById('progress').value > 0 && / (s|minutes?) left$/.test(document.getElementById('status').textContent)");

    /// <summary>A row of the table: name, length, bits a pixel, PSNR and MS-SSIM, as they are shown.</summary>
    public string[] Row(string name) => _browser
        .Ask("[...document.querySelectorAll('#rows tr')].map(row => [...row.cells].map(cell => cell.innerText.split('\\n')[0]).join('|')).find(row => row.startsWith(arguments[0])) ?? ''", name)
        .Split('|');
}
