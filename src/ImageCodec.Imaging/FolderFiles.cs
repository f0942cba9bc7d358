namespace ImageCodec.Imaging;

/// <summary>A file that was found in a folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="RelativePath">Its path from the folder on.</param>
internal readonly record struct FoundFile(string Path, string RelativePath);

/// <summary>A file or folder that was passed over.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Reason">Why, as the rest of a sentence that begins with its name.</param>
/// <param name="IsFault">Whether there may be something in it that was wanted.</param>
internal readonly record struct LeftOutFile(string Path, string Reason, bool IsFault);

/// <summary>The files of one kind in a folder and in those below it: the one rule by which folders are walked.</summary>
/// <remarks>
/// A file is of the kind if its contents or its ending say so. Hidden files and folders, whose names begin with a dot, are not looked at: systems keep notes and
/// thumbnails there. A file or a folder that can be reached in two ways, by links, is taken once, and a link to a folder above is not followed.
/// </remarks>
internal sealed class FolderFiles
{
    /// <summary>As much of a file as says what it is.</summary>
    private const int HeadLength = 512;

    /// <summary>How the platform says that there is nothing by a name, which here it has just given.</summary>
    private const FileAttributes Unreachable = (FileAttributes)(-1);

    private readonly FileKind _kind;
    private readonly string _folder;
    private readonly string _fullFolder;
    private readonly string _real;
    private readonly List<FoundFile> _files = [];
    private readonly List<LeftOutFile> _leftOut = [];
    private readonly Dictionary<string, string> _seen = new(RealPath.Comparer);

    /// <summary>Links wait until all that lies in the folder itself is known, so that a file is taken by its own name.</summary>
    private readonly Queue<FileSystemInfo> _links = new();

    private FolderFiles(string folder, FileKind kind)
    {
        _folder = folder;
        _fullFolder = Path.GetFullPath(folder);
        _real = RealPath.Of(folder);
        _kind = kind;
    }

    /// <summary>The files, in ordinal order of their relative paths with slashes.</summary>
    public IReadOnlyList<FoundFile> Files { get; private set; } = [];

    /// <summary>What was passed over, apart from what is hidden, in the same order.</summary>
    public IReadOnlyList<LeftOutFile> LeftOut { get; private set; } = [];

    /// <summary>Looks through a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="kind">Which files are wanted.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FolderFiles Find(string folder, FileKind kind)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder «{folder}».");
        }

        FolderFiles found = new(folder, kind);
        found.Walk(new DirectoryInfo(folder), found._real);
        while (found._links.TryDequeue(out FileSystemInfo? link))
        {
            found.Follow(link);
        }

        found.Files = [.. found._files.OrderBy(file => InOrder(file.RelativePath), StringComparer.Ordinal)];
        found.LeftOut = [.. found._leftOut.OrderBy(file => InOrder(file.Path), StringComparer.Ordinal)];
        return found;
    }

    private static string InOrder(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    private void Walk(DirectoryInfo folder, string real)
    {
        _seen.Add(real, folder.FullName);
        FileSystemInfo[] entries;
        try
        {
            entries = [.. folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (real != _real && e is IOException or UnauthorizedAccessException)
        {
            LeaveOut(folder, $"can't be read: {e.Message}", isFault: true);
            return;
        }

        foreach (FileSystemInfo entry in entries)
        {
            if (entry.Attributes == Unreachable)
            {
                LeaveOut(entry, "can't be reached by its name: it is no Unicode, or the path is too long.", isFault: true);
                continue;
            }

            if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden))
            {
                continue;
            }

            if (entry.LinkTarget is not null)
            {
                _links.Enqueue(entry);
            }
            else
            {
                Take(entry, Path.Combine(real, entry.Name));
            }
        }
    }

    private void Follow(FileSystemInfo link)
    {
        string real;
        try
        {
            real = RealPath.Of(link.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LeaveOut(link, $"can't be followed: {e.Message}", isFault: true);
            return;
        }

        if (Directory.Exists(real))
        {
            if (IsAbove(real))
            {
                LeaveOut(link, "is a link to a folder above.", isFault: false);
            }
            else
            {
                Take(new DirectoryInfo(link.FullName), real);
            }
        }
        else if (File.Exists(real))
        {
            Take(new FileInfo(link.FullName), real);
        }
        else
        {
            LeaveOut(link, "is a link to nothing.", isFault: _kind.HasEnding(link.Name));
        }
    }

    /// <summary>Whether a folder is the one that is looked through, or holds it.</summary>
    private bool IsAbove(string real) =>
        _real.Length >= real.Length && RealPath.Comparer.Equals(_real[..real.Length], real)
        && (_real.Length == real.Length || Path.EndsInDirectorySeparator(real) || _real[real.Length] == Path.DirectorySeparatorChar);

    private void Take(FileSystemInfo entry, string real)
    {
        if (_seen.TryGetValue(real, out string? other))
        {
            LeaveOut(entry, $"is '{NameOf(other)}' once more, by a link.", isFault: false);
        }
        else if (entry is DirectoryInfo folder)
        {
            Walk(folder, real);
        }
        else
        {
            _seen.Add(real, entry.FullName);
            Look(entry, real);
        }
    }

    private void Look(FileSystemInfo file, string real)
    {
        bool hasEnding = _kind.HasEnding(file.Name);
        if (new FileInfo(real).Length == 0)
        {
            // Opening a pipe would wait for somebody to write to it; it has no length, as devices have none.
            LeaveOut(file, "is empty, or no file but a pipe or a device.", isFault: hasEnding);
        }
        else if (hasEnding || HasKind(real))
        {
            string relative = RelativeTo(file.FullName);
            _files.Add(new FoundFile(Path.Combine(_folder, relative), relative));
        }
        else
        {
            LeaveOut(file, $"is no {_kind.Name}.", isFault: false);
        }
    }

    /// <summary>What can't be read may be wanted, so whoever reads it is to say so.</summary>
    private bool HasKind(string file)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file);
            Span<byte> head = stackalloc byte[HeadLength];
            return _kind.Recognises(head[..RandomAccess.Read(handle, head, 0)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private void LeaveOut(FileSystemInfo entry, string reason, bool isFault) => _leftOut.Add(new LeftOutFile(NameOf(entry.FullName), reason, isFault));

    /// <summary>A path below the folder, named as the folder was.</summary>
    private string NameOf(string fullPath) => Path.Combine(_folder, RelativeTo(fullPath));

    private string RelativeTo(string fullPath) => Path.GetRelativePath(_fullFolder, fullPath);
}
