namespace ImageCodec.Web;

/// <summary>The folder of what the sample makes: <c>gallery</c>, and <c>results</c> with a folder for each comparison.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class DataFolder
{
    /// <summary>The name of the compressed picture among the files of a result.</summary>
    public const string PictureName = "picture" + IcdFile.Extension;

    private const int KeptResults = 20;

    public DataFolder(string path)
    {
        Root = Directory.CreateDirectory(Path.GetFullPath(path)).FullName;
        Gallery = Directory.CreateDirectory(Path.Combine(Root, "gallery")).FullName;
        Results = Directory.CreateDirectory(Path.Combine(Root, "results")).FullName;
    }

    public string Root { get; }

    public string Gallery { get; }

    private string Results { get; }

    /// <summary>Makes a folder for a result. The oldest ones go.</summary>
    public (string Id, string Folder) AddResult()
    {
        foreach (DirectoryInfo old in new DirectoryInfo(Results).GetDirectories().OrderByDescending(folder => folder.CreationTimeUtc).Skip(KeptResults - 1))
        {
            TryDelete(old);
        }

        string id = Guid.NewGuid().ToString("N");
        return (id, Directory.CreateDirectory(Path.Combine(Results, id)).FullName);
    }

    /// <summary>The compressed picture of a result, or null.</summary>
    public string? FindPicture(string id) =>
        Guid.TryParseExact(id, "N", out _) && Path.Combine(Results, id, PictureName) is { } path && File.Exists(path) ? path : null;

    private static void TryDelete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Somebody reads it; the next one tries again.
        }
    }
}
