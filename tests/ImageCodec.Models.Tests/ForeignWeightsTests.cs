using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests;

/// <summary>Weights that were written by other programs.</summary>
public class ForeignWeightsTests
{
    [TestCase("module.")]
    [TestCase("_orig_mod.")]
    [TestCase("module._orig_mod.")]
    public void Weights_of_a_wrapped_module_are_those_of_the_module(string prefix)
    {
        WeightsFile weights = Weights();
        WeightsFile wrapped = new(weights.Tensors.Select(tensor => new NamedTensor(prefix + tensor.Name, tensor.Shape, tensor.Values)));

        using ImageCompressor expected = ModelWeights.Load(weights, 1);
        using ImageCompressor compressor = ModelWeights.Load(WeightsFile.Read(Safetensors.ToBytes(wrapped)), 1);

        Assert.That(compressor.Fingerprint, Is.EqualTo(expected.Fingerprint));
    }

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    [TestCase(float.NegativeInfinity, "-Infinity")]
    public void Weights_that_are_no_numbers_are_refused_by_name(float value, string word)
    {
        WeightsFile weights = Weights();
        NamedTensor damaged = weights.Tensors[^1];
        damaged.Values[^1] = value;
        Assert.That(
            () => ModelWeights.Load(weights, 1),
            Throws.InstanceOf<InvalidFileException>().With.Message.Contains($"«{damaged.Name}»").And.Message.Contains(word).And.Message.Contains($"{damaged.Values.Length - 1}"));
    }

    private static WeightsFile Weights()
    {
        using Autoencoder model = ModelFactory.Create("strided", seed: 3);
        return WeightsFile.Read(Safetensors.ToBytes(model.Network.ToWeightsFile(new Dictionary<string, string>())));
    }
}
