using System.Globalization;
using OpenQA.Selenium;

namespace ImageCodec.Browser.Tests;

/// <summary>The pages at the widths of a telephone and of a desk, in light and dark, by keyboard, and for those who don't see them.</summary>
internal sealed class LayoutTests
{
    private readonly PictureFiles _files = new();

    private static Browser Browser => Session.Browser;

    [OneTimeTearDown]
    public void Dispose() => _files.Dispose();

    [Test]
    public void No_page_scrolls_sideways([Values("", "gallery/", "plain/")] string page, [Values(400, 1280)] int width)
    {
        Browser.Show(width);
        Browser.Open(new Uri(Session.App.Address, page));
        if (page.Length > 0)
        {
            Browser.WaitFor("document.getElementById('pictures').ariaBusy === 'false'");
        }

        CheckWidth(width);
    }

    [Test]
    public void A_result_does_not_scroll_sideways_and_every_control_has_a_name()
    {
        CompressPage page = new(Browser, Session.App);
        page.Choose(_files.StreetPath);
        page.Start();
        page.WaitForResult();
        foreach (string zoom in (string[])["Fit", "800"])
        {
            Browser["zoom"].SendKeys(zoom);
            foreach (int width in (int[])[400, 1280])
            {
                Browser.Show(width);
                CheckWidth(width);
            }
        }

        WebElement[] controls = [.. Browser.Controls.Cast<WebElement>()];
        Assert.That(controls, Has.Length.AtLeast(20));
        Assert.That(controls.Where(control => control.ComputedAccessibleLabel.Length == 0).Select(control => control.GetDomProperty("outerHTML")), Is.Empty);
    }

    [Test]
    public void The_colours_follow_the_system()
    {
        foreach (bool isDark in (bool[])[false, true])
        {
            Browser.Show(1280, isDark: isDark);
            Browser.Open(Session.App.Address);
            int[] ground = Colour("backgroundColor");
            int[] text = Colour("color");
            Assert.That(ground.Sum(), isDark ? Is.LessThan(200) : Is.GreaterThan(600));
            Assert.That(text.Sum(), isDark ? Is.GreaterThan(600) : Is.LessThan(200));
        }
    }

    [Test]
    public void The_keyboard_reaches_all_and_shows_where_it_is()
    {
        CompressPage page = new(Browser, Session.App);
        page.Choose(_files.StreetPath);
        List<string> seen = [];
        foreach (string expected in (string[])["drop", "photo", "quality", "quality", "effort", "start"])
        {
            Patience.WaitFor(
                () =>
                {
                    Browser.Press(Keys.Tab);
                    seen.Add(Browser.Ask("document.activeElement.id || document.activeElement.value || document.activeElement.textContent"));
                    return seen[^1] == expected;
                },
                () => string.Join(", ", seen));
            Assert.That(Browser.Ask("getComputedStyle(document.activeElement).outlineStyle"), Is.EqualTo("solid"), expected);
        }

        Assert.That(seen, Is.EqualTo(new[] { "Compress", "Gallery", "Plain img", "drop", "photo", "quality", "quality", "effort", "start" }));
    }

    private static void CheckWidth(int width)
    {
        Assert.That(Browser.Ask("innerWidth"), Is.EqualTo(width.ToString(CultureInfo.InvariantCulture)));
        Assert.That(int.Parse(Browser.Ask("document.scrollingElement.scrollWidth"), CultureInfo.InvariantCulture), Is.AtMost(width));
    }

    private static int[] Colour(string property) =>
        [.. Browser.Ask($"getComputedStyle(document.body).{property}.match(/\\d+/g).join(' ')").Split(' ').Select(value => int.Parse(value, CultureInfo.InvariantCulture))];
}
