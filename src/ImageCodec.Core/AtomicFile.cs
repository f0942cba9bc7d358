namespace ImageCodec;

/// <summary>Writes files whole or not at all.</summary>
/// <remarks>Safe to use from several threads at once; of two writers of one file, the one that ends last wins, whole.</remarks>
internal static class AtomicFile
{
    /// <summary>
    /// Makes a file, or replaces one, in one step. Until <paramref name="write"/> has returned and its bytes have reached the disk,
    /// the old file stays as it was, and if anything fails it stays for good and nothing is left beside it.
    /// </summary>
    /// <remarks>
    /// The bytes go to a temporary file in the same folder, which then takes the name. A symbolic link stays and its target is replaced.
    /// An old file's Unix permissions are kept. Pipes and devices, which cannot be replaced, are written to directly.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the contents to the stream it is given, and leaves the stream open.</param>
    /// <param name="overwrite">Whether an older file may be replaced. If not, one with anything in it is an error, before <paramref name="write"/> is asked or after it.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the old file may not be written to, or <paramref name="path"/> is a folder.</exception>
    /// <exception cref="IOException">The file system failed; or there is an older file, which may not be replaced.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = FollowLinks(Path.GetFullPath(path));
        if (Directory.Exists(target))
        {
            throw new UnauthorizedAccessException($"'{path}' is a folder, so no file can be written there.");
        }

        bool isNew = !File.Exists(target);
        if (!overwrite)
        {
            CheckIsFree(path);
        }

        if (File.Exists(path) && WriteToSpecialFile(path, write))
        {
            return;
        }

        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' of the file '{path}' does not exist.");
        }

        // A short name of its own: a suffix on a long file name could be longer than file systems allow.
        string temporary = Path.Combine(folder, ".imagecodec-" + Path.GetRandomFileName());
        using (FileStream stream = Create(temporary, folder))
        {
            try
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                stream.Dispose();
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                {
                    File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
                }

                // Where none was, somebody else may have written one meanwhile.
                File.Move(temporary, target, overwrite || !isNew);
            }
            catch (ArgumentOutOfRangeException e) when (SaysTooLarge(e))
            {
                Discard(stream, temporary);
                throw new IOException($"The file '{path}' is larger than may be written there.", e);
            }
            catch (IOException e) when (!overwrite && isNew && File.Exists(target))
            {
                Discard(stream, temporary);
                throw Refused(path, e);
            }
            catch
            {
                Discard(stream, temporary);
                throw;
            }
        }
    }

    /// <summary>Whether there is a file that would be lost if another took its place. Nothing is lost with an empty one, and pipes and devices have no length.</summary>
    /// <param name="path">The file, which need not be there.</param>
    public static bool HoldsSomething(string path) => new FileInfo(FollowLinks(Path.GetFullPath(path))) is { Exists: true, Length: > 0 };

    /// <summary>Refuses a path where a file would be lost.</summary>
    /// <exception cref="IOException">It <see cref="HoldsSomething"/>.</exception>
    public static void CheckIsFree(string path)
    {
        if (HoldsSomething(path))
        {
            throw Refused(path);
        }
    }

    private static IOException Refused(string path, Exception? inner = null) => new($"The file '{path}' exists and was not to be overwritten.", inner);

    /// <summary>Resolving alone would throw for a file that does not exist yet.</summary>
    private static string FollowLinks(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    private static FileStream Create(string temporary, string folder)
    {
        try
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            // The platform's message names the temporary file, which says nothing to the caller.
            throw new UnauthorizedAccessException($"No file may be written in the folder '{folder}'.", e);
        }
    }

    /// <summary>Opening the old file also refuses one that is read-only, which a rename alone would replace.</summary>
    private static bool WriteToSpecialFile(string path, Action<Stream> write)
    {
        using FileStream? existing = Open(path);
        if (existing is null || (existing.CanSeek && IsOrdinary(existing)))
        {
            return false;
        }

        write(existing);
        existing.Flush();
        return true;
    }

    /// <summary>Null for a link to nothing, which exists but has no file to open.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Only an ordinary file takes a length, even its own. Devices that can seek say that theirs is 0.</summary>
    private static bool IsOrdinary(FileStream file)
    {
        if (file.Length > 0)
        {
            return true;
        }

        try
        {
            file.SetLength(0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether this is how the platform says that a file has grown past what its system, or a limit set for the process, allows.</summary>
    private static bool SaysTooLarge(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>Leaves the first failure to be thrown: a second one here would only hide it.</summary>
    private static void Discard(FileStream stream, string temporary)
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception e) when (e is IOException || SaysTooLarge(e))
        {
            // What was still in its buffer could not be written either.
        }

        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
