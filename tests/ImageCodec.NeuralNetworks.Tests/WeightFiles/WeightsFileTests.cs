namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

public class WeightsFileTests
{
    private static readonly WeightsFile Weights = new([new NamedTensor("a", [2, 1], [1, 2]), new NamedTensor("b", [], [3])]);

    [TestCase(new byte[0])]
    [TestCase(new byte[] { 0 })]
    [TestCase(new byte[] { (byte)'P', (byte)'K' })]
    [TestCase(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13 })]
    public void Other_files_are_refused(byte[] file) =>
        Assert.That(
            WeightFixture.Refused(file).Message,
            Does.Contain($"file of {file.Length} bytes is neither a safetensors file nor a PyTorch zip checkpoint"));

    [Test]
    public void Tensors_are_found_by_name_and_shape()
    {
        Assert.That(Weights.Get("a").Values, Is.EqualTo(new float[] { 1, 2 }));
        Assert.That(Weights.Get("a", [2, 1]), Is.SameAs(Weights.Tensors[0]));
        Assert.That(Weights.Get("b", []), Is.SameAs(Weights.Tensors[1]));
        Assert.That(Weights.ValueCount(), Is.EqualTo(3));
    }

    [Test]
    public void Names_are_read_without_what_wrappers_of_PyTorch_put_in()
    {
        WeightsFile wrapped = new([
            new NamedTensor("module._orig_mod.encoder.0.weight", [], [1]), new NamedTensor("decoder._orig_mod.module.weight", [], [2]), new NamedTensor("modules.x", [], [3])]);
        WeightsFile read = WeightsFile.Read(Safetensors.ToBytes(wrapped));
        Assert.That(
            read.Tensors.Select(tensor => (tensor.Name, tensor.Values[0])),
            Is.EquivalentTo(new[] { ("encoder.0.weight", 1f), ("decoder.weight", 2f), ("modules.x", 3f) }));
    }

    [Test]
    public void Names_that_would_become_one_stay()
    {
        WeightsFile both = new([new NamedTensor("module.a", [], [1]), new NamedTensor("a", [], [2])]);
        Assert.That(WeightsFile.Read(Safetensors.ToBytes(both)).Get("module.a").Values[0], Is.EqualTo(1));
    }

    [Test]
    public void A_missing_tensor_names_what_is_there() =>
        Assert.That(
            () => Weights.Get("c"),
            Throws.InstanceOf<InvalidFileException>().With.Message.EqualTo("weights: There is no tensor 'c'; the file's tensors are 2: 'a', 'b'."));

    [Test]
    public void Another_shape_names_both() =>
        Assert.That(
            () => Weights.Get("a", [1, 2]),
            Throws.InstanceOf<InvalidFileException>().With.Message.EqualTo("weights: The tensor 'a' has the shape [2, 1], but [1, 2] is needed."));

    [Test]
    public void Mistakes_of_the_caller_are_argument_exceptions()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new WeightsFile(null!), Throws.ArgumentNullException);
            Assert.That(() => new WeightsFile([null!]), Throws.ArgumentNullException);
            Assert.That(() => new WeightsFile([Weights.Tensors[0], Weights.Tensors[0]]), Throws.ArgumentException.With.Message.Contains("'a'"));
            Assert.That(() => Weights.Get(null!), Throws.ArgumentNullException);
            Assert.That(() => new NamedTensor(null!, [], [1]), Throws.ArgumentNullException);
            Assert.That(() => new NamedTensor("a", null!, [1]), Throws.ArgumentNullException);
            Assert.That(() => new NamedTensor("a", [], null!), Throws.ArgumentNullException);
            Assert.That(() => new NamedTensor("a", [], []), Throws.ArgumentException);
            Assert.That(() => new NamedTensor("a", [-1, -1], [1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new NamedTensor("a", [1 << 16, 1 << 16], []), Throws.ArgumentException);
            Assert.That(() => new NamedTensor("a", new int[33], []), Throws.ArgumentException);
        });
    }
}
