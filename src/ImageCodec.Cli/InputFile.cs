using ImageCodec.Imaging;

namespace ImageCodec.Cli;

/// <summary>Files that a command reads.</summary>
internal static class InputFile
{
    private const string PictureAdvice = "Give a whole PNG, JPEG, WebP, GIF, BMP or PNM picture.";
    private const string TolerantAdvice = " With --tolerant, a PNG, JPEG or PNM that is cut short is taken as far as it goes.";
    private const string IcdAdvice = "Give a whole file that 'imagecodec compress' wrote.";
    private const string EitherAdvice = "Give a whole file that 'imagecodec compress' wrote, or a whole PNG, JPEG or PNM picture.";

    /// <summary>Reads a whole file, or standard input.</summary>
    /// <exception cref="CommandException">It can't be read.</exception>
    public static byte[] Read(CommandContext context, string path)
    {
        if (path == CommandContext.StandardStream)
        {
            return Explain(path, _ =>
            {
                using Stream input = context.OpenInput();
                using MemoryStream copy = new();
                input.CopyTo(copy);
                return copy.ToArray();
            });
        }

        CheckIsFile(path);

        // Opening a pipe waits for whoever writes to it, and can't be stopped; but it need not be waited for.
        return Explain(path, file => Task.Run(() => File.ReadAllBytes(file)).WaitAsync(context.CancellationToken).GetAwaiter().GetResult());
    }

    /// <summary>Reads a picture.</summary>
    /// <param name="context">What standard input is.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="item">Waits for room once the size is known; told what of the file the picture does not hold, and what was wrong with it.</param>
    /// <exception cref="CommandException">It can't be read, is no sound picture, or has too many pixels.</exception>
    public static RgbImage ReadPicture(CommandContext context, string path, ImageReadOptions options, BatchItem item)
    {
        byte[] file = Read(context, path);
        if (IcdFile.IsIcd(file))
        {
            throw new CommandException($"{Named(path)} is an .icd file already. {PictureAdvice}");
        }

        try
        {
            (int width, int height) = SkiaImageFile.ReadSize(file);
            CheckSize(path, width, height, options.MaxPixelCount);
            item.WaitForRoom((long)width * height, context.CancellationToken);
            RgbImage picture = SkiaImageFile.Read(file, out IReadOnlyList<string> warnings, options, context.CancellationToken);
            foreach (string warning in warnings)
            {
                item.Tell($"warning: {Named(path)}: {warning}");
            }

            return picture;
        }
        catch (InvalidFileException e) when (e.Format == OtherFormat.Unknown && OtherFormat.Find(file) is { IsReadBySkia: false } other)
        {
            throw new CommandException($"{Named(path)} is {other.Name}, which can't be read. Convert it to PNG first.", e);
        }
        catch (InvalidFileException e)
        {
            throw new CommandException($"{Named(path)} is no sound picture: {e.Message} {PictureAdvice}{(options.IsTolerant ? "" : TolerantAdvice)}", e);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new CommandException($"{Named(path)} is none of PNG, JPEG and PNM, and Skia, which reads other pictures, can't be loaded on this system. Convert it first.", e);
        }
    }

    /// <summary>Reads the container of a compressed picture.</summary>
    /// <returns>The container and the file's bytes.</returns>
    /// <exception cref="CommandException">It can't be read, or is damaged.</exception>
    public static (IcdFile Icd, byte[] File) ReadIcd(CommandContext context, string path)
    {
        byte[] file = Read(context, path);
        return (ParseIcd(path, file), file);
    }

    /// <summary>Takes the container of a compressed picture apart.</summary>
    /// <exception cref="CommandException">It is damaged.</exception>
    public static IcdFile ParseIcd(string path, byte[] file) => Parse(path, file, bytes => IcdFile.Read(bytes));

    /// <summary>Reads what a file of the model «fitted» says of itself.</summary>
    /// <exception cref="CommandException">It is damaged.</exception>
    public static FittedInfo ParseFitted(string path, byte[] file, int maxPixelCount, CancellationToken cancellationToken) =>
        Parse(path, file, bytes => FittedInfo.Read(bytes, maxPixelCount, cancellationToken));

    /// <summary>Reads the container of the beginning of a compressed picture.</summary>
    /// <exception cref="CommandException">It can't be read, or is damaged.</exception>
    public static (IcdFile Icd, byte[] File) ReadIcdPrefix(CommandContext context, string path)
    {
        byte[] file = Read(context, path);
        return (Parse(path, file, bytes => IcdFile.ReadPrefix(bytes)), file);
    }

    /// <summary>Reads the header of a picture, where a compressed one might have been, too.</summary>
    /// <exception cref="CommandException">It is damaged, or something else.</exception>
    public static ImageFileInfo Identify(string path, byte[] file)
    {
        try
        {
            return ImageFile.Identify(file);
        }
        catch (InvalidFileException e) when (OtherFormat.Find(file) is { } other)
        {
            throw new CommandException($"{Named(path)} is {other.Name}, which can't be inspected. {EitherAdvice}", e);
        }
        catch (InvalidFileException e)
        {
            throw new CommandException(
                $"{Named(path)} is neither an .icd file nor a sound picture: {e.Message} {EitherAdvice}", e);
        }
    }

    /// <summary>Refuses a picture that is larger than the user wants.</summary>
    /// <exception cref="CommandException">It has too many pixels.</exception>
    public static void CheckSize(string path, int width, int height, int maxPixelCount)
    {
        if ((long)width * height > maxPixelCount)
        {
            throw new CommandException(
                $"{Named(path)} has {width}×{height} pixels, but at most {maxPixelCount} are taken. Raise --max-pixels (up to {RgbImage.MaxPixelCount}), or give a smaller picture.");
        }
    }

    private static T Parse<T>(string path, byte[] file, Func<byte[], T> read)
    {
        try
        {
            return read(file);
        }
        catch (InvalidFileException e)
        {
            throw new CommandException($"{Named(path)} is no sound .icd file: {e.Message} {IcdAdvice}", e);
        }
    }

    private static string Named(string path) => path == CommandContext.StandardStream ? "What standard input gave" : $"'{path}'";

    /// <summary>Refuses names of nothing and of folders.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static void CheckIsFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException($"'{path}' is a folder. Give the name of a file.");
        }

        if (!File.Exists(path))
        {
            throw new CommandException($"There is no file '{path}'. Check the name and the current folder.");
        }
    }

    /// <summary>Does something with a file, and says in our words why it can't be read.</summary>
    public static T Explain<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandException($"The file '{path}' may not be read. Check its permissions.", e);
        }
        catch (IOException e)
        {
            throw new CommandException($"The file '{path}' can't be read: {e.Message}", e);
        }
    }
}
