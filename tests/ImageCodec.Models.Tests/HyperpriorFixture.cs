using System.Text.Json;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models.Tests;

/// <summary>What PyTorch computed for the hyperprior model; see Fixtures/make_hyperprior_fixtures.py.</summary>
internal sealed class HyperpriorFixture
{
    /// <summary>Pictures, or maps, in each batch.</summary>
    public const int Count = 2;

    private readonly Dictionary<string, JsonElement> _parameters;
    private readonly JsonElement _root;

    private HyperpriorFixture(JsonElement root)
    {
        _root = root;
        _parameters = root.GetProperty("parameters").EnumerateArray().ToDictionary(entry => entry.GetProperty("name").GetString()!);
    }

    /// <summary>Read once; it does not change.</summary>
    public static HyperpriorFixture Instance { get; } = Read();

    public IEnumerable<string> ParameterNames => _parameters.Keys;

    /// <summary>The seed of the pictures' rates and noise.</summary>
    public int Seed => _root.GetProperty("loss").GetProperty("seed").GetInt32();

    /// <summary>The shape of a picture of the loss.</summary>
    public TensorShape PictureShape
    {
        get
        {
            int[] sides = [.. _root.GetProperty("loss").GetProperty("pictures").EnumerateArray().Select(side => side.GetInt32())];
            return new TensorShape(sides[1], sides[2], sides[3]);
        }
    }

    public int[] ShapeOf(string parameter) => [.. _parameters[parameter].GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];

    public Samples GradientOf(string parameter) => new(_parameters[parameter].GetProperty("gradient"));

    public Samples Stage(string name) => new(_root.GetProperty("stages").GetProperty(name));

    /// <summary>One of the loss's figures.</summary>
    public double Figure(string name) => _root.GetProperty("loss").GetProperty(name).GetDouble();

    /// <summary>The loss's figures for each picture.</summary>
    public double[] Figures(string name) => [.. _root.GetProperty("loss").GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>Gives a model the weights that PyTorch's had.</summary>
    public void Fill(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        foreach ((string name, Parameter parameter) in parameters)
        {
            JsonElement entry = _parameters[name];
            parameter.Load(NetworkFixture.Numbers(name, parameter.Length, entry.GetProperty("scale").GetDouble(), entry.GetProperty("offset").GetDouble()));
            parameter.Changed();
        }
    }

    private static HyperpriorFixture Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(NetworkFixture.Folder, "network-hyperprior.json")));
        return new HyperpriorFixture(document.RootElement.Clone());
    }
}
