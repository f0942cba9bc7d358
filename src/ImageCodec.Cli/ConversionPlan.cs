using ImageCodec.Imaging;

namespace ImageCodec.Cli;

/// <summary>What goes where.</summary>
/// <param name="Conversions">The files to convert.</param>
/// <param name="LeftOut">What folders hold beside them.</param>
/// <param name="IsBatch">Whether there may be several files, so that one's failure is not that of all.</param>
internal sealed record ConversionPlan(IReadOnlyList<Conversion> Conversions, IReadOnlyList<LeftOutFile> LeftOut, bool IsBatch)
{
    /// <summary>
    /// Finds out what goes where. A folder as input stands for the files of the kind in it and in those below it, which are mirrored in the output. Files go
    /// into an output folder under their own names with another ending, or with one more where several have the same name otherwise.
    /// </summary>
    /// <param name="inputs">Files, folders, or standard input.</param>
    /// <param name="output">A file, a folder, or standard output.</param>
    /// <param name="model">A file that is not to be written over either, or null.</param>
    /// <param name="kind">Which files are taken from folders.</param>
    /// <param name="outputEnding">The ending of files in an output folder.</param>
    /// <exception cref="CommandException">
    /// The output must be a folder and is none, folders hold no such files, or the only output can't be written.
    /// </exception>
    public static ConversionPlan Make(IReadOnlyList<string> inputs, string output, string? model, FileKind kind, string outputEnding)
    {
        bool toFolder = Directory.Exists(output);
        string? folder = inputs.FirstOrDefault(Directory.Exists);
        if (!toFolder && folder is not null)
        {
            throw new CommandException($"'{folder}' is a folder, so the output must be an existing folder too, but '{output}' is none. Make it first.");
        }

        if (!toFolder && inputs.Count > 1)
        {
            throw new CommandException($"There are {inputs.Count} inputs, so the output must be an existing folder, but '{output}' is none. Make it first.");
        }

        if (toFolder && inputs.Contains(CommandContext.StandardStream))
        {
            throw new CommandException($"What comes from standard input has no name of its own. Give the name of a file in '{output}'.");
        }

        if (!toFolder)
        {
            OutputFile.Check(output, model, inputs[0]);
            return new ConversionPlan([new Conversion(inputs[0], output)], [], IsBatch: false);
        }

        List<FoundFile> files = [];
        List<LeftOutFile> leftOut = [];
        HashSet<string> seen = new(RealPath.Comparer);
        foreach (string input in inputs)
        {
            Expand(input, kind, seen, files, leftOut);
        }

        if (files.Count == 0)
        {
            throw new CommandException($"The folder '{folder}' has no {kind.Name} in it, nor have folders below it.{string.Concat(leftOut.Take(1).Select(one => $" '{one.Path}' {one.Reason}"))}");
        }

        if (File.Exists(model))
        {
            seen.Add(RealPath.Of(model));
        }

        Conversion[] conversions = [.. Name(files, output, outputEnding).Select(one => Checked(one, seen))];
        return conversions is [{ Problem: { } problem }] && folder is null
            ? throw new CommandException(problem)
            : new ConversionPlan(conversions, leftOut, IsBatch: conversions.Length > 1 || folder is not null);
    }

    /// <summary>Takes an input, or what it holds; what was given before, in whatever way, is taken once.</summary>
    private static void Expand(string input, FileKind kind, HashSet<string> seen, List<FoundFile> files, List<LeftOutFile> leftOut)
    {
        if (FindRealPath(input) is { } real && !seen.Add(real))
        {
            leftOut.Add(new LeftOutFile(input, "was given before.", IsFault: false));
            return;
        }

        if (!Directory.Exists(input))
        {
            files.Add(new FoundFile(input, Path.GetFileName(input)));
            return;
        }

        FolderFiles found = InputFile.Explain(input, path => FolderFiles.Find(path, kind));
        foreach (FoundFile file in found.Files)
        {
            if (seen.Add(RealPath.Of(file.Path)))
            {
                files.Add(file);
            }
            else
            {
                leftOut.Add(new LeftOutFile(file.Path, "was given before.", IsFault: false));
            }
        }

        leftOut.AddRange(found.LeftOut);
        if (found.Files.Count == 0)
        {
            leftOut.Add(new LeftOutFile(input, $"has no {kind.Name} in it.", IsFault: true));
        }
    }

    /// <summary>
    /// All files that would have one name keep their whole ones, so that the outcome does not depend on their order. Names that differ in case count as one,
    /// since they are one on many file systems.
    /// </summary>
    private static IEnumerable<Conversion> Name(IReadOnlyList<FoundFile> files, string output, string outputEnding)
    {
        HashSet<string> doubles = new(
            files.GroupBy(file => Short(file), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key), StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (FoundFile file in files)
        {
            string name = doubles.Contains(Short(file)) ? file.RelativePath + outputEnding : Short(file);
            string path = Path.Combine(output, name);
            yield return taken.TryAdd(name, file.Path)
                ? new Conversion(file.Path, path)
                : new Conversion(file.Path, path, $"'{file.Path}' would become '{path}', as '{taken[name]}' does. Give it on its own, or rename it.");
        }

        string Short(FoundFile file) => Path.ChangeExtension(file.RelativePath, outputEnding);
    }

    /// <summary>Null for links in a circle: reading or writing them fails, and says why, without harm to others.</summary>
    private static string? FindRealPath(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Conversion Checked(Conversion conversion, HashSet<string> reserved)
    {
        string path = conversion.Output;
        return conversion.Problem is not null ? conversion
            : Directory.Exists(path) ? conversion with { Problem = $"The output '{path}' is a folder." }
            : File.Exists(path) && FindRealPath(path) is { } real && reserved.Contains(real) ? conversion with { Problem = $"The output '{path}' is one of the inputs. Choose another folder for the output." }
            : conversion;
    }
}
