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
        string real = Path.GetPathRoot(Path.GetFullPath(path))!;
        Stack<string> parts = Parts(path);
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

            string followed = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(followed)!;
            foreach (string one in Parts(followed).Reverse())
            {
                parts.Push(one);
            }
        }

        return real;
    }

    /// <summary>The names of a path, the first on top.</summary>
    private static Stack<string> Parts(string path)
    {
        string full = Path.GetFullPath(path);
        return new(full[Path.GetPathRoot(full)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
    }
}
