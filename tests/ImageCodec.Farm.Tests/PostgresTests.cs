using Hangfire;
using Hangfire.Logging;
using Microsoft.Extensions.Hosting;

namespace ImageCodec.Farm.Tests;

public sealed class PostgresTests
{
    private PrivatePostgres _database = null!;

    [OneTimeSetUp]
    public void Start() => _database = PrivatePostgres.StartOrIgnore();

    [OneTimeTearDown]
    public void Stop() => _database?.Dispose();

    [Test]
    public void A_killed_workers_job_is_done_by_another_and_all_of_it_is_seen()
    {
        using TestFarm farm = new();
        farm.AddPicture("long.png", 7, 640, 480);
        string[] shared = ["--database", _database.ConnectionString];
        JobStorage storage = FarmStorage.Open(_database.ConnectionString);

        // A job that lasts until its worker is killed.
        Assert.That(FarmProcess.Run(["add", farm.Input, farm.Output, "--model", "fitted", "--effort", "9", .. shared]).ExitCode, Is.Zero);
        using (FarmProcess killed = new(["work", .. shared]))
        {
            TestFarm.WaitUntil(() => FarmStatus.Read(storage).Working == 1, () => killed.Output);
            killed.Kill();
        }

        Assert.That(FarmProcess.Run(["status", .. shared]).ExitCode, Is.EqualTo(3));
        Assert.That(Directory.GetFiles(farm.Output, "*.icd"), Is.Empty);

        // It is damaged meanwhile, so that whoever has it next has an answer soon.
        File.WriteAllText(Path.Combine(farm.Input, "long.png"), "no picture");
        using (IHost worker = FarmHost.Create(FarmStorage.Open(_database.ConnectionString, TimeSpan.FromSeconds(5)), new FarmOptions { UntilDone = true }))
        {
            worker.Start();
            TestFarm.WaitUntil(() => FarmStatus.Read(storage).IsDone, () => FarmStatus.Read(storage).ToString());
            worker.WaitForShutdown();
        }

        LogProvider.SetCurrentLogProvider(null);
        (int exitCode, string output) = FarmProcess.Run(["status", .. shared]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("1 set aside"));
        Assert.That(storage.GetMonitoringApi().FailedJobs(0, 1)[0].Value.ExceptionType, Is.EqualTo(typeof(InvalidFileException).FullName));
    }

    [Test]
    public void Workers_share_the_jobs_and_outlast_a_crash_of_the_database()
    {
        using TestFarm farm = new();
        for (int i = 0; i < 40; i++)
        {
            farm.AddPicture($"{i:00}.png", i, 96, 64);
        }

        string[] shared = ["--database", _database.ConnectionString];
        Assert.That(FarmProcess.Run(["add", farm.Input, farm.Output, "--batch", "1", .. shared]).ExitCode, Is.Zero);
        using FarmProcess one = new(["work", "--workers", "1", .. shared]);
        using FarmProcess two = new(["work", "--workers", "1", .. shared]);
        TestFarm.WaitUntil(() => Directory.GetFiles(farm.Output, "*.icd").Length > 3, () => one.Output + two.Output);
        _database.Crash();
        _database.Start();
        TestFarm.WaitUntil(() => Directory.GetFiles(farm.Output, "*.icd").Length == 40, () => one.Output + two.Output);
        Assert.That((one.HasExited, two.HasExited), Is.EqualTo((false, false)));
        one.Terminate();
        two.Terminate();
        Assert.That((one.Wait(), two.Wait()), Is.EqualTo((0, 0)), one.Output + two.Output);
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        Assert.That(Enumerable.Range(0, 40).Select(i => farm.FileOf($"{i:00}.png.icd")), Is.EqualTo(Enumerable.Range(0, 40).Select(i => compressor.Compress(TestFarm.Picture(i, 96, 64)))));
    }
}
