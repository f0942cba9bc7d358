using System.Net;
using System.Net.Sockets;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.Logging;
using Microsoft.Extensions.Hosting;

namespace ImageCodec.Farm.Tests;

/// <summary>A farm in this process, with its jobs in memory and folders of its own.</summary>
internal sealed class TestFarm : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("farm-test-");
    private IHost? _host;

    public TestFarm()
    {
        Input = _folder.CreateSubdirectory("in").FullName;
        Output = Path.Combine(_folder.FullName, "out");
        Jobs = new BackgroundJobClient(Storage);
    }

    public string Input { get; }

    public string Output { get; }

    public JobStorage Storage { get; } = new InMemoryStorage();

    public BackgroundJobClient Jobs { get; }

    public FarmOptions Options { get; set; } = new() { Workers = 2 };

    public FarmStatus Status => FarmStatus.Read(Storage);

    public Order Order => new() { Input = Input, Output = Output };

    /// <summary>Some colours, others for each seed.</summary>
    public static RgbImage Picture(int seed, int width = 48, int height = 32)
    {
        RgbImage picture = new(width, height);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            picture.Pixels[i] = (byte)(i / 3 % width * seed + i / (3 * width) * 5);
        }

        return picture;
    }

    /// <summary>A port of this machine that nobody uses.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits for something that is bound to happen.</summary>
    public static void WaitUntil(Func<bool> condition, Func<string> state)
    {
        DateTime end = DateTime.UtcNow + s_patience;
        while (!condition())
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), state);
            Thread.Sleep(20);
        }
    }

    public void AddPicture(string name, int seed = 1, int width = 48, int height = 32)
    {
        string path = Path.Combine(Input, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.Write(path, Picture(seed, width, height));
    }

    public long AddJobs(Order? order = null, int batch = 16) =>
        OrderDesk.AddAsync(Jobs, order ?? Order, new FolderStore(Input).ListAsync(CancellationToken.None), batch, CancellationToken.None).Result;

    public void Start()
    {
        _host = FarmHost.Create(Storage, Options);
        _host.Start();
    }

    public void Stop()
    {
        _host?.StopAsync().Wait();
        _host?.Dispose();
        _host = null;

        // Hangfire keeps the log of the last host for the whole process, and that host is gone.
        LogProvider.SetCurrentLogProvider(null);
    }

    /// <summary>Works until all is done, set aside, or waiting for another try.</summary>
    public void Work()
    {
        Start();
        WaitUntil(() => Status is { Waiting: 0, Working: 0 }, () => Status.ToString());
        Stop();
    }

    public string PathOf(string name) => Path.Combine(Output, name);

    public byte[] FileOf(string name) => File.ReadAllBytes(PathOf(name));

    public void Dispose()
    {
        Stop();
        _folder.Delete(recursive: true);
    }
}
