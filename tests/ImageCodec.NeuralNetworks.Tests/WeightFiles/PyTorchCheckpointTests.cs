using System.Text.Json;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

public class PyTorchCheckpointTests
{
    [TestCase("ordered.pth")]
    [TestCase("views.pth")]
    [TestCase("nested.pth")]
    [TestCase("deflated.pth")]
    [TestCase("little.pth")]
    [TestCase("big.pth")]
    public void Tensors_are_what_PyTorch_reads(string file)
    {
        using JsonDocument expected = JsonDocument.Parse(WeightFixture.Read("pytorch-expected.json"));
        JsonElement tensors = expected.RootElement.GetProperty(file);

        WeightsFile weights = WeightsFile.Read(WeightFixture.Read(file));

        Assert.That(weights.Format, Is.EqualTo("PyTorch checkpoint"));
        Assert.That(weights.Tensors.Select(tensor => tensor.Name), Is.EqualTo(tensors.EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString())));
        foreach ((NamedTensor tensor, JsonElement wanted) in weights.Tensors.Zip(tensors.EnumerateArray()))
        {
            Assert.That(tensor.Shape, Is.EqualTo(wanted.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())), tensor.Name);
            Assert.That(
                tensor.Values.Select(BitConverter.SingleToUInt32Bits),
                Is.EqualTo(wanted.GetProperty("bits").EnumerateArray().Select(bits => bits.GetUInt32())),
                tensor.Name);
        }
    }

    [Test]
    public void Integer_tensors_are_left_out()
    {
        WeightsFile weights = WeightsFile.Read(WeightFixture.Read("ordered.pth"));

        Assert.That(weights.TryGet("1.running_var", out _), Is.True);
        Assert.That(weights.TryGet("1.num_batches_tracked", out _), Is.False);
    }

    [Test]
    public void A_part_of_a_larger_array_is_read()
    {
        byte[] file = WeightFixture.Read("ordered.pth");
        byte[] padded = [1, 2, 3, .. file, 4];

        Assert.That(WeightsFile.Read(padded.AsMemory(3, file.Length)).ValueCount(), Is.EqualTo(WeightsFile.Read(file).ValueCount()));
    }

    [TestCase("list.pth", "holds a list")]
    [TestCase("no_tensors.pth", "its keys are 2: 'epoch', 'best'")]
    [TestCase("protocol4.pth", "protocol is 4")]
    [TestCase("legacy.pth", "save its state dict again with torch.save")]
    [TestCase("module.pth", "'torch.nn.modules.linear.Linear'")]
    [TestCase("number_key.pth", "a whole number is the name of a tensor")]
    [TestCase("too_large.pth", "'weight' holds a 64-bit value that is too large")]
    [TestCase("bomb.pth", "more values than an array can hold")]
    [TestCase("middle_order.pth", "'middle'")]
    [TestCase("hostile_state.pth", "The state of a dictionary is set to a list")]
    public void What_is_not_a_state_dict_is_refused_by_name(string file, string message) =>
        Assert.That(WeightFixture.Refused(WeightFixture.Read(file)).Message, Does.Contain(message));

    [Test]
    public void Code_is_refused_by_name_and_not_run()
    {
        InvalidFileException error = WeightFixture.Refused(WeightFixture.Read("hostile.pth"));

        byte[] pickle = WeightFixture.ReadEntry(WeightFixture.Read("hostile.pth"), "/data.pkl");
        Assert.That(error.Message, Does.Contain("'posix.system'"));
        Assert.That(error.Offset, Is.EqualTo(pickle.AsSpan().IndexOf("cposix\nsystem\n"u8)));
        Assert.That(File.Exists("imagecodec-was-here"), Is.False);
    }

    [Test]
    public void A_missing_storage_is_named()
    {
        byte[] file = WeightFixture.Repack(WeightFixture.Read("little.pth"), (name, bytes) => name.EndsWith("/data/2", StringComparison.Ordinal) ? null : bytes);

        Assert.That(WeightFixture.Refused(file).Message, Does.Contain("'bfloat' lies in the storage '2', which the zip file does not have"));
    }

    [TestCase(31)]
    [TestCase(28)]
    [TestCase(36)]
    [TestCase(0)]
    public void A_storage_of_another_length_is_refused(int length)
    {
        byte[] file = WeightFixture.Repack(
            WeightFixture.Read("little.pth"), (name, bytes) => name.EndsWith("/data/0", StringComparison.Ordinal) ? new byte[length] : bytes);

        Assert.That(WeightFixture.Refused(file).Message, Does.Contain($"should have 8 values of 4 bytes, but has {length} bytes"));
    }

    [Test]
    public void A_missing_byte_order_means_little_endian()
    {
        byte[] file = WeightFixture.Repack(WeightFixture.Read("middle_order.pth"), (name, bytes) => name.EndsWith("byteorder", StringComparison.Ordinal) ? null : bytes);

        Assert.That(WeightsFile.Read(file).Get("float").Values[2], Is.EqualTo(1f));
    }
}
