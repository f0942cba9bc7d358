using System.Buffers;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

public class SafetensorsTests
{
    // The numbers of make_safetensors_fixtures.py.
    private static readonly float[] SingleValues =
        [0f, -0f, 1.5f, -2.25f, (float)(1 / 3.0), 1e-20f, 1e20f, float.PositiveInfinity, 3e-6f, 65504f, 2049f, 0.1f];

    private static readonly float[] HalfValues =
        [0f, -0f, 1.5f, -2.25f, (float)(1 / 3.0), 1e-20f, 1e4f, float.PositiveInfinity, 3e-6f, 65504f, 2049f, 0.1f];

    private static WeightsFile MakeWeights(float[] values) => new(
        [
            new NamedTensor("encoder.0.weight", [2, 3, 1, 2], values),
            new NamedTensor("empty", [0, 3], []),
            new NamedTensor("encoder.0.bias", [2], [-1, 7]),
            new NamedTensor("scale", [], [0.5f]),
        ],
        new Dictionary<string, string> { ["epochs"] = "600", ["architecture"] = "baseline" });

    [Test]
    public void Single_precision_is_written_byte_for_byte_as_elsewhere() =>
        Assert.That(Safetensors.ToBytes(MakeWeights(SingleValues)), Is.EqualTo(WeightFixture.Read("single.safetensors")));

    [Test]
    public void Half_precision_is_written_byte_for_byte_as_elsewhere() =>
        Assert.That(Safetensors.ToBytes(MakeWeights(HalfValues), WeightPrecision.Half), Is.EqualTo(WeightFixture.Read("half.safetensors")));

    [Test]
    public void Single_precision_is_read_bit_for_bit()
    {
        WeightsFile weights = WeightsFile.Read(WeightFixture.Read("single.safetensors"));

        AssertSame(weights, MakeWeights(SingleValues));
        Assert.That(weights.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["architecture"] = "baseline", ["epochs"] = "600" }));
        Assert.That(weights.ValueCount(), Is.EqualTo(15));
        Assert.That(weights.Format, Is.EqualTo("safetensors"));
    }

    [Test]
    public void Half_precision_is_read_as_rounded() =>
        AssertSame(
            WeightsFile.Read(WeightFixture.Read("half.safetensors")),
            MakeWeights([0f, -0f, 1.5f, -2.25f, 1365f / 4096, 0f, 1e4f, float.PositiveInfinity, 50f / (1 << 24), 65504f, 2048f, 1638f / 16384]));

    [Test]
    public void Other_floats_are_read_and_integers_left_out()
    {
        WeightsFile weights = WeightsFile.Read(WeightFixture.Read("mixed.safetensors"));

        AssertSame(weights, new WeightsFile(
        [
            new NamedTensor("größe", [2], [(float)(1 / 3.0), -0f]),
            new NamedTensor("brain", [3, 1], [1f, -3.5f, BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(1e30f) & 0xFFFF0000)]),
            new NamedTensor("half", [2], [1638f / 16384, -65504f]),
            new NamedTensor("float", [1, 1, 1], [0.1f]),
        ]));
        Assert.That(weights.Metadata, Is.Empty);
    }

    [Test]
    public void What_is_written_is_read_again([Values(0, 1, 5000, 20_000)] int count, [Values] bool half)
    {
        Random random = new(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = half ? (float)(Half)(random.NextSingle() - 0.5f) : BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
        }

        WeightsFile weights = new([new NamedTensor("a \"quoted\"\n größe 😀", [count, 1], values), new NamedTensor("", [1], [3])]);
        byte[] file = Safetensors.ToBytes(weights, half ? WeightPrecision.Half : WeightPrecision.Single);

        AssertSame(WeightsFile.Read(file), weights);
        Assert.That(BitConverter.ToInt64(file) % 8, Is.Zero);
        Assert.That(Safetensors.ToBytes(WeightsFile.Read(file), half ? WeightPrecision.Half : WeightPrecision.Single), Is.EqualTo(file));
    }

    [Test]
    public void A_file_without_tensors_is_read_and_written()
    {
        byte[] file = Safetensors.ToBytes(new WeightsFile([]));

        Assert.That(file, Is.EqualTo("\u0008\0\0\0\0\0\0\0{}      "u8.ToArray()));
        Assert.That(WeightsFile.Read(file).Tensors, Is.Empty);
    }

    [Test]
    public void A_header_whose_length_begins_like_a_zip_file_is_read()
    {
        byte[] file = SafetensorsText.Make("{}" + new string(' ', 0x4B50 - 2), 0);

        Assert.That(file.Take(2), Is.EqualTo("PK"u8.ToArray()));
        Assert.That(WeightsFile.Read(file).Tensors, Is.Empty);
    }

    [Test]
    public void A_header_whose_length_begins_like_a_pickle_is_read() =>
        Assert.That(WeightsFile.Read(SafetensorsText.Make("{}" + new string(' ', 0x280 - 2), 0)).Tensors, Is.Empty);

    [Test]
    public void What_does_not_fit_is_the_callers_mistake_and_writes_nothing()
    {
        ArrayBufferWriter<byte> buffer = new();
        NamedTensor one = new("one", [1], [65520f]);
        Assert.Multiple(() =>
        {
            Assert.That(() => Safetensors.Write(buffer, new WeightsFile([one]), WeightPrecision.Half), Throws.ArgumentException.With.Message.Contains("'one' holds 65520"));
            Assert.That(() => Safetensors.Write(buffer, new WeightsFile([one]), (WeightPrecision)7), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Safetensors.Write(buffer, null!), Throws.ArgumentNullException);
            Assert.That(() => Safetensors.Write(null!, new WeightsFile([one])), Throws.ArgumentNullException);
            Assert.That(() => Safetensors.Write(buffer, new WeightsFile([new NamedTensor("__metadata__", [1], [1])])), Throws.ArgumentException);
            Assert.That(() => Safetensors.Write(buffer, new WeightsFile([new NamedTensor("\ud800", [1], [1])])), Throws.ArgumentException);
            Assert.That(
                () => Safetensors.Write(buffer, new WeightsFile([one], new Dictionary<string, string> { ["long"] = new('x', Safetensors.MaxHeaderLength) })),
                Throws.ArgumentException.With.Message.Contains("the limit is 16777216"));
        });
        Assert.That(buffer.WrittenCount, Is.Zero);
    }

    private static void AssertSame(WeightsFile actual, WeightsFile expected)
    {
        Assert.That(actual.Tensors.Select(tensor => tensor.Name), Is.EqualTo(expected.Tensors.Select(tensor => tensor.Name)));
        foreach ((NamedTensor tensor, NamedTensor wanted) in actual.Tensors.Zip(expected.Tensors))
        {
            Assert.That(tensor.Shape, Is.EqualTo(wanted.Shape), tensor.Name);
            Assert.That(
                tensor.Values.Select(BitConverter.SingleToUInt32Bits).SequenceEqual(wanted.Values.Select(BitConverter.SingleToUInt32Bits)),
                Is.True,
                tensor.Name);
        }
    }
}
