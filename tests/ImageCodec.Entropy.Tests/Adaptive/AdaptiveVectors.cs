using System.Text.Json;

namespace ImageCodec.Entropy.Tests.Adaptive;

/// <summary>The committed streams of the native coder.</summary>
internal sealed record AdaptiveVector(string Name, byte[] Symbols, byte[] Stream)
{
    public static IReadOnlyList<AdaptiveVector> All { get; } = Read();

    public override string ToString() => Name;

    private static List<AdaptiveVector> Read()
    {
        using Stream file = typeof(AdaptiveVector).Assembly.GetManifestResourceStream("range-coder-vectors.json")!;
        using JsonDocument json = JsonDocument.Parse(file);
        List<AdaptiveVector> vectors = [];
        foreach (JsonElement vector in json.RootElement.GetProperty("vectors").EnumerateArray())
        {
            byte[] symbols = vector.GetProperty("symbols").GetBytesFromBase64();
            Assert.That(symbols, Has.Length.EqualTo(vector.GetProperty("count").GetInt32()));
            vectors.Add(new(vector.GetProperty("name").GetString()!, symbols, vector.GetProperty("stream").GetBytesFromBase64()));
        }

        return vectors;
    }
}
