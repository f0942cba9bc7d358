using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ImageCodec.Packages.Tests;

/// <summary>
/// Every C# sample of the documents compiles without warnings, as a program of its own. What it takes as given stands before it in a comment
/// that readers do not see, as «&lt;!-- given: RgbImage photo --&gt;»; the usings of earlier samples hold for it too: the library's own in the
/// whole document, those of other libraries, whose names may clash, in their section.
/// </summary>
public class DocumentSampleTests
{
    private const string Fence = "```";
    private const string GivenStart = "<!-- given: ";

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).Contains(".Tests", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private static readonly Lazy<SyntaxTree> OtherLibraries = new(() =>
    {
        using Stream stream = typeof(DocumentSampleTests).Assembly.GetManifestResourceStream("OtherLibraries.cs")!;
        using StreamReader reader = new(stream);
        return Parse(reader.ReadToEnd());
    });

    public static IEnumerable<TestCaseData> Samples()
    {
        string[] documents =
        [
            .. Directory.EnumerateFiles(Repository.Root, "*.md"), .. Directory.EnumerateFiles(Repository.At("docs"), "*.md"),
            .. Directory.EnumerateFiles(Repository.At("src"), "*.md"), .. Directory.EnumerateDirectories(Repository.At("src")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.md")),
        ];
        foreach (string document in documents.Order(StringComparer.Ordinal))
        {
            foreach (Sample sample in Extract(document))
            {
                yield return new TestCaseData(sample).SetArgDisplayNames(Path.GetRelativePath(Repository.Root, document), $"line {sample.Line}");
            }
        }
    }

    [TestCaseSource(nameof(Samples))]
    public void A_sample_compiles(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Sample",
            [Parse(sample.Code), Parse(ImplicitUsings + sample.Usings + sample.Given), OtherLibraries.Value],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

        // Warnings: but not of stand-ins whose values nobody sets, and of usings that another sample needed.
        Diagnostic[] found = [.. compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Location.SourceTree == compilation.SyntaxTrees[0])];
        Diagnostic[] others = [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree != compilation.SyntaxTrees[0])];
        Assert.That(found.Concat(others).Select(d => d.ToString()), Is.Empty, sample.Code);
    }

    [Test]
    public void There_are_samples_to_compile() => Assert.That(Samples().Count(), Is.AtLeast(10));

    private static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest));

    private static IEnumerable<Sample> Extract(string document)
    {
        string[] lines = File.ReadAllLines(document);
        SortedSet<string> usings = [];
        string given = "";
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('#'))
            {
                usings.RemoveWhere(line => !line.StartsWith("using ImageCodec", StringComparison.Ordinal));
            }
            else if (lines[i].StartsWith(GivenStart, StringComparison.Ordinal))
            {
                given = lines[i][GivenStart.Length..lines[i].IndexOf(" -->", StringComparison.Ordinal)];
            }
            else if (lines[i] == Fence + "csharp")
            {
                int start = i + 1;
                int end = Array.IndexOf(lines, Fence, start);
                string[] code = lines[start..end];
                yield return new Sample(start + 1, string.Join('\n', code), string.Concat(usings.Select(line => $"global {line}\n")), Declare(given));
                usings.UnionWith(code.Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('(') && !line.Contains('=')));
                given = "";
                i = end;
            }
        }
    }

    /// <summary>The variables that a sample takes as given, reachable by their names.</summary>
    private static string Declare(string given)
    {
        if (given.Length == 0)
        {
            return "";
        }

        StringBuilder text = new("global using static Given;\npublic static class Given\n{\n");
        foreach (string variable in given.Split("; "))
        {
            text.Append("public static ").Append(variable).Append(" = default!;\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>A sample of a document.</summary>
    public sealed record Sample(int Line, string Code, string Usings, string Given);
}
