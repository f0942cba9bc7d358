using System.Reflection;
using System.Xml.Linq;

namespace ImageCodec.Packages.Tests;

/// <summary>The doc comments of assemblies, from the XML files beside them, with what they inherit.</summary>
internal sealed class DocComments
{
    private const string Inherit = "inheritdoc";

    private readonly Dictionary<string, XElement> _comments;

    /// <remarks>What a source generator adds has the same name in every assembly.</remarks>
    public DocComments(IEnumerable<Assembly> assemblies) => _comments = assemblies
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace).Descendants("member"))
        .DistinctBy(member => member.Attribute("name")!.Value)
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The parts of a comment: summary, parameters and the like; empty where there is none.</summary>
    public IReadOnlyList<XElement> Of(MemberInfo member) => Parts(DocId.Of(member), member);

    private List<XElement> Parts(string id, MemberInfo? member)
    {
        if (!_comments.TryGetValue(id, out XElement? comment))
        {
            return [];
        }

        List<XElement> parts = [.. comment.Elements().Where(part => part.Name != Inherit)];
        if (comment.Element(Inherit) is { } inherited)
        {
            string? source = inherited.Attribute("cref")?.Value ?? (member is null ? null : Inherited(member));
            HashSet<string> own = [.. parts.Select(Key)];
            parts.AddRange(source is null ? [] : Parts(source, null).Where(part => !own.Contains(Key(part))));
        }

        return parts;
    }

    /// <summary>What a part replaces: a summary the summary, a parameter that of its name.</summary>
    private static string Key(XElement part) => $"{part.Name} {part.Attribute("name")?.Value}{part.Attribute("cref")?.Value}";

    /// <summary>The member of a base class or interface that has a comment of this library's.</summary>
    private string? Inherited(MemberInfo member)
    {
        Type type = member as Type ?? member.DeclaringType!;
        string id = DocId.Of(member);
        string rest = id[(2 + type.FullName!.Length)..];
        IEnumerable<Type> sources = type.BaseType is { } parent ? type.GetInterfaces().Prepend(parent) : type.GetInterfaces();
        return sources.Where(source => source.FullName is not null).Select(source => $"{id[..2]}{source.FullName!.Replace('+', '.')}{rest}").FirstOrDefault(_comments.ContainsKey);
    }
}
