using System.Text.Json;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

/// <summary>
/// The published checkpoint of the system that this library grew from: its figures for six pictures must come out. Checkpoint and
/// pictures are not part of the project; they are read where they lie beside it, and the tests are skipped elsewhere.
/// </summary>
public class SeedCheckpointTests
{
    private const string Variable = "IMAGECODEC_SHARED_DATA";

    private ImageCompressor? _compressor;

    public static IEnumerable<TestCaseData> Pictures
    {
        get
        {
            string file = Path.Combine(NetworkFixture.Folder, "seed-checkpoint-expected.json");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement picture in document.RootElement.GetProperty("pictures").EnumerateArray())
            {
                yield return new TestCaseData(picture.Clone()).SetArgDisplayNames(picture.GetProperty("image").GetString()!);
            }
        }
    }

    [OneTimeTearDown]
    public void Dispose() => _compressor?.Dispose();

    [TestCaseSource(nameof(Pictures))]
    public void Plain_figures_are_the_published_ones(JsonElement expected)
    {
        using Autoencoder model = ModelWeights.LoadModel(WeightsFile.Read(File.ReadAllBytes(Checkpoint())), maxThreads: 0);
        RgbImage image = ReadPicture(expected);
        TensorShape shape = new(128, 128, 3), latentShape = new(16, 16, 16);
        float[] latent = new float[latentShape.Length], decoded = new float[shape.Length];
        float[] picture = [.. image.Pixels.ToArray().Select(pixel => pixel / 255f)];

        model.Encoder.Encode(picture, shape, latent);
        model.Decoder.Decode(latent, latentShape, decoded);

        Assert.That(latent.Max(), Is.EqualTo(expected.GetProperty("latent_max").GetDouble()).Within(0.01).Percent, "latent maximum");
        Assert.That(latent.Average(), Is.EqualTo(expected.GetProperty("latent_mean").GetDouble()).Within(0.01).Percent, "latent mean");
        double[] first = [.. expected.GetProperty("latent_first8").EnumerateArray().Select(e => e.GetDouble())];
        Assert.That(Enumerable.Range(0, 8).Select(x => latent[x * 16]), Is.EqualTo(first).Within(1e-4), "the first eight of channel 0");
        Assert.That(decoded.Average(), Is.EqualTo(expected.GetProperty("decoded_mean").GetDouble()).Within(0.01).Percent, "decoded mean");
        double psnr = Psnr(picture, decoded);
        TestContext.Out.WriteLine($"plain {psnr - expected.GetProperty("psnr_unquantised_db").GetDouble():+0.00000;-0.00000} dB");
        Assert.That(psnr, Is.EqualTo(expected.GetProperty("psnr_unquantised_db").GetDouble()).Within(0.01), "PSNR");
    }

    [TestCaseSource(nameof(Pictures))]
    public void Quantised_figures_of_real_files_are_the_published_ones(JsonElement expected)
    {
        ImageCompressor compressor = _compressor ??= ImageCompressor.Load(Checkpoint());
        RgbImage image = ReadPicture(expected);
        foreach (JsonProperty bits in expected.GetProperty("bits").EnumerateObject())
        {
            int level = int.Parse(bits.Name);
            CompressionResult result = compressor.CompressAndReconstruct(image, new CompressionOptions { Level = level });

            Assert.That(result.Level, Is.EqualTo(level));
            int stream = IcdFile.Read(result.File).Body.Length - 2;
            int expectedStream = bits.Value.GetProperty("stream_bytes").GetInt32();
            double psnr = bits.Value.GetProperty("psnr_db").GetDouble();
            TestContext.Out.WriteLine($"b = {level}: {result.Psnr - psnr:+0.00000;-0.00000} dB, {stream - expectedStream:+0;-0;0} of {expectedStream} bytes");
            Assert.That(result.Psnr, Is.EqualTo(psnr).Within(0.01), $"PSNR, b = {level}");
            Assert.That(stream, Is.EqualTo(expectedStream).Within(1).Percent, $"stream, b = {level}");
        }
    }

    /// <summary>As the figures were taken: on floats, before they become 8-bit pixels.</summary>
    private static double Psnr(float[] first, float[] second) =>
        -10 * Math.Log10(first.Zip(second, (a, b) => ((double)a - b) * ((double)a - b)).Average());

    private static RgbImage ReadPicture(JsonElement expected) =>
        ImageFile.Read(Locate(Path.Combine("cars", expected.GetProperty("image").GetString()!)));

    private static string Checkpoint() => Locate(Path.Combine("seed-checkpoint", "simple_auto_encoder.pth"));

    private static string Locate(string path)
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

        string file = Path.Combine(data, path);
        if (!File.Exists(file))
        {
            Assert.Ignore($"{file} is missing; set {Variable} to the folder that holds seed-checkpoint and cars.");
        }

        return file;
    }
}
