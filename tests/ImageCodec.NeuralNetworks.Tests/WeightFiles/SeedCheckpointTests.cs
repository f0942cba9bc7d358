namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>A real checkpoint that is not part of the project: read where it lies beside it, skipped elsewhere.</summary>
public class SeedCheckpointTests
{
    private const string Variable = "IMAGECODEC_SHARED_DATA";

    // The sums are PyTorch's, in 64-bit floats.
    private static readonly (string Name, int[] Shape, double Sum)[] Expected =
    [
        ("encoder.0.weight", [128, 3, 7, 7], -255.44459895616046),
        ("encoder.0.bias", [128], 4.181222146900836),
        ("encoder.3.weight", [32, 128, 5, 5], -688.6698304003419),
        ("encoder.3.bias", [32], -1.4335386822931468),
        ("encoder.6.weight", [16, 32, 3, 3], -10.46744026379747),
        ("encoder.6.bias", [16], 1.8368447080720216),
        ("decoder.0.weight", [16, 32, 3, 3], -58.31567572156382),
        ("decoder.0.bias", [32], -1.8720757057890296),
        ("decoder.2.weight", [32, 128, 5, 5], -793.930821051185),
        ("decoder.2.bias", [128], -5.121713274391368),
        ("decoder.4.weight", [128, 3, 7, 7], 170.93441758073004),
        ("decoder.4.bias", [3], -0.16229956003371626),
    ];

    [Test]
    public void The_baseline_checkpoint_is_read_whole()
    {
        WeightsFile weights = WeightsFile.Read(File.ReadAllBytes(Locate()));

        Assert.That(weights.Tensors.Select(tensor => tensor.Name), Is.EqualTo(Expected.Select(tensor => tensor.Name)));
        Assert.That(weights.ValueCount(), Is.EqualTo(251_987));
        foreach ((string name, int[] shape, double sum) in Expected)
        {
            Assert.That(weights.Get(name, shape).Values.Sum(value => (double)value), Is.EqualTo(sum).Within(1e-9), name);
        }
    }

    [Test]
    public void The_baseline_checkpoint_comes_back_from_safetensors()
    {
        WeightsFile weights = WeightsFile.Read(File.ReadAllBytes(Locate()));

        WeightsFile again = WeightsFile.Read(Safetensors.ToBytes(weights));

        foreach ((string name, int[] shape, _) in Expected)
        {
            Assert.That(again.Get(name, shape).Values, Is.EqualTo(weights.Get(name).Values), name);
        }
    }

    private static string Locate()
    {
        string? data = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(data))
        {
            DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ImageCodec.sln")))
            {
                folder = folder.Parent;
            }

            data = Path.GetFullPath(Path.Combine(folder?.FullName ?? ".", "..", "shared", "data"));
        }

        string file = Path.Combine(data, "seed-checkpoint", "simple_auto_encoder.pth");
        if (!File.Exists(file))
        {
            Assert.Ignore($"{file} is missing; set {Variable} to the folder that holds seed-checkpoint.");
        }

        return file;
    }
}
