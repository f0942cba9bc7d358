using Hangfire;
using Hangfire.Logging;
using Microsoft.Extensions.Hosting;

namespace ImageCodec.Farm.Tests;

public sealed class PostgresTests
{
    /// <summary>Shorter than in use, so that the tests are.</summary>
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(5);

    private PrivatePostgres _database = null!;

    [OneTimeSetUp]
    public void Start() => _database = PrivatePostgres.StartOrIgnore();

    [OneTimeTearDown]
    public void Stop() => _database?.Dispose();

    // Hangfire keeps the log of the last host for the whole process, and that host is gone.
    [TearDown]
    public void Forget() => LogProvider.SetCurrentLogProvider(null);

    [Test]
    public void A_killed_workers_job_is_done_by_another()
    {
        using TestFarm farm = new();
        farm.AddPicture("long.png", 7, 640, 480);
        string[] shared = ["--database", _database.ConnectionString];
        JobStorage storage = FarmStorage.Open(_database.ConnectionString, s_hold);

        // A job that lasts until its worker is killed.
        Assert.That(FarmProcess.Run(["add", farm.Input, farm.Output, "--model", "fitted", "--effort", "9", .. shared]).ExitCode, Is.Zero);
        using (FarmProcess killed = new(["work", .. shared]))
        {
            TestFarm.WaitUntil(() => FarmStatus.Read(storage).Working == 1, () => killed.Output);
            killed.Kill();
        }

        Assert.That(FarmStatus.Read(storage).IsDone, Is.False);
        Assert.That(Directory.GetFiles(farm.Output, "*.icd"), Is.Empty);

        // It is damaged meanwhile, so that whoever has it next has an answer soon.
        File.WriteAllText(Path.Combine(farm.Input, "long.png"), "no picture");
        using (IHost worker = FarmHost.Create(storage, new FarmOptions { UntilDone = true }))
        {
            worker.Start();
            TestFarm.WaitUntil(() => FarmStatus.Read(storage).IsDone, () => FarmStatus.Read(storage).ToString());
            worker.WaitForShutdown();
        }

        Assert.That(storage.GetMonitoringApi().FailedJobs(0, 1)[0].Value.ExceptionType, Is.EqualTo(typeof(InvalidFileException).FullName));
        (int exitCode, string output) = FarmProcess.Run(["status", .. shared]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("1 set aside"));
    }

    [Test]
    public async Task Workers_share_the_jobs_and_outlast_a_crash_of_the_database()
    {
        const int Count = 40;
        using TestFarm farm = new();
        for (int i = 0; i < Count; i++)
        {
            farm.AddPicture($"{i:00}.png", i, 96, 64);
        }

        JobStorage storage = FarmStorage.Open(_database.ConnectionString, s_hold);
        await OrderDesk.AddAsync(new BackgroundJobClient(storage), farm.Order, new FolderStore(farm.Input).ListAsync(CancellationToken.None), batch: 1, CancellationToken.None);
        using IHost one = FarmHost.Create(storage, new FarmOptions { Workers = 1 });
        using IHost two = FarmHost.Create(FarmStorage.Open(_database.ConnectionString, s_hold), new FarmOptions { Workers = 1 });
        await Task.WhenAll(one.StartAsync(), two.StartAsync());
        TestFarm.WaitUntil(() => CountFiles(farm) > 3, () => $"{CountFiles(farm)}");
        _database.Crash();
        int countAtCrash = CountFiles(farm);
        _database.Start();
        TestFarm.WaitUntil(() => CountFiles(farm) == Count, () => $"{CountFiles(farm)}");
        await Task.WhenAll(one.StopAsync(), two.StopAsync());
        Assert.That(countAtCrash, Is.LessThan(Count), "The crash came too late to say anything.");
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        Assert.That(Enumerable.Range(0, Count).Select(i => farm.FileOf($"{i:00}.png.icd")), Is.EqualTo(Enumerable.Range(0, Count).Select(i => compressor.Compress(TestFarm.Picture(i, 96, 64)))));
    }

    private static int CountFiles(TestFarm farm) => Directory.GetFiles(farm.Output, "*.icd").Length;
}
