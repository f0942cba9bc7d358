using System.Buffers;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Weights of 8 bits with a scale for each row.</summary>
public class RowScalesTests
{
    private const string Good =
        """{"w.row_scale":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"I8","shape":[2,3],"data_offsets":[8,14]}}""";

    [Test]
    public void Bytes_times_their_rows_scales_are_the_weights()
    {
        NamedTensor read = Read(Good, 0.5f, 0.001f, [1, 255, 127, 128, 0, 100]).Tensors.Single();

        Assert.That(read.Name, Is.EqualTo("w"));
        Assert.That(read.Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(read.Values, Is.EqualTo(new[] { 0.5f, -0.5f, 63.5f, -128 * 0.001f, 0, 100 * 0.001f }));
    }

    [Test]
    public void What_is_written_comes_back_within_half_a_step_of_its_row()
    {
        Random random = new(6);
        float[] values = [.. Enumerable.Range(0, 5 * 400).Select(i => (float)(Math.Pow(10, (i / 400) - 2) * (random.NextDouble() - 0.5)))];
        WeightsFile weights = new([new NamedTensor("w", [5, 20, 20], values), new NamedTensor("b", [3], [0.1f, 1e-9f, 1e9f])]);

        byte[] file = Safetensors.ToBytes(weights, WeightPrecision.Byte);
        WeightsFile back = WeightsFile.Read(file);

        Assert.That(back.Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[] { "w", "b" }));
        Assert.That(back.Get("b").Values, Is.EqualTo(weights.Get("b").Values), "vectors stay exact");
        Assert.That(file, Has.Length.LessThan(2000 + 500));
        for (int row = 0; row < 5; row++)
        {
            float[] expected = values[(400 * row)..(400 * (row + 1))];
            double step = expected.Max(Math.Abs) / 127;
            Assert.That(back.Get("w").Values[(400 * row)..(400 * (row + 1))], Is.EqualTo(expected).Within(0.501 * step), $"row {row}");
        }
    }

    [Test]
    public void Rows_of_zeros_and_of_hardly_more_and_no_rows_at_all_come_back()
    {
        WeightsFile weights = new([new NamedTensor("w", [3, 2], [0, 0, 1e-44f, 0, -3, 3]), new NamedTensor("none", [0, 2], []), new NamedTensor("flat", [2, 0], [])]);

        WeightsFile back = WeightsFile.Read(Safetensors.ToBytes(weights, WeightPrecision.Byte));

        Assert.That(back.Get("w").Values, Is.EqualTo(new[] { 0, 0, 0, 0, -3f, 3f }).Within(1e-6));
        Assert.That(back.Get("none", [0, 2]).Values, Is.Empty);
        Assert.That(back.Get("flat", [2, 0]).Values, Is.Empty);
    }

    [Test]
    public void Signed_bytes_without_scales_are_left_out_as_other_integers_are() => Assert.That(
        Safetensors.Read([.. SafetensorsText.Make("""{"w":{"dtype":"I8","shape":[3],"data_offsets":[0,3]}}""", 0), 1, 2, 3]).Tensors, Is.Empty);

    [Test]
    public void Something_named_like_scales_of_nothing_is_a_tensor_like_others() => Assert.That(
        Read(Good.Replace("\"w\"", "\"v\"", StringComparison.Ordinal), 1, 2, new byte[6]).Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[] { "w.row_scale" }));

    [TestCase("""{"w.row_scale":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"I8","shape":[3,2],"data_offsets":[8,14]}}""")]
    [TestCase("""{"w.row_scale":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"w":{"dtype":"I8","shape":[2,3],"data_offsets":[8,14]}}""")]
    [TestCase("""{"w.row_scale":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"w":{"dtype":"I8","shape":[2,3],"data_offsets":[8,14]}}""")]
    [TestCase("""{"w.row_scale":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"I8","shape":[2,3],"data_offsets":[8,14]}}""")]
    public void Scales_that_do_not_fit_are_refused(string header) => Assert.That(
        () => Read(header, 1, 1, new byte[6]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("'w.row_scale'").And.Message.Contains("one F32 for each"));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(-0.5f)]
    [TestCase(float.MaxValue)]
    public void Scales_that_give_no_numbers_are_refused(float scale) => Assert.That(
        () => Read(Good, 1, scale, new byte[6]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("scale 1 of 'w'"));

    [Test]
    public void What_bytes_can_not_hold_is_the_callers_mistake_and_writes_nothing()
    {
        ArrayBufferWriter<byte> buffer = new();
        NamedTensor good = new("w", [1, 1], [1]);

        Assert.That(
            () => Safetensors.Write(buffer, new WeightsFile([new NamedTensor("w", [1, 2], [1, float.NaN])]), WeightPrecision.Byte),
            Throws.ArgumentException.With.Message.Contains("'w' holds NaN"));
        Assert.That(
            () => Safetensors.Write(buffer, new WeightsFile([good, new NamedTensor("w.row_scale", [1], [1])]), WeightPrecision.Byte),
            Throws.ArgumentException.With.Message.Contains("'w.row_scale'"));
        Assert.That(buffer.WrittenCount, Is.Zero);
    }

    [Test]
    public void Damaged_files_are_refused_or_read()
    {
        byte[] file = Safetensors.ToBytes(
            new WeightsFile([new NamedTensor("w", [4, 9], [.. Enumerable.Range(-18, 36).Select(i => i / 7f)])]), WeightPrecision.Byte);
        Random random = new(8);
        for (int attempt = 0; attempt < 3000; attempt++)
        {
            byte[] damaged = [.. file];
            damaged[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                Assert.That(WeightsFile.Read(damaged).Tensors.SelectMany(tensor => tensor.Values).Count(), Is.LessThanOrEqualTo(file.Length));
            }
            catch (InvalidFileException)
            {
                // The one exception that bytes may cause.
            }
        }
    }

    private static WeightsFile Read(string header, float first, float second, byte[] bytes) => Safetensors.Read(
        [.. SafetensorsText.Make(header, 0), .. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second), .. bytes]);
}
