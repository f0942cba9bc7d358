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
    /// <exception cref="CommandException">The output must be a folder and is none, a folder has no such files, or two would be written to one place.</exception>
    public static IReadOnlyList<Conversion> Plan(IReadOnlyList<string> inputs, string output, IReadOnlyList<string> inputEndings, string outputEnding)
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

        return plan;
    }

    /// <summary>
    /// Files that this conversion must not write over: those it reads, and of all inputs those with the output's ending; to compare each of
    /// many outputs with all of many inputs would take longer than the work.
    /// </summary>
    public string?[] FilesToKeep(string? model, IReadOnlyList<string> inputs) =>
        [model, Input, .. inputs.Where(input => Path.GetExtension(input) == Path.GetExtension(Output))];

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
