namespace ImageCodec.Cli.Tests;

/// <summary>The car pictures that training never saw, with the embedded strided weights, whole files counted.</summary>
internal sealed class CarPictureTests
{
    private const int ValidationInterval = 8;

    [Test]
    public void Unseen_cars_keep_their_quality_at_their_rate_and_other_processes_restore_them()
    {
        string folder = Path.Combine(SharedData(), "cars");
        if (!Directory.Exists(folder))
        {
            Assert.Ignore("The folder shared/data/cars is not here; IMAGECODEC_SHARED_DATA names another place.");
        }

        string[] files = [.. Directory.GetFiles(folder, "*.png").OrderBy(Path.GetFileName, StringComparer.Ordinal).Where((_, i) => i % ValidationInterval == 0)];
        Assert.That(files, Has.Length.GreaterThan(10));
        using Workplace work = new();
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("strided");
        // The Exif of these photos is some ten times as long as their compressed pixels.
        CompressionOptions pixelsAlone = new() { StripMetadata = true };
        CompressionResult[] results = [.. files.Select(file => compressor.CompressAndReconstruct(ImageFile.Read(file), pixelsAlone))];
        Parallel.For(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            string compressed = work.Put($"{i}.icd", results[i].File);
            CommandRun.InProcessOfItsOwn("decompress", compressed, work[$"{i}.png"]).Succeeded();
        });
        for (int i = 0; i < files.Length; i++)
        {
            RoundTripTests.AssertSame(ImageFile.Read(work[$"{i}.png"]), results[i].Reconstruction);
        }

        double psnr = results.Average(result => result.Psnr);
        double bitsPerPixel = results.Average(result => result.BitsPerPixel);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{files.Length} pictures: {psnr:0.000} dB at {bitsPerPixel:0.0000} bpp"));
        Assert.That(psnr, Is.GreaterThanOrEqualTo(21.5));
        Assert.That(bitsPerPixel, Is.LessThanOrEqualTo(0.55));
    }

    private static string SharedData()
    {
        if (Environment.GetEnvironmentVariable("IMAGECODEC_SHARED_DATA") is { Length: > 0 } given)
        {
            return given;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ImageCodec.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? "", "..", "shared", "data");
    }
}
