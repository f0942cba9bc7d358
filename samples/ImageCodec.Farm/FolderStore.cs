using System.Globalization;
using System.Runtime.CompilerServices;

namespace ImageCodec.Farm;

/// <summary>A folder, on a disk or a share that all machines see by the same path. Marks lie in <c>.farm</c> below it.</summary>
internal sealed class FolderStore(string root) : IPictureStore
{
    /// <summary>The folder of marks and of files that are being written.</summary>
    public const string NotesName = ".farm";

    private const string UnfinishedName = "unfinished";
    private static readonly EnumerationOptions s_everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken stop)
    {
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"There is no folder «{root}».");
        }

        await Task.Yield();
        foreach (string path in Directory.EnumerateFiles(root, "*", s_everywhere))
        {
            stop.ThrowIfCancellationRequested();
            if (PictureStores.IsPicture(path))
            {
                yield return Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            }
        }
    }

    public async Task<byte[]> ReadAsync(string name, long maxLength, CancellationToken stop)
    {
        string path = PathOf(name);
        PictureLimits.CheckLength(new FileInfo(path).Length, maxLength);
        return await File.ReadAllBytesAsync(path, stop);
    }

    public async Task<string?> FindMarkAsync(string name, CancellationToken stop)
    {
        FileInfo file = new(PathOf(name));
        try
        {
            string[] lines = await File.ReadAllLinesAsync(MarkOf(name), stop);
            return lines.Length == 2 && file.Exists && lines[1] == file.Length.ToString(CultureInfo.InvariantCulture) ? lines[0] : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> file, string mark, CancellationToken stop)
    {
        if (!Directory.Exists(root))
        {
            // Made when the order is given: where it is missing later, a share is not there, and what is written would be lost.
            throw new DirectoryNotFoundException($"There is no folder «{root}».");
        }

        // In this order, so that no mark ever stands beside a file that it does not mean.
        File.Delete(MakeFolder(MarkOf(name)));
        await PutAsync(MakeFolder(PathOf(name)), file, isKept: true, stop);
        await PutAsync(MarkOf(name), System.Text.Encoding.UTF8.GetBytes($"{mark}\n{file.Length}\n"), isKept: false, stop);
    }

    private static string MakeFolder(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A mark that a power cut takes only costs the work again, so marks are not brought to the disk at once.</summary>
    private async Task PutAsync(string path, ReadOnlyMemory<byte> file, bool isKept, CancellationToken stop)
    {
        string unfinished = MakeFolder(Path.Combine(root, NotesName, UnfinishedName, Path.GetRandomFileName()));
        try
        {
            await using (FileStream stream = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await stream.WriteAsync(file, stop);
                if (isKept)
                {
                    stream.Flush(flushToDisk: true);
                }
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private string MarkOf(string name) => PathOf($"{NotesName}/{name}.txt");

    /// <summary>Names come from a database that others can write to: none may lead out of the folder.</summary>
    private string PathOf(string name)
    {
        string path = Path.GetFullPath(Path.Combine(root, name));
        string folder = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        return path.StartsWith(folder, StringComparison.Ordinal) ? path : throw new PictureRefusedException($"The name «{name}» leads out of the folder «{root}».");
    }
}
