using System.Text;
using System.Text.Json;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models.Tests;

/// <summary>What PyTorch computed for an architecture; see Fixtures/make_network_fixtures.py.</summary>
internal sealed class NetworkFixture
{
    private NetworkFixture(JsonElement root)
    {
        int[] pictures = [.. root.GetProperty("pictures").EnumerateArray().Select(e => e.GetInt32())];
        (Count, Shape) = (pictures[0], new TensorShape(pictures[1], pictures[2], pictures[3]));
        ParameterCount = root.GetProperty("parameter_count").GetInt32();
        Latent = new Samples(root.GetProperty("latent"));
        Decoded = new Samples(root.GetProperty("decoded"));
        LogVariance = root.TryGetProperty("log_variance", out JsonElement variance) ? new Samples(variance) : null;
        Parameters = [.. root.GetProperty("parameters").EnumerateArray().Select(e => new ExpectedParameter(
            e.GetProperty("name").GetString()!,
            [.. e.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())],
            e.GetProperty("scale").GetDouble(),
            new Samples(e.GetProperty("gradient"))))];
    }

    public int Count { get; }

    public TensorShape Shape { get; }

    public int ParameterCount { get; }

    public Samples Latent { get; }

    public Samples Decoded { get; }

    public Samples? LogVariance { get; }

    public ExpectedParameter[] Parameters { get; }

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static NetworkFixture Read(string architecture)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"network-{architecture}.json")));
        return new NetworkFixture(document.RootElement);
    }

    /// <summary>Gives a model the weights that PyTorch's had.</summary>
    public static void Fill(Autoencoder model, NetworkFixture fixture)
    {
        foreach ((string name, Parameter parameter) in model.Network.Parameters)
        {
            parameter.Load(Numbers(name, parameter.Length, fixture.Parameters.Single(p => p.Name == name).Scale));
        }
    }

    public static float[] Pictures(string name, int length) => Numbers(name, length, 0.5, 0.5);

    /// <summary>Numbers in [−scale, scale) + offset: SplitMix64 from the FNV-1a hash of a name.</summary>
    public static float[] Numbers(string name, int length, double scale, double offset = 0)
    {
        ulong state = 0xCBF29CE484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            state = (state ^ value) * 0x100000001B3;
        }

        float[] numbers = new float[length];
        for (int i = 0; i < length; i++)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            numbers[i] = (float)(((z >> 40) / (double)(1 << 23) - 1) * scale + offset);
        }

        return numbers;
    }
}

/// <summary>A parameter as PyTorch has it.</summary>
internal sealed record ExpectedParameter(string Name, int[] Shape, double Scale, Samples Gradient);

/// <summary>Some values of a tensor, and two sums over all of them.</summary>
internal sealed class Samples(JsonElement element)
{
    private readonly int _length = element.GetProperty("length").GetInt32();
    private readonly int _every = element.GetProperty("every").GetInt32();
    private readonly double[] _values = [.. element.GetProperty("values").EnumerateArray().Select(e => e.GetDouble())];
    private readonly double _sum = element.GetProperty("sum").GetDouble();
    private readonly double _magnitude = element.GetProperty("magnitude").GetDouble();

    /// <summary>Samples must agree within <paramref name="tolerance"/> of the mean magnitude of all values, or of their own.</summary>
    public void AssertNear(ReadOnlySpan<float> actual, double tolerance, string what)
    {
        (double distance, string where) = Farthest(actual);
        Assert.That(distance, Is.LessThanOrEqualTo(tolerance), $"{what}, {where}");
    }

    /// <summary>The largest distance, as a part of the mean magnitude of all values or of the sample's own, and what it is found at.</summary>
    public (double Distance, string Where) Farthest(ReadOnlySpan<float> actual)
    {
        Assert.That(actual.Length, Is.EqualTo(_length));
        double sum = 0, magnitude = 0;
        foreach (float value in actual)
        {
            sum += value;
            magnitude += Math.Abs(value);
        }

        List<(double, string)> distances = [(Math.Abs(magnitude - _magnitude) / _magnitude, "sum of magnitudes"), (Math.Abs(sum - _sum) / _magnitude, "sum")];
        for (int i = 0; i < _values.Length; i++)
        {
            double scale = Math.Max(_magnitude / _length, Math.Abs(_values[i]));
            distances.Add((Math.Abs(actual[i * _every] - _values[i]) / scale, $"value {i * _every}: {actual[i * _every]} in place of {_values[i]}"));
        }

        // What is no number is the farthest of all.
        return distances.MaxBy(item => double.IsNaN(item.Item1) ? double.PositiveInfinity : item.Item1);
    }
}
