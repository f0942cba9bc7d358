namespace ImageCodec.Imaging;

/// <summary>The picture files of a folder.</summary>
internal static class PictureFiles
{
    /// <summary>The endings of picture files.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".ppm", ".pgm", ".pnm"];

    /// <summary>The endings of picture files, as a list in a sentence.</summary>
    public static string ExtensionList => string.Join(", ", Extensions);

    /// <summary>The picture files of a folder and of those in it, in ordinal order of their paths. Their endings say which they are.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static string[] Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder «{folder}».");
        }

        return
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .OrderBy(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal),
        ];
    }
}
