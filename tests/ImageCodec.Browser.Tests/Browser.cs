using System.Globalization;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;

namespace ImageCodec.Browser.Tests;

/// <summary>Chromium without a window.</summary>
internal sealed class Browser : IDisposable
{
    /// <summary>It asks nobody but the app: no updates, no lists, nothing of other people's settings.</summary>
    private static readonly string[] s_flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb",
    ];

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("imagecodec-chromium-");
    private readonly ChromeDriver _driver;

    public Browser(string chromium, string driver)
    {
        ChromeOptions options = new() { BinaryLocation = chromium };
        options.AddArguments(s_flags);
        options.AddArgument($"--user-data-dir={_profile.FullName}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.Warning);
        _driver = new ChromeDriver(ChromeDriverService.CreateDefaultService(driver), options, Patience.Limit);
        _driver.Manage().Timeouts().AsynchronousJavaScript = Patience.Limit;
        _driver.Manage().Timeouts().PageLoad = Patience.Limit;
    }

    /// <summary>Sets what the page is shown on.</summary>
    public void Show(int width, int height = 900, bool isDark = false)
    {
        _driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new Dictionary<string, object?>
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        _driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new Dictionary<string, object?>
        {
            ["features"] = new object[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" } },
        });
    }

    public void Open(Uri address) => _driver.Navigate().GoToUrl(address);

    public IWebElement this[string id] => _driver.FindElement(By.Id(id));

    /// <summary>All elements that can be worked with and are shown.</summary>
    public IReadOnlyList<IWebElement> Controls =>
        [.. _driver.FindElements(By.CssSelector("button, input, select, a, progress, [role=slider], [tabindex='0']")).Where(element => element.Displayed)];

    /// <summary>Presses keys where the focus is.</summary>
    public void Press(string keys) => _driver.SwitchTo().ActiveElement().SendKeys(keys);

    /// <summary>Drags an element by the mouse to the middle of another one; both given by selectors.</summary>
    public void DragTo(string selector, string target) =>
        new Actions(_driver).DragAndDrop(_driver.FindElement(By.CssSelector(selector)), _driver.FindElement(By.CssSelector(target))).Perform();

    /// <summary>The value of an expression, as text.</summary>
    public string Ask(string expression, params object[] arguments) =>
        Convert.ToString(_driver.ExecuteScript($"return ({expression});", arguments), CultureInfo.InvariantCulture) ?? "";

    /// <summary>The text that a function gives, or promises.</summary>
    public string Run(string asynchronousFunction, params object[] arguments)
    {
        string result = (string)_driver.ExecuteAsyncScript(
            $"const done = arguments[arguments.length - 1]; ({asynchronousFunction})(...[...arguments].slice(0, -1)).then(value => done('=' + value), error => done(String(error.stack ?? error)));",
            arguments)!;
        return result.StartsWith('=') ? result[1..] : throw new InvalidOperationException(result);
    }

    /// <summary>Waits until an expression is true.</summary>
    public void WaitFor(string condition) => Patience.WaitFor(
        () => (bool)_driver.ExecuteScript($"return Boolean({condition});")!,
        () => $"{condition}\n{Ask("document.body.innerText")}\n{string.Join('\n', _driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message))}");

    public void Dispose()
    {
        _driver.Quit();
        _driver.Dispose();
        _profile.Delete(recursive: true);
    }
}
