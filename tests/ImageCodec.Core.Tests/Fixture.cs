using System.Text.Json;

namespace ImageCodec.Tests;

/// <summary>Reference values that the Python scripts beside them made.</summary>
internal static class Fixture
{
    public static JsonElement Read(string name)
    {
        using Stream stream = typeof(Fixture).Assembly.GetManifestResourceStream(name)!;
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
