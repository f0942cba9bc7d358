namespace ImageCodec.Farm.Tests;

public sealed class CommandTests
{
    [Test]
    public void Help_shows_how_to_begin()
    {
        (int exitCode, string output) = FarmProcess.Run("--help");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("run photos compressed").And.Contain("IMAGECODEC_FARM_DATABASE").And.Contain("s3://"));
    }

    [Test]
    public void It_all_runs_in_one_process()
    {
        using TestFarm farm = new();
        farm.AddPicture("a.png");
        File.WriteAllText(Path.Combine(farm.Input, "bad.png"), "no picture");
        (int exitCode, string output) = FarmProcess.Run("run", farm.Input, farm.Output, "--dashboard", "http://127.0.0.1:0", "--until-done", "--quality", "30");
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("Added 2 pictures").And.Contain("1 pictures done").And.Contain("1 set aside"));
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        Assert.That(farm.FileOf("a.png.icd"), Is.EqualTo(compressor.Compress(TestFarm.Picture(1), new CompressionOptions { Quality = 30 })));
    }

    private static readonly string[][] s_mistakes =
    [
        ["add", "in", "out"], ["run", "in"], ["run", "no-such-folder", "out"], ["work", "--database", "Host=127.0.0.1;Port=1;Username=x"], ["work", "--database", "nonsense"],
    ];

    private static readonly string[] s_reasons = ["IMAGECODEC_FARM_DATABASE", "run INPUT OUTPUT", "no-such-folder", "The database can't be used", "connection string"];

    [Test]
    public void A_mistake_is_one_clear_line([Range(0, 4)] int index)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("farm-command-");
        string[] arguments = [.. s_mistakes[index].Select(argument => argument is "out" or "no-such-folder" ? Path.Combine(folder.FullName, argument) : argument)];
        (int exitCode, string output) = FarmProcess.Run(arguments);
        folder.Delete(recursive: true);
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain(s_reasons[index]).And.Not.Contain("   at "));
    }
}
