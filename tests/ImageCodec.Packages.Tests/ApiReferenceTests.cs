using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ImageCodec.Packages.Tests;

/// <summary>
/// The pages in docs/api are those that the doc comments give. Setting the environment variable IMAGECODEC_UPDATE_API_REFERENCE to 1 writes them anew.
/// </summary>
public partial class ApiReferenceTests
{
    private const string UpdateVariable = "IMAGECODEC_UPDATE_API_REFERENCE";

    private static readonly string[] s_assemblies =
    [
        "ImageCodec", "ImageCodec.Core", "ImageCodec.Imaging", "ImageCodec.Models", "ImageCodec.Entropy", "ImageCodec.Training",
        "ImageCodec.Evaluation", "ImageCodec.Extensions.DependencyInjection", "ImageCodec.AspNetCore", "ImageCodec.ImageSharp", "ImageCodec.SkiaSharp", "ImageCodec.TorchSharp",
    ];

    private static readonly IReadOnlyDictionary<string, string> s_pages = new ApiReference(s_assemblies).Pages();

    private static string Folder => Repository.At("docs", "api");

    [Test]
    public void The_pages_are_those_of_the_doc_comments()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Folder);
            foreach ((string name, string text) in s_pages)
            {
                File.WriteAllText(Path.Combine(Folder, name), text);
            }
        }

        string advice = $"If the comments are right, set {UpdateVariable}=1 and run this test again.";
        Assert.That(Directory.EnumerateFiles(Folder).Select(Path.GetFileName), Is.EquivalentTo(s_pages.Keys), advice);
        foreach ((string name, string text) in s_pages)
        {
            string[] committed = File.ReadAllText(Path.Combine(Folder, name)).Split('\n');
            string[] written = text.Split('\n');
            if (!written.SequenceEqual(committed))
            {
                string changes = string.Join('\n', [.. committed.Except(written).Select(line => "- " + line), .. written.Except(committed).Select(line => "+ " + line)]);
                Assert.Fail($"docs/api/{name} is not what the doc comments give. {advice}\n{changes}");
            }
        }
    }

    /// <summary>Counted without the doc comments' names, so that a name that is made up wrongly is seen.</summary>
    [Test]
    public void Every_public_member_is_described()
    {
        foreach (string name in s_assemblies)
        {
            Assembly assembly = Assembly.Load(name);
            string[] blocks = HeadingLine().Split(s_pages[name + ".md"])[1..];
            int members = assembly.GetExportedTypes().Sum(type => type.IsEnum ? Enum.GetNames(type).Length : type
                .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Count(member => member is not Type && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not EventInfo && !IsAccessor(member)));
            Assert.That(blocks, Has.Length.EqualTo(members + assembly.GetExportedTypes().Length), name);

            // Below a member's heading, or the line that declares a type, there is text.
            Assert.That(blocks.Where(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length < (block.StartsWith("# ", StringComparison.Ordinal) ? 2 : 3)), Is.Empty, name);
        }
    }

    /// <summary>Operators have special names too, but are members of their own.</summary>
    private static bool IsAccessor(MemberInfo member) =>
        member is MethodInfo { IsSpecialName: true } && !member.Name.StartsWith("op_", StringComparison.Ordinal);

    /// <summary>No link leads to a page or a heading that is not there.</summary>
    [Test]
    public void Links_lead_somewhere()
    {
        int links = 0;
        foreach ((string page, string text) in s_pages)
        {
            foreach (Match link in Link().Matches(text))
            {
                string[] target = link.Groups[1].Value.Split('#');
                Assert.That(s_pages.ContainsKey(target[0]) || File.Exists(Path.Combine(Folder, target[0])), $"{page}: {link.Value}");
                Assert.That(target.Length == 1 || s_pages[target[0]].Split('\n').Any(line => IsHeading(line, target[1])), $"{page}: {link.Value}");
                links++;
            }
        }

        Assert.That(links, Is.GreaterThan(100));
    }

    private static bool IsHeading(string line, string anchor) => line.StartsWith("## ", StringComparison.Ordinal)
        && string.Equals(line[3..].Replace(".", "", StringComparison.Ordinal), anchor, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^##", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
