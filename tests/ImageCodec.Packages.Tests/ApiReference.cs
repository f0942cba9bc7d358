using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace ImageCodec.Packages.Tests;

/// <summary>The API reference in docs/api: what is public, with its doc comments, as a Markdown page for each package and one that lists them.</summary>
internal sealed class ApiReference
{
    private const string Note = "<!-- Written from the doc comments by ApiReferenceTests; change the comments, not this file. -->";

    private readonly PublicSurface _surface = new();
    private readonly IReadOnlyList<Assembly> _assemblies;
    private readonly DocComments _comments;
    private readonly DocText _text;

    public ApiReference(IEnumerable<string> assemblies)
    {
        _assemblies = [.. assemblies.Select(Assembly.Load)];
        _comments = new DocComments(_assemblies);
        _text = new DocText(_assemblies.SelectMany(assembly => assembly.GetExportedTypes()).ToDictionary(type => type.FullName!.Replace('+', '.'), Address));
    }

    /// <summary>The pages, by name of file.</summary>
    public IReadOnlyDictionary<string, string> Pages() =>
        _assemblies.ToDictionary(PageName, Page).Append(KeyValuePair.Create("README.md", List())).ToDictionary();

    private static string PageName(Assembly assembly) => assembly.GetName().Name + ".md";

    /// <summary>Where a type is described. Headings become anchors in lower case.</summary>
    private static string Address(Type type) => $"{PageName(type.Assembly)}#{Heading(type).ToLowerInvariant().Replace(".", "", StringComparison.Ordinal)}";

    private static string Heading(Type type) => type.IsNested ? $"{Heading(type.DeclaringType!)}.{type.Name}" : type.Name.Split('`')[0];

    private static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes().OrderBy(Heading, StringComparer.Ordinal);

    private string List()
    {
        StringBuilder page = new($"# API reference\n\n{Note}\n\nAll that is public, by package. The [guide](../guide.md) shows how it is used.\n");
        foreach (Assembly assembly in _assemblies)
        {
            page.Append($"\n## [{assembly.GetName().Name}]({PageName(assembly)})\n\n");
            foreach (Type type in Types(assembly))
            {
                page.Append($"- {_text.Reference(DocId.Of(type))}: {Paragraphs(_comments.Of(type), "summary").Split("\n\n")[0]}\n");
            }
        }

        return page.ToString();
    }

    private string Page(Assembly assembly)
    {
        StringBuilder page = new($"# {assembly.GetName().Name}\n\n{Note}\n\n[All packages](README.md)\n");
        foreach (Type type in Types(assembly))
        {
            page.Append($"\n## {Heading(type)}\n\n`{_surface.Describe(type)}`\n");
            Describe(page, _comments.Of(type), []);
            foreach ((string signature, MemberInfo member) in _surface.Members(type))
            {
                // What the compiler adds to records is the same for all of them.
                if (!member.IsDefined(typeof(CompilerGeneratedAttribute)))
                {
                    page.Append($"\n### `{signature}`\n");
                    Describe(page, CommentsOf(member), member is MethodBase method ? method.GetParameters() : []);
                }
            }
        }

        return page.ToString();
    }

    /// <summary>Constructors that the compiler makes have no comments; methods that return nothing may inherit what others return.</summary>
    private IReadOnlyList<XElement> CommentsOf(MemberInfo member) => _comments.Of(member) switch
    {
        { Count: 0 } when member is ConstructorInfo constructor && constructor.GetParameters().Length == 0 => [new XElement("summary", "Makes one with the defaults.")],
        { } parts when member is MethodInfo { ReturnType.FullName: "System.Void" or "System.Threading.Tasks.Task" } => [.. parts.Where(part => part.Name != "returns")],
        { } parts => parts,
    };

    private void Describe(StringBuilder page, IReadOnlyList<XElement> parts, ParameterInfo[] parameters)
    {
        page.Append(Block(Paragraphs(parts, "summary")));
        List<string> lines =
        [
            .. parts.Where(part => part.Name == "typeparam").Select(part => Line($"`{part.Attribute("name")!.Value}`", part)),
            .. parameters.Select(parameter => parts.FirstOrDefault(part => part.Name == "param" && part.Attribute("name")!.Value == parameter.Name))
                .OfType<XElement>().Select(part => Line($"`{part.Attribute("name")!.Value}`", part)),
            .. parts.Where(part => part.Name == "returns").Select(part => Line("Returns", part)),
            .. parts.Where(part => part.Name == "exception").Select(part => Line($"Throws {_text.Reference(part.Attribute("cref")!.Value)}", part)),
        ];
        page.Append(Block(string.Join('\n', lines)));
        page.Append(Block(Paragraphs(parts, "remarks")));
    }

    /// <summary>A part that may be there once: of the files of a partial class one has the comments, since their order is not certain.</summary>
    private string Paragraphs(IReadOnlyList<XElement> parts, string name) => parts.SingleOrDefault(part => part.Name == name) is { } part ? _text.Of(part) : "";

    private string Line(string what, XElement part) => $"- {what}: {_text.Of(part).Replace("\n\n", " ", StringComparison.Ordinal)}";

    private static string Block(string text) => text.Length == 0 ? "" : $"\n{text}\n";
}
