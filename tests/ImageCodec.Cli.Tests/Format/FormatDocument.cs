using System.Globalization;

namespace ImageCodec.Cli.Tests.Format;

/// <summary>What docs/format.md says: its worked examples and its tables.</summary>
internal sealed class FormatDocument
{
    private readonly string _text;
    private readonly Dictionary<string, string> _examples;

    private FormatDocument(string text)
    {
        _text = text;

        // Blocks of lines, each a name, two spaces or more, a value.
        _examples = text[text.IndexOf("## Worked examples", StringComparison.Ordinal)..].Split("```")
            .Where((_, index) => index % 2 == 1)
            .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Split("  ", 2))
            .ToDictionary(line => line[0].Trim(), line => line[1].Trim());
    }

    public static FormatDocument Instance { get; } = Read();

    /// <summary>Whether it says something in just these words.</summary>
    public bool Says(string words) => _text.Contains(words, StringComparison.Ordinal);

    /// <summary>The value of a line of the worked examples.</summary>
    public string Text(string name) => _examples[name];

    /// <summary>The same as numbers.</summary>
    public float[] Numbers(string name) => [.. _examples[name].Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>The same as bytes in hexadecimal.</summary>
    public byte[] Bytes(string name) => ParseBytes(_examples[name]);

    /// <summary>The rows of a table, without its head, as cells.</summary>
    /// <param name="heading">The section that it is in.</param>
    /// <param name="columns">The titles of its columns.</param>
    public string[][] Rows(string heading, params string[] columns)
    {
        int section = _text.IndexOf($"\n### {heading}\n", StringComparison.Ordinal);
        int head = _text.IndexOf($"\n| {string.Join(" | ", columns)} |\n", section, StringComparison.Ordinal);
        return [.. _text[(head + 1)..].Split('\n').TakeWhile(line => line.StartsWith('|')).Skip(2).Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
    }

    public static byte[] ParseBytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>What stands in a cell in backquotes.</summary>
    public static string[] Quoted(string cell) => [.. cell.Split('`').Where((_, index) => index % 2 == 1)];

    private static FormatDocument Read()
    {
        using StreamReader reader = new(typeof(FormatDocument).Assembly.GetManifestResourceStream("format.md")!);
        return new FormatDocument(reader.ReadToEnd());
    }
}
