using System.Reflection;

namespace ImageCodec.Packages.Tests;

/// <summary>
/// What is public changes only on purpose: it is listed in the folder PublicSurface. Setting the environment variable
/// IMAGECODEC_UPDATE_PUBLIC_SURFACE to 1 writes the listings anew.
/// </summary>
public class PublicSurfaceTests
{
    private const string UpdateVariable = "IMAGECODEC_UPDATE_PUBLIC_SURFACE";

    [TestCase("ImageCodec")]
    [TestCase("ImageCodec.AspNetCore")]
    [TestCase("ImageCodec.Core")]
    [TestCase("ImageCodec.Entropy")]
    [TestCase("ImageCodec.Evaluation")]
    [TestCase("ImageCodec.Extensions.DependencyInjection")]
    [TestCase("ImageCodec.ImageSharp")]
    [TestCase("ImageCodec.Imaging")]
    [TestCase("ImageCodec.Models")]
    [TestCase("ImageCodec.NeuralNetworks")]
    [TestCase("ImageCodec.SkiaSharp")]
    [TestCase("ImageCodec.TorchSharp")]
    [TestCase("ImageCodec.Training")]
    public void The_public_surface_is_the_one_listed(string assembly)
    {
        string actual = PublicSurface.Of(Assembly.Load(assembly));
        string path = Repository.At("tests", "ImageCodec.Packages.Tests", "PublicSurface", assembly + ".txt");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, actual);
        }

        string[] listed = File.ReadAllText(path).Split('\n');
        string[] found = actual.Split('\n');
        if (!found.SequenceEqual(listed))
        {
            string changes = string.Join('\n', [.. listed.Except(found).Select(line => "- " + line), .. found.Except(listed).Select(line => "+ " + line)]);
            Assert.Fail($"The public surface of {assembly} changed. If it was meant to, set {UpdateVariable}=1 and run this test again.\n{changes}");
        }
    }

    [TestCase(typeof(System.Threading.SpinLock), "public struct")]
    [TestCase(typeof(DateTime), "public readonly struct")]
    [TestCase(typeof(System.Text.Json.Utf8JsonReader), "public ref struct")]
    [TestCase(typeof(ReadOnlySpan<byte>), "public readonly ref struct")]
    public void Kinds_of_structs_are_told_apart(Type type, string kind) =>
        Assert.That(new PublicSurface().Describe(type), Does.StartWith(kind + " System."));

    [Test]
    public void Every_public_type_says_whether_threads_may_share_it()
    {
        string[] assemblies =
        [
            "ImageCodec", "ImageCodec.AspNetCore", "ImageCodec.Core", "ImageCodec.Entropy", "ImageCodec.Evaluation", "ImageCodec.Extensions.DependencyInjection", "ImageCodec.ImageSharp",
            "ImageCodec.Imaging", "ImageCodec.Models", "ImageCodec.SkiaSharp", "ImageCodec.TorchSharp", "ImageCodec.Training",
        ];
        List<string> silent = [];
        foreach (string name in assemblies)
        {
            Assembly assembly = Assembly.Load(name);
            Dictionary<string, string> comments = System.Xml.Linq.XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
                .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => member.Value);

            // Values, and types that only hold what was set once, can't be changed by anybody.
            silent.AddRange(assembly.GetExportedTypes()
                .Where(type => !type.IsValueType && !type.IsEnum && !typeof(Exception).IsAssignableFrom(type) && !IsImmutable(type))
                .Where(type => !comments.GetValueOrDefault("T:" + type.FullName, "").Contains("thread", StringComparison.OrdinalIgnoreCase))
                .Select(type => type.FullName!));
        }

        Assert.That(silent, Is.Empty);
    }

    private static bool IsImmutable(Type type) =>
        type is { IsInterface: false, IsAbstract: false }
        && type.GetProperties().All(property => property.SetMethod is null
            || property.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
        && type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).All(method =>
            method.IsSpecialName || method.GetBaseDefinition().DeclaringType != type || method.Name is "Equals" or "<Clone>$" or "Deconstruct");
}
