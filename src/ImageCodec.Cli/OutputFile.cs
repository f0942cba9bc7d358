namespace ImageCodec.Cli;

/// <summary>Files that a command writes: whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>The ending of pictures that Skia writes.</summary>
    public const string WebpEnding = ".webp";

    private static bool IsStandard(string path) => path == CommandContext.StandardStream;

    /// <summary>Refuses, before any work is done, a target that can't be written or is one of the files that are read.</summary>
    /// <exception cref="CommandException">It is a folder, its folder is missing, or it is an input.</exception>
    public static void Check(string path, params ReadOnlySpan<string?> inputs)
    {
        if (IsStandard(path))
        {
            return;
        }

        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new CommandException($"The output '{path}' is a folder. Give the name of a file in it.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new CommandException($"The folder '{folder}' of the output '{path}' does not exist. Make it first, or choose another.");
        }

        foreach (string? input in inputs)
        {
            if (input is not null && File.Exists(input) && IsSame(path, input))
            {
                throw new CommandException($"The output '{path}' is the input '{input}'. Choose another name for the output.");
            }
        }
    }

    /// <summary>Writes a file in one step.</summary>
    /// <exception cref="CommandException">It can't be written; an older file is still there and nothing else.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> contents)
    {
        Write(path, () => AtomicFile.Write(path, stream => stream.Write(contents.Span)));
    }

    /// <summary>Writes a file in one step, or to standard output.</summary>
    /// <exception cref="CommandException">It can't be written; an older file is still there and nothing else.</exception>
    public static void Write(CommandContext context, string path, ReadOnlyMemory<byte> contents)
    {
        if (!IsStandard(path))
        {
            Write(path, contents);
            return;
        }

        if (ReferenceEquals(context.Output, Console.Out) && !Console.IsOutputRedirected)
        {
            throw new CommandException("Standard output is a terminal, which can't show the bytes of a file. Send it to a file with '>', or to a command with '|'.");
        }

        Write(path, () =>
        {
            using Stream output = context.OpenOutput();
            output.Write(contents.Span);
        });
    }

    /// <summary>Writes a picture file in one step; its ending says which format; standard output gets PNG.</summary>
    /// <param name="context">What standard output is.</param>
    /// <param name="path">The file.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="tell">Told what the format can't hold.</param>
    /// <exception cref="CommandException">It can't be written; an older file is still there and nothing else.</exception>
    public static void Write(CommandContext context, string path, RgbImage picture, Action<string> tell)
    {
        bool isWebp = WebpEnding.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase);
        try
        {
            foreach (string loss in isWebp ? SkiaImageFile.FindWebpLosses(picture) : ImageFile.FindLosses(picture, IsStandard(path) ? ImageFileFormat.Png : ImageFile.FormatOf(path)))
            {
                tell($"warning: '{path}': {loss}");
            }

            if (isWebp)
            {
                Write(path, SkiaImageFile.EncodeWebp(picture));
                return;
            }
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new CommandException($"'{path}' can't be written: Skia, which writes WebP, can't be loaded on this system. Choose another format.", e);
        }

        if (IsStandard(path))
        {
            Write(context, path, ImageFile.Encode(picture, ImageFileFormat.Png, context.CancellationToken));
            return;
        }

        Write(path, () => ImageFile.Write(path, picture, context.CancellationToken));
    }

    private static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' can't be written: {e.Message} Check the folder's permissions and free space, or choose another.", e);
        }
    }

    private static bool IsSame(string first, string second)
    {
        // Names that differ in case are one file on the file systems that Windows and macOS use by default.
        StringComparison comparison = OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return string.Equals(RealPath(first), RealPath(second), comparison);
    }

    /// <summary>The full path with every symbolic link in it followed.</summary>
    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real).LinkTarget is not null)
            {
                real = File.ResolveLinkTarget(real, returnFinalTarget: true)!.FullName;
            }
        }

        return real;
    }
}
