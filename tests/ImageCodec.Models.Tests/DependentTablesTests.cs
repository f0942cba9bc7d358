using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.Models.Hyperpriors;

namespace ImageCodec.Models.Tests;

public class DependentTablesTests
{
    [Test]
    public void Scales_from_the_tenth_on_have_two_tables()
    {
        byte[] tables = [.. Enumerable.Range(0, 64).Select(scale => (byte)scale)];
        DependentTables.FromScales(tables);
        Assert.That(tables, Is.EqualTo(Enumerable.Range(0, 64).Select(scale => scale < 10 ? scale : 54 + scale)));
    }

    /// <summary>Many at once, of any number, are what they are one by one.</summary>
    [Test]
    public void Tables_of_a_place_are_those_one_by_one([Values(1, 7, 16, 64, 83)] int count)
    {
        Random random = new(count);
        float[] logScales = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 9 - 3))];
        (logScales[0], logScales[count / 2]) = (float.NaN, float.PositiveInfinity);
        byte[] tables = new byte[count];
        ScaleTable.IndicesOf(logScales, tables);
        Assert.That(tables, Is.EqualTo(logScales.Select(ScaleTable.IndexOf)));
        DependentTables.FromScales(tables);
        Assert.That(tables, Is.EqualTo(logScales.Select(ScaleTable.IndexOf).Select(scale => scale < 10 ? scale : 54 + scale)));
    }

    [TestCase(0, 5, 5f)]
    [TestCase(9, -3, -3f)]
    [TestCase(64, 3, 6 * 0.64f)]
    [TestCase(117, -3, -6 * 0.64f)]
    [TestCase(118, 0, 0f)]
    [TestCase(118, 1, 0.64f)]
    [TestCase(171, -1, -0.64f)]
    [TestCase(171, 4, 7 * 0.64f)]
    [TestCase(171, short.MinValue, -65535 * 0.64f)]
    public void Quantisers_share_the_half_steps_between_them(byte table, short value, float steps) =>
        Assert.That(DependentTables.ToSteps(value, table), Is.EqualTo(steps));

    [Test]
    public void A_path_is_that_of_the_format()
    {
        FormatExample example = new("A path of the hyperprior model");
        byte[] tables = [.. example.Numbers("path tables").Select(table => (byte)table)];
        short[] values = [.. example.Numbers("path values").Select(value => (short)value)];
        TableCoder coder = HyperpriorTables.Normal.Coder;
        ArrayBufferWriter<byte> stream = new();
        coder.Encode(values, tables, stream);

        byte[] found = [.. example.Numbers("path scales").Select(scale => (byte)scale)];
        short[] back = new short[values.Length];
        DependentTables.FromScales(found);
        TableReader reader = coder.CreateReader(stream.WrittenSpan, values.Length);
        Assert.That(reader.TryReadTrellis(found, back) && reader.IsAtEnd, Is.True);
        Assert.That(back, Is.EqualTo(values));
        Assert.That(found, Is.EqualTo(tables));
        Assert.That(values.Zip(tables, DependentTables.ToSteps).Select(steps => (int)MathF.Round(100 * steps)), Is.EqualTo(example.Numbers("path steps")));
    }

    [Test]
    public void Sums_of_a_place_are_those_one_by_one([Values(1, 7, 8, 64, 83)] int count)
    {
        Random random = new(count);
        short[] values = [.. Enumerable.Range(0, count).Select(i => (short)(i % 9 == 8 ? random.Next(short.MinValue, short.MaxValue + 1) : random.Next(-3, 4)))];
        byte[] tables = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(172))];
        float[] means = [.. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? -0f : (float)(random.NextDouble() * 4 - 2))];
        float[] sums = new float[count];
        DependentTables.AddSteps(values, tables, means, sums);
        Assert.That(
            sums.Select(BitConverter.SingleToInt32Bits),
            Is.EqualTo(values.Select((value, i) => BitConverter.SingleToInt32Bits(DependentTables.ToSteps(value, tables[i]) + means[i]))));
    }
}
