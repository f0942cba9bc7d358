using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training.Tests;

/// <summary>Training that begins with finished weights of a hyperprior.</summary>
public class TrainerStartTests
{
    [Test]
    public void No_epochs_leave_the_weights_and_fit_the_tables()
    {
        using TemporaryFolder folder = new();
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 3);
        WeightsFile start = model.Network.ToWeightsFile(new Dictionary<string, string>());
        TrainingOptions options = Options(folder, start, epochs: 0);
        ValidationResult result = new Trainer(options).Run();

        WeightsFile fitted = WeightsFile.Read(File.ReadAllBytes(options.OutputPath));
        Assert.That(result.Epoch, Is.Zero);
        foreach (NamedTensor tensor in start.Tensors)
        {
            Assert.That(fitted.Get(tensor.Name).Values, Is.EqualTo(tensor.Values), tensor.Name);
        }

        Assert.That(fitted.Tensors.Select(tensor => tensor.Name).Except(start.Tensors.Select(tensor => tensor.Name)), Is.EqualTo(new[] { "table_corrections" }));
        Assert.That(fitted.Get("table_corrections").Values, Has.Some.Not.Zero);
    }

    /// <summary>As long as they are not trained, which would be by squared error.</summary>
    [TestCase(0, true)]
    [TestCase(1, false)]
    public void Weights_for_the_eye_stay_so(int epochs, bool remain)
    {
        using TemporaryFolder folder = new();
        WeightsFile photo = PretrainedModel.Get("photo").ReadWeights();
        Dictionary<string, string> card = new(photo.Metadata) { [ModelCard.DistortionKey] = ModelCard.VisualDistortion };
        TrainingOptions options = Options(folder, new WeightsFile(photo.Tensors, card), epochs);
        new Trainer(options).Run();

        Assert.That(ModelCard.Of(WeightsFile.Read(File.ReadAllBytes(options.OutputPath))).IsVisual, Is.EqualTo(remain));
    }

    /// <summary>Writes pictures and the weights to start from.</summary>
    private static TrainingOptions Options(TemporaryFolder folder, WeightsFile start, int epochs)
    {
        TestPictures.WriteFolder(folder.Path, 5, 64, 64);
        File.WriteAllBytes(folder.File("start.safetensors"), Safetensors.ToBytes(start, WeightPrecision.Single));
        return new TrainingOptions
        {
            Folder = folder.Path,
            Architecture = "hyperprior",
            OutputPath = folder.File("fitted.safetensors"),
            StartPath = folder.File("start.safetensors"),
            Epochs = epochs,
            CropSize = 64,
        };
    }
}
