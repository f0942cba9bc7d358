namespace ImageCodec;

/// <summary>Where names really lead.</summary>
internal static class RealPath
{
    /// <summary>More links than that in one path lead in a circle; systems have a limit of the same order.</summary>
    private const int MaxLinks = 64;

    /// <summary>Says whether two paths are of one file: names that differ in case are, on the file systems that Windows and macOS use by default.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The full path with every symbolic link in it followed. Nothing needs to be there.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <exception cref="IOException">Its links lead in a circle.</exception>
    public static string Of(string path)
    {
        Stack<string> parts = [];
        string real = Open(Path.GetFullPath(path), parts);
        int links = 0;
        while (parts.TryPop(out string? part))
        {
            FileInfo next = new(Path.Combine(real, part));
            if (next.LinkTarget is not { } target)
            {
                real = next.FullName;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"The links of '{path}' lead in a circle.");
            }

            real = Open(Path.GetFullPath(target, real), parts);
        }

        return real;
    }

    /// <summary>Puts the names of a full path on a stack, the first on top, and gives its root.</summary>
    private static string Open(string full, Stack<string> parts)
    {
        string root = Path.GetPathRoot(full)!;
        foreach (string part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            parts.Push(part);
        }

        return root;
    }
}
