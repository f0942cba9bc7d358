using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace ImageCodec.Farm.Tests;

public sealed class JobTests
{
    private TestFarm _farm = null!;

    [SetUp]
    public void Make() => _farm = new TestFarm();

    [TearDown]
    public void Delete() => _farm.Dispose();

    [Test]
    public void Files_are_those_of_the_library()
    {
        _farm.AddPicture("a.png", 1);
        _farm.AddPicture("sub/b.png", 2, 70, 50);
        Order order = _farm.Order with { Quality = 60, Effort = 1 };
        Assert.That(_farm.AddJobs(order), Is.EqualTo(2));
        _farm.Work();
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        CompressionOptions options = new() { Quality = 60, Effort = 1 };
        Assert.That(_farm.FileOf("a.png.icd"), Is.EqualTo(compressor.Compress(TestFarm.Picture(1), options)));
        Assert.That(_farm.FileOf("sub/b.png.icd"), Is.EqualTo(compressor.Compress(TestFarm.Picture(2, 70, 50), options)));
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.IsDone, _farm.Status.SetAside), Is.EqualTo((2, true, 0)));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(16)]
    public void Every_picture_is_in_one_job(int batch)
    {
        for (int i = 0; i < 7; i++)
        {
            _farm.AddPicture($"{i}.png", i);
        }

        Assert.That(_farm.AddJobs(batch: batch), Is.EqualTo(7));
        Assert.That(_farm.Status.Waiting, Is.EqualTo((7 + batch - 1) / batch));
        _farm.Work();
        Assert.That((_farm.Status.Pictures.Done, Directory.GetFiles(_farm.Output, "*.icd").Length), Is.EqualTo((7, 7)));
    }

    [Test]
    public void A_picture_that_is_done_is_not_done_again()
    {
        _farm.AddPicture("a.png");
        _farm.AddJobs();
        _farm.Work();
        File.SetLastWriteTimeUtc(_farm.PathOf("a.png.icd"), DateTime.UnixEpoch);
        _farm.AddJobs();
        _farm.Work();
        Assert.That(File.GetLastWriteTimeUtc(_farm.PathOf("a.png.icd")), Is.EqualTo(DateTime.UnixEpoch));
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.Pictures.Skipped), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Other_contents_other_options_and_a_missing_file_are_reasons_to_do_it_again()
    {
        _farm.AddPicture("a.png", 1);
        _farm.AddJobs();
        _farm.Work();
        byte[] first = _farm.FileOf("a.png.icd");

        _farm.AddPicture("a.png", 2);
        _farm.AddJobs();
        _farm.Work();
        byte[] second = _farm.FileOf("a.png.icd");
        Assert.That(second, Is.Not.EqualTo(first));

        _farm.AddJobs(_farm.Order with { Quality = 90 });
        _farm.Work();
        Assert.That(_farm.FileOf("a.png.icd"), Is.Not.EqualTo(second));

        File.Delete(_farm.PathOf("a.png.icd"));
        _farm.AddJobs();
        _farm.Work();
        Assert.That(_farm.FileOf("a.png.icd"), Is.EqualTo(second));
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.Pictures.Skipped), Is.EqualTo((4, 0)));
    }

    [Test]
    public void A_damaged_picture_is_set_aside_with_its_reason_and_its_neighbours_are_done()
    {
        _farm.AddPicture("a.png");
        _farm.AddPicture("c.png", 3);
        File.WriteAllBytes(Path.Combine(_farm.Input, "b.png"), ImageFile.Encode(TestFarm.Picture(2), ImageFileFormat.Png)[..100]);
        _farm.AddJobs();
        _farm.Work();
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.ForRetry, _farm.Status.SetAside), Is.EqualTo((2, 0, 1)));
        FailedJobDto failed = SetAside();
        Assert.That(failed.ExceptionType, Is.EqualTo(typeof(InvalidFileException).FullName));
        Assert.That(failed.ExceptionMessage, Does.StartWith("PNG"));
        Assert.That(failed.Job.Args[1], Is.EqualTo(new[] { "b.png" }));
        Assert.That(File.Exists(_farm.PathOf("b.png.icd")), Is.False);
    }

    [Test]
    public void What_could_not_be_read_is_tried_again()
    {
        _farm.AddPicture("a.png");
        _farm.AddPicture("b.png");
        _farm.AddJobs();
        File.Delete(Path.Combine(_farm.Input, "b.png"));
        _farm.Work();
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.ForRetry, _farm.Status.SetAside), Is.EqualTo((1, 1, 0)));

        _farm.AddPicture("b.png", 4);
        Assert.That(_farm.Jobs.Requeue(_farm.Storage.GetMonitoringApi().ScheduledJobs(0, 1)[0].Key), Is.True);
        _farm.Work();
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.ForRetry, _farm.Status.SetAside), Is.EqualTo((2, 0, 0)));
        Assert.That(File.Exists(_farm.PathOf("b.png.icd")), Is.True);
    }

    [Test]
    public void A_missing_output_folder_is_waited_for()
    {
        _farm.AddPicture("a.png");
        _farm.AddJobs();
        Directory.Delete(_farm.Output);
        _farm.Work();
        Assert.That((_farm.Status.ForRetry, Directory.Exists(_farm.Output)), Is.EqualTo((1, false)));
    }

    [Test]
    public void A_picture_that_is_too_large_for_the_worker_is_set_aside()
    {
        _farm.AddPicture("a.png");
        _farm.AddPicture("large.png", 1, 200, 100);
        _farm.Options = _farm.Options with { MaxPixelCount = 10_000 };
        _farm.AddJobs();
        _farm.Work();
        Assert.That((_farm.Status.Pictures.Done, _farm.Status.ForRetry, _farm.Status.SetAside), Is.EqualTo((1, 0, 1)));
        Assert.That(SetAside().ExceptionMessage, Does.Contain("200×100").And.Contain("10000"));
    }

    [Test]
    public void A_worker_that_stops_gives_its_job_back_and_leaves_no_file()
    {
        _farm.AddPicture("a.png", 7, 640, 480);
        _farm.AddJobs(_farm.Order with { Model = "fitted", Effort = 9 });
        _farm.Start();
        TestFarm.WaitUntil(() => Progress() is not null, () => _farm.Status.ToString());
        _farm.Stop();
        Assert.That((_farm.Status.IsDone, _farm.Status.SetAside), Is.EqualTo((false, 0)));
        Assert.That(Directory.GetFiles(_farm.Output, "*", SearchOption.AllDirectories), Is.Empty);

        // It is damaged meanwhile, so that the next worker has an answer soon.
        File.WriteAllText(Path.Combine(_farm.Input, "a.png"), "no picture");
        _farm.Work();
        Assert.That((_farm.Status.IsDone, _farm.Status.SetAside), Is.EqualTo((true, 1)));

        string? Progress() => _farm.Storage.GetMonitoringApi().ProcessingJobs(0, 1) is [var job, ..] ? Parameter(job.Key, JobProgress.ParameterName) : null;
    }

    [Test]
    public void A_job_that_killed_its_workers_is_split_and_its_picture_set_aside()
    {
        _farm.AddPicture("a.png");
        _farm.AddPicture("b.png");
        Begin(["a.png", "b.png"], starts: 3);
        Begin(["a.png"], starts: 3);
        Begin(["b.png"], starts: 2);
        _farm.Work();

        // The two of the first job become jobs of their own, which nothing is known against.
        Assert.That(_farm.Status.SetAside, Is.EqualTo(1));
        Assert.That(SetAside().ExceptionMessage, Does.Contain("3 times"));
        Assert.That((_farm.Status.Pictures.Done + _farm.Status.Pictures.Skipped, Directory.GetFiles(_farm.Output, "*.icd").Length), Is.EqualTo((3, 2)));
    }

    private void Begin(string[] pictures, int starts)
    {
        Directory.CreateDirectory(_farm.Output);
        Job job = Job.FromExpression<PictureJob>(picture => picture.RunAsync(_farm.Order, pictures, null!, CancellationToken.None));
        string id = _farm.Jobs.Create(job, new ScheduledState(TimeSpan.FromDays(1)));
        using (IStorageConnection connection = _farm.Storage.GetConnection())
        {
            connection.SetJobParameter(id, "Starts", starts.ToString());
        }

        Assert.That(_farm.Jobs.Requeue(id), Is.True);
    }

    private FailedJobDto SetAside() => _farm.Storage.GetMonitoringApi().FailedJobs(0, 10).Single().Value;

    private string? Parameter(string job, string name)
    {
        using IStorageConnection connection = _farm.Storage.GetConnection();
        return connection.GetJobParameter(job, name);
    }
}
