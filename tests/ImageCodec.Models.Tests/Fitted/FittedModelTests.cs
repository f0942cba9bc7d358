using System.Text.RegularExpressions;
using ImageCodec.Models.Fitted;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>
/// The model among the others. Setting the environment variable IMAGECODEC_UPDATE_FITTED_PRIOR to 1 writes the fingerprint of new priors into their file and into
/// docs/format.md; the library has to be built again then.
/// </summary>
public partial class FittedModelTests
{
    private const string UpdateVariable = "IMAGECODEC_UPDATE_FITTED_PRIOR";

    [Test]
    public void The_card_has_the_fingerprint_of_the_priors()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Update();
            Assert.Ignore("Build again, and run the test without the variable.");
        }

        Assert.That(
            PretrainedModel.Get("fitted").Fingerprint,
            Is.EqualTo(FittedModel.Fingerprint(PretrainedModel.Get("fitted").ReadWeights())),
            $"Set {UpdateVariable}=1 and run this test again.");
    }

    [Test]
    public void There_are_no_stages_to_be_had()
    {
        PretrainedModel model = PretrainedModel.Get("fitted");
        using TemporaryFile file = new(PretrainedModel.Get("fitted").ReadWeights());
        Assert.That(model.HasStages, Is.False);
        Assert.That(PretrainedModel.All.Where(other => !other.HasStages), Is.EqualTo(new[] { model }));
        Assert.That(() => model.LoadModel(), Throws.TypeOf<NotSupportedException>().With.Message.Contains("LoadCompressor"));
        Assert.That(() => Autoencoder.Load(file.Path), Throws.TypeOf<InvalidFileException>().With.Message.Contains("networks"));
        Assert.That(ModelFactory.Architectures, Does.Not.Contain("fitted"));
    }

    [Test]
    public void The_librarys_own_priors_can_be_loaded_from_a_file()
    {
        using TemporaryFile file = new(PretrainedModel.Get("fitted").ReadWeights());
        using ImageCompressor compressor = ImageCompressor.Load(file.Path);
        Assert.That(compressor.Fingerprint, Is.EqualTo(PretrainedModel.Get("fitted").Fingerprint));
        Assert.That(compressor.LevelCount, Is.EqualTo(32));
    }

    [Test]
    public void Other_priors_are_refused_by_name()
    {
        WeightsFile own = PretrainedModel.Get("fitted").ReadWeights();
        float[] scales = [.. own.Get("small.scales").Values];
        scales[0]++;
        WeightsFile other = new([.. own.Tensors.Select(tensor => tensor.Name == "small.scales" ? new NamedTensor(tensor.Name, tensor.Shape, scales) : tensor)], own.Metadata);
        using TemporaryFile file = new(other);
        Assert.That(
            () => ImageCompressor.Load(file.Path),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("belong to the format").And.Message.Contains(FittedModel.Fingerprint(other).ToString()));
        Assert.That(FittedModel.Fingerprint(other), Is.Not.EqualTo(PretrainedModel.Get("fitted").Fingerprint));
    }

    [TestCase(0, 1584)]
    [TestCase(1, 1904)]
    public void Operations_are_counted(int size, int expected)
    {
        // Counted by hand for grids of 1, 1/4, … places a pixel, as those of 512×512 pixels are.
        FittedLayout layout = FittedLayout.All[size];
        double values = (1 - Math.Pow(0.25, 7)) / 0.75;
        double entropy = values * (2 * FittedLayout.Inputs * FittedLayout.Inputs + 2 * FittedLayout.Inputs + 2 * FittedLayout.Inputs) + (values - 1) * 11 * FittedLayout.Features;
        double doubling = 6 * new[] { 6, 5, 4, 3, 2, 1 }.Select((times, i) => times * Math.Pow(0.25, i)).Sum();
        double synthesis = 10 * layout.Hidden + 2 * 81 + 21;
        Assert.That(FittedModel.CountOperations(layout), Is.EqualTo(entropy + doubling + synthesis).Within(1e-9).And.EqualTo(expected).Within(1));
    }

    private static void Update()
    {
        DirectoryInfo root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "ImageCodec.sln")))
        {
            root = root.Parent!;
        }

        string path = Path.Combine(root.FullName, "src", "ImageCodec.Models", "Weights", "fitted.safetensors");
        WeightsFile file = WeightsFile.Read(File.ReadAllBytes(path));
        string fingerprint = FittedModel.Fingerprint(file).ToString();
        WeightsFile named = new(file.Tensors, new Dictionary<string, string>(file.Metadata) { ["architecture"] = FittedModel.Architecture, ["fingerprint"] = fingerprint });
        byte[] half = Safetensors.ToBytes(named, WeightPrecision.Half);
        bool isExact = FittedModel.Fingerprint(WeightsFile.Read(half)).ToString() == fingerprint;
        File.WriteAllBytes(path, isExact ? half : Safetensors.ToBytes(named));

        string document = Path.Combine(root.FullName, "docs", "format.md");
        string bytes = string.Join(' ', fingerprint.ToUpperInvariant().Chunk(2).Select(digits => new string(digits)));
        File.WriteAllText(document, FingerprintRow().Replace(File.ReadAllText(document), $"| `fitted` | `{FittedModel.Description}` | `{bytes}` |"));
    }

    [GeneratedRegex(@"^\| `fitted` \| `[^`]*` \| `[0-9A-F ]*` \|$", RegexOptions.Multiline)]
    private static partial Regex FingerprintRow();

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(WeightsFile weights) => File.WriteAllBytes(Path, Safetensors.ToBytes(weights));

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
