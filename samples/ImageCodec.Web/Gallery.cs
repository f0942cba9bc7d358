using ImageCodec.SamplePicture;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageCodec.Web;

/// <summary>A folder of files of <c>fitted</c>, which browsers decode. At the first start some are made of a rendered picture, while the app runs already.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class Gallery(DataFolder data, [FromKeyedServices("fitted")] ImageCompressor compressor) : BackgroundService
{
    private static readonly (string Name, int Width, int Height, double Bpp)[] s_first =
    [
        ("street-0.2-bpp", 384, 256, 0.2),
        ("street-0.5-bpp", 384, 256, 0.5),
        ("street-1.5-bpp", 384, 256, 1.5),
        ("street-tall", 240, 320, 0.5),
        ("street-wide", 480, 200, 0.4),
    ];

    private volatile bool _isComplete;

    public GalleryList List()
    {
        bool isComplete = _isComplete;
        IEnumerable<FileInfo> files = new DirectoryInfo(data.Gallery).EnumerateFiles("*" + IcdFile.Extension).OrderByDescending(file => file.LastWriteTimeUtc);
        return new GalleryList([.. files.Select(Describe)], isComplete);
    }

    /// <summary>Takes the compressed picture of a result. False if there is no such result, or if browsers can't decode it.</summary>
    public bool TryAdd(string id)
    {
        if (data.FindPicture(id) is not { } path || ImageCompressor.Identify(File.ReadAllBytes(path)).ModelName != "fitted")
        {
            return false;
        }

        Put(id, File.ReadAllBytes(path));
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach ((string name, int width, int height, double bpp) in s_first)
        {
            if (!File.Exists(PathOf(name)))
            {
                RgbImage picture = await Task.Run(() => StreetPicture.Render(width, height), stoppingToken);
                Put(name, await compressor.CompressAsync(picture, new CompressionOptions { BitsPerPixel = bpp, Effort = 1 }, cancellationToken: stoppingToken));
            }
        }

        _isComplete = true;
    }

    /// <summary>Whoever lists the folder sees whole files only.</summary>
    private void Put(string name, byte[] file)
    {
        string unfinished = Path.Combine(data.Gallery, Path.GetRandomFileName());
        File.WriteAllBytes(unfinished, file);
        File.Move(unfinished, PathOf(name), overwrite: true);
    }

    private string PathOf(string name) => Path.Combine(data.Gallery, name + IcdFile.Extension);

    private static GalleryPicture Describe(FileInfo file)
    {
        IcdInfo info = ImageCompressor.Identify(File.ReadAllBytes(file.FullName));
        return new GalleryPicture(file.Name, info.Width, info.Height, info.FileLength, info.BitsPerPixel);
    }
}
