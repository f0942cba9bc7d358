using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ImageCodec.Packages.Tests;

/// <summary>Doc comments as Markdown.</summary>
internal sealed partial class DocText(IReadOnlyDictionary<string, string> pages)
{
    /// <summary>A part of a comment, its paragraphs and lists apart from each other by empty lines.</summary>
    public string Of(XElement part)
    {
        StringBuilder text = new();
        Append(text, part.Nodes());
        return string.Join("\n\n", text.ToString().Split("\n\n").Select(paragraph => paragraph.Trim()).Where(paragraph => paragraph.Length > 0));
    }

    /// <summary>A type or member as code, with a link where it is the library's own.</summary>
    public string Reference(string id)
    {
        string full = id[2..].Split('(')[0].Replace(".#ctor", "");
        bool isType = id.StartsWith("T:", StringComparison.Ordinal);
        string type = isType ? full : full[..full.LastIndexOf('.')];
        string name = isType ? Last(type) : $"{Last(type)}.{Last(full)}";
        string code = $"`{name.Split('`')[0]}`";
        return pages.TryGetValue(type, out string? page) ? $"[{code}]({page})" : code;
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private void Append(StringBuilder text, IEnumerable<XNode> nodes)
    {
        foreach (XNode node in nodes)
        {
            switch (node)
            {
                case XText plain:
                    text.Append(Special().Replace(Space().Replace(plain.Value, " "), @"\$0").Replace("<", "&lt;", StringComparison.Ordinal));
                    break;
                case XElement { Name.LocalName: "see" } see:
                    text.Append(see.Attribute("langword") is { } word ? $"`{word.Value}`" : Reference(see.Attribute("cref")!.Value));
                    break;
                case XElement { Name.LocalName: "paramref" or "typeparamref" } reference:
                    text.Append('`').Append(reference.Attribute("name")!.Value).Append('`');
                    break;
                case XElement { Name.LocalName: "c" } code:
                    text.Append('`').Append(code.Value).Append('`');
                    break;
                case XElement { Name.LocalName: "para" or "list" } block:
                    text.Append("\n\n");
                    Append(text, block.Elements("item").Any() ? block.Elements() : block.Nodes());
                    text.Append("\n\n");
                    break;
                case XElement { Name.LocalName: "item" } item:
                    text.Append("- ");
                    Append(text, item.Nodes());
                    text.Append('\n');
                    break;
                case XElement unknown:
                    throw new NotSupportedException($"The doc comments have a <{unknown.Name}>, which has no form in Markdown here.");
            }
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"[\\`*_\[\]]")]
    private static partial Regex Special();
}
