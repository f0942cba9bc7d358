namespace ImageCodec.Cli;

/// <summary>One picture's way from file to file.</summary>
/// <param name="Input">The file to read, or <see cref="CommandContext.StandardStream"/>.</param>
/// <param name="Output">The file to write, or <see cref="CommandContext.StandardStream"/>.</param>
internal sealed record Conversion(string Input, string Output)
{
    /// <summary>
    /// Finds out what goes where. A folder as input stands for the files in it that have one of the endings, in the order of their names; files go
    /// into an output folder under their own names with another ending.
    /// </summary>
    /// <param name="inputs">Files, folders, or standard input.</param>
    /// <param name="output">A file, a folder, or standard output.</param>
    /// <param name="model">A file that is not to be written over either, or null.</param>
    /// <param name="inputEndings">Endings of files to take from folders.</param>
    /// <param name="outputEnding">The ending of files in an output folder.</param>
    /// <exception cref="CommandException">
    /// The output must be a folder and is none, a folder has no such files, two would be written to one place, or an output can't be written.
    /// </exception>
    public static IReadOnlyList<Conversion> Plan(
        IReadOnlyList<string> inputs, string output, string? model, IReadOnlyList<string> inputEndings, string outputEnding)
    {
        bool toFolder = Directory.Exists(output);
        if (!toFolder && inputs.FirstOrDefault(Directory.Exists) is { } folder)
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

        Conversion[] plan = [.. inputs.SelectMany(input => Expand(input, inputEndings))
            .Select(input => new Conversion(input, toFolder ? Path.Combine(output, Path.GetFileNameWithoutExtension(input) + outputEnding) : output))];
        if (plan.GroupBy(one => one.Output).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new CommandException(
                $"'{same.First().Input}' and '{same.ElementAt(1).Input}' would both become '{same.Key}'. Give them one by one, or rename one.");
        }

        foreach (Conversion one in plan)
        {
            // Of many inputs only those with the output's ending can be the output.
            OutputFile.Check(one.Output, [model, one.Input, .. inputs.Where(input => Path.GetExtension(input) == Path.GetExtension(one.Output))]);
        }

        return plan;
    }

    private static string[] Expand(string input, IReadOnlyList<string> endings)
    {
        if (!Directory.Exists(input))
        {
            return [input];
        }

        string[] files =
        [
            .. InputFile.Explain(input, path => Directory.GetFiles(path))
                .Where(file => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0
            ? files
            : throw new CommandException($"The folder '{input}' has no files that end with {string.Join(", ", endings)}. Folders in it are not looked into.");
    }
}
