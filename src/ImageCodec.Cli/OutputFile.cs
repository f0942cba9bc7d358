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
            if (input is not null && File.Exists(input) && RealPath.Comparer.Equals(RealPath.Of(path), RealPath.Of(input)))
            {
                throw new CommandException($"The output '{path}' is the input '{input}'. Choose another name for the output.");
            }
        }
    }

    /// <summary>Whether a file would be lost if the output were written.</summary>
    public static bool HoldsSomething(string path) => !IsStandard(path) && AtomicFile.HoldsSomething(path);

    /// <summary>Refuses an output where a file would be lost that may not be replaced.</summary>
    /// <exception cref="CommandException">There is one.</exception>
    public static void CheckIsFree(string path, bool overwrite)
    {
        if (!overwrite && HoldsSomething(path))
        {
            throw new CommandException($"'{path}' exists. Replace it with --overwrite, or choose another name.");
        }
    }

    /// <summary>Gives a file the time at which another was changed last.</summary>
    /// <exception cref="CommandException">The file system does not take it.</exception>
    public static void TakeTime(string path, string from)
    {
        if (!IsStandard(path) && !IsStandard(from))
        {
            Explained(path, () => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(from)));
        }
    }

    /// <summary>Writes a file in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="contents">Its bytes.</param>
    /// <param name="overwrite">Whether an older file may be replaced.</param>
    /// <exception cref="CommandException">It can't be written; an older file is still there and nothing else.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> contents, bool overwrite) =>
        Explained(path, () => AtomicFile.Write(path, stream => stream.Write(contents.Span), overwrite));

    /// <summary>Writes a file in one step, or to standard output.</summary>
    /// <param name="context">What standard output is.</param>
    /// <param name="path">The file.</param>
    /// <param name="contents">Its bytes.</param>
    /// <param name="overwrite">Whether an older file may be replaced.</param>
    /// <exception cref="CommandException">It can't be written; an older file is still there and nothing else.</exception>
    public static void Write(CommandContext context, string path, ReadOnlyMemory<byte> contents, bool overwrite)
    {
        if (!IsStandard(path))
        {
            Write(path, contents, overwrite);
            return;
        }

        if (ReferenceEquals(context.Output, Console.Out) && !Console.IsOutputRedirected)
        {
            throw new CommandException("Standard output is a terminal, which can't show the bytes of a file. Send it to a file with '>', or to a command with '|'.");
        }

        Explained(path, () =>
        {
            using Stream output = context.OpenOutput();
            output.Write(contents.Span);
        });
    }

    /// <summary>Writes a picture file in one step; its ending says which format; standard output gets PNG.</summary>
    /// <param name="context">What standard output is.</param>
    /// <param name="path">The file.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="overwrite">Whether an older file may be replaced.</param>
    /// <param name="tell">Told what the format can't hold.</param>
    /// <exception cref="CommandException">It can't be written; an older file is still there and nothing else.</exception>
    public static void Write(CommandContext context, string path, RgbImage picture, bool overwrite, Action<string> tell)
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
                Write(path, SkiaImageFile.EncodeWebp(picture), overwrite);
                return;
            }
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new CommandException($"'{path}' can't be written: Skia, which writes WebP, can't be loaded on this system. Choose another format.", e);
        }

        if (IsStandard(path))
        {
            Write(context, path, ImageFile.Encode(picture, ImageFileFormat.Png, context.CancellationToken), overwrite);
            return;
        }

        Explained(path, () => ImageFile.Write(path, picture, ImageFile.FormatOf(path), overwrite, context.CancellationToken));
    }

    /// <summary>Does something with an output, and says in our words why it can't be done.</summary>
    /// <exception cref="CommandException">It can't.</exception>
    private static void Explained(string path, Action write)
    {
        try
        {
            if (!IsStandard(path))
            {
                // Folders below an output folder are made when there is something to go into them.
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' can't be written: {e.Message} Check the folder's permissions and free space, or choose another.", e);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"'{path}' can't be written: {ErrorText.Describe(e)}", e);
        }
    }
}
