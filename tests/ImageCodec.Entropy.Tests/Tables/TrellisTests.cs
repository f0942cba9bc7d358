using ImageCodec.Entropy.Tables;

namespace ImageCodec.Entropy.Tests.Tables;

internal sealed class TrellisTests
{
    private const int Alone = 24;
    private const int Twins = 20;

    /// <summary>Tables of 24 scales, and of the upper 20 twice as wide, for two quantisers.</summary>
    private static readonly FrequencyTableSet s_tables = new(
        Enumerable.Range(0, Alone + 2 * Twins).Select(i => FrequencyTable.FromGaussian(TableInputs.GetScale(i < Alone ? i : (i - Alone) % Twins) * (i < Alone + Twins ? 1 : 1.5))),
        Twins);

    [Test]
    public void A_state_is_what_the_rule_looks_back_at()
    {
        Random random = new(1);
        int[] values = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(-5, 6))];
        int[] quantizers = new int[values.Length];
        int state = 0;
        for (int i = 0; i < values.Length; i++)
        {
            quantizers[i] = Trellis.QuantizerOf(state);
            int expected = (i >= 2 ? quantizers[i - 2] : 0) + (i >= 5 ? quantizers[i - 5] : 0) + (i >= 3 ? values[i - 3] & 1 : 0);
            Assert.That(quantizers[i], Is.EqualTo(expected & 1), $"value {i}");
            state = Trellis.Next(state, values[i]);
        }

        Assert.That(quantizers.Sum(), Is.InRange(400, 600));
    }

    /// <summary>For every number of states, with pieces that begin the paths anew, some of them within a turn of the states.</summary>
    [TestCase(1, 7, 400)]
    [TestCase(2, 5000, 1000)]
    [TestCase(3, 150_000, 4096)]
    [TestCase(4, 600_000, 100_001)]
    [TestCase(5, (1 << 21) + 11, 1 << 20)]
    public void Tables_that_hang_on_values_before_are_found_again(int seed, int count, int pieceLength)
    {
        TableCoder coder = new(s_tables);
        (short[] values, byte[] indices, byte[] chosen) = Values(seed, count, pieceLength);
        byte[] stream = TableInputs.Encode(coder, values, chosen);
        short[] back = new short[count];
        TableReader reader = coder.CreateReader(stream, count);
        for (int first = 0; first < count; first += pieceLength)
        {
            int length = Math.Min(pieceLength, count - first);
            Assert.That(reader.TryReadTrellis(indices.AsSpan(first, length), back.AsSpan(first, length)), Is.True);
        }

        Assert.That(reader.IsAtEnd, Is.True);
        Assert.That(back.AsSpan().SequenceEqual(values), Is.True);
        Assert.That(indices.AsSpan().SequenceEqual(chosen), Is.True);
    }

    [Test]
    public void A_second_twin_is_no_index()
    {
        TableCoder coder = new(s_tables);
        byte[] stream = TableInputs.Encode(coder, [0], [0]);
        Assert.That(
            () =>
            {
                TableReader reader = coder.CreateReader(stream, 1);
                reader.TryReadTrellis(new byte[] { Alone + Twins }, new short[1]);
            },
            Throws.ArgumentException);
    }

    /// <summary>Values, escapes among them, their indices, and the tables that the plain rule chooses.</summary>
    internal static (short[] Values, byte[] Indices, byte[] Chosen) Values(int seed, int count, int pieceLength)
    {
        (short[] values, byte[] indices) = TableInputs.Values(s_tables, seed, count, escapes: true);
        foreach (ref byte index in indices.AsSpan())
        {
            index = (byte)(index % (Alone + Twins));
        }

        byte[] chosen = [.. indices];
        int paths = count < 1 << 17 ? 1 : count < 1 << 19 ? 2 : count < 1 << 21 ? 4 : 32;
        List<(int Quantizer, int Parity)>[] before = [.. Enumerable.Range(0, paths).Select(_ => new List<(int, int)>())];
        for (int i = 0; i < count; i++)
        {
            if (i % pieceLength == 0)
            {
                Array.ForEach(before, path => path.Clear());
            }

            if (indices[i] >= Alone)
            {
                List<(int Quantizer, int Parity)> path = before[i % paths];
                int quantizer = (path.Count >= 2 ? path[^2].Quantizer : 0) ^ (path.Count >= 5 ? path[^5].Quantizer : 0) ^ (path.Count >= 3 ? path[^3].Parity : 0);
                chosen[i] += (byte)(quantizer * Twins);
                path.Add((quantizer, values[i] & 1));
            }
        }

        return (values, indices, chosen);
    }

    internal static FrequencyTableSet Tables => s_tables;
}
