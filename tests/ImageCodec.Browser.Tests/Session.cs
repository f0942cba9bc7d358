namespace ImageCodec.Browser.Tests;

/// <summary>The sample app and a browser for all tests, which come one after the other. Where there is no browser, or the app can't run, all are left out.</summary>
[SetUpFixture]
internal sealed class Session
{
    public static SampleApp App { get; private set; } = null!;

    public static Browser Browser { get; private set; } = null!;

    [OneTimeSetUp]
    public void Start()
    {
        string chromium = Find("chromium");
        string driver = Find("chromedriver");
        new Skia.Tests.NativeLibrary().Load();
        App = SampleApp.Start();
        Browser = new Browser(chromium, driver);
    }

    [OneTimeTearDown]
    public void End()
    {
        Browser?.Dispose();
        App?.Dispose();
    }

    private static string Find(string program)
    {
        string name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        string? path = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.Ignore($"{program} is not installed.");
        }

        return path!;
    }
}
