using System.Globalization;

namespace ImageCodec.Models.Tests;

/// <summary>The worked example of a section of docs/format.md: the lines of its blocks, each a name, two spaces or more, a value.</summary>
/// <param name="section">The section's heading.</param>
internal sealed class FormatExample(string section)
{
    private readonly Dictionary<string, string> _lines = ReadLines(section);

    public string Text(string name) => _lines[name];

    public int[] Numbers(string name) => [.. Text(name).Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static Dictionary<string, string> ReadLines(string section)
    {
        using StreamReader reader = new(typeof(FormatExample).Assembly.GetManifestResourceStream("format.md")!);
        string text = reader.ReadToEnd();
        text = text[text.IndexOf($"\n### {section}\n", StringComparison.Ordinal)..];
        return text[..text.IndexOf("\n### ", 1, StringComparison.Ordinal)].Split("```")
            .Where((_, index) => index % 2 == 1)
            .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Split("  ", 2))
            .ToDictionary(line => line[0].Trim(), line => line[1].Trim());
    }
}
