using System.Text.RegularExpressions;

namespace ImageCodec.Packages.Tests;

/// <summary>Links from document to document, and from code to documents, lead somewhere.</summary>
public sealed partial class DocumentLinkTests
{
    private static readonly string[] s_outside = ["bin", "obj", "artifacts", ".git"];

    [Test]
    public void Links_of_documents_lead_to_files_and_headings()
    {
        List<string> broken = [];
        int links = 0;
        foreach (string document in Files("*.md"))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                string[] target = link.Groups[1].Value.Split('#');
                string path = target[0].Length == 0 ? document : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, target[0]));
                bool isThere = File.Exists(path) || (Directory.Exists(path) && target.Length == 1);
                if (!isThere || (target.Length > 1 && !Anchors(path).Contains(target[1])))
                {
                    broken.Add($"{Path.GetRelativePath(Repository.Root, document)}: {link.Value}");
                }

                links++;
            }
        }

        Assert.That(broken, Is.Empty);
        Assert.That(links, Is.GreaterThan(100));
    }

    [Test]
    public void Documents_that_code_names_are_there()
    {
        string[] sources = [.. Files("*.cs"), .. Files("*.py"), .. Files("*.csproj")];
        string[] named = [.. sources.SelectMany(source => Named().Matches(File.ReadAllText(source))).Select(match => match.Value).Distinct()];
        Assert.That(named.Where(document => !File.Exists(Repository.At(document))), Is.Empty);
        Assert.That(named, Does.Contain("docs/format.md"));
    }

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Intersect(s_outside).Any());

    /// <summary>The anchors of a document's headings: lower case, hyphens for spaces, without punctuation.</summary>
    private static HashSet<string> Anchors(string document) =>
    [
        .. File.ReadLines(document).Where(line => line.StartsWith('#'))
            .Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    /// <summary>To other files or headings of the repository; not to the web.</summary>
    [GeneratedRegex(@"\]\((?!https?:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:docs|benchmarks)/[\w/.-]+\.md")]
    private static partial Regex Named();

    [GeneratedRegex(@"[^\w\s-]")]
    private static partial Regex Punctuation();
}
