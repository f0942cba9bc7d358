using System.Buffers;

namespace ImageCodec.Entropy.Tests.Tables;

internal static class TableInputs
{
    private const int Fresh = 50_021;

    /// <summary>64 tables over a logarithmic grid from 0.11 to 64.</summary>
    public static FrequencyTableSet Scales { get; } = new(Enumerable.Range(0, 64).Select(i => FrequencyTable.FromGaussian(GetScale(i))));

    public static double GetScale(int index) => 0.11 * Math.Pow(64 / 0.11, index / 63.0);

    /// <summary>Values drawn from the tables, sometimes far outside them.</summary>
    public static (short[] Values, byte[] Indices) Values(int seed, int count) => Values(Scales, seed, count, escapes: true);

    public static (short[] Values, byte[] Indices) Values(FrequencyTableSet set, int seed, int count, bool escapes)
    {
        Random random = new(seed);
        short[] values = new short[count];
        byte[] indices = new byte[count];
        int highest = random.Next(set.Tables.Count) + 1;
        int rarity = escapes ? random.Next(2, 300) : int.MaxValue;
        for (int i = 0; i < count; i++)
        {
            if (i >= Fresh)
            {
                // Drawing is slow; long inputs repeat themselves.
                (values[i], indices[i]) = (values[i - Fresh], indices[i - Fresh]);
                continue;
            }

            indices[i] = (byte)random.Next(highest);
            FrequencyTable table = set.Tables[indices[i]];
            int slot = random.Next(FrequencyTable.Total - table.Frequencies[^1]);
            int place = 0;
            while (slot >= table.Frequencies[place])
            {
                slot -= table.Frequencies[place++];
            }

            values[i] = (short)(escapes && random.Next(rarity) == 0 ? random.Next(short.MinValue, short.MaxValue + 1) : table.MinValue + place);
        }

        return (values, indices);
    }

    public static byte[] Encode(TableCoder coder, ReadOnlySpan<short> values, ReadOnlySpan<byte> indices)
    {
        ArrayBufferWriter<byte> writer = new();
        int written = coder.Encode(values, indices, writer);
        Assert.That(written, Is.EqualTo(writer.WrittenCount));
        return writer.WrittenSpan.ToArray();
    }
}
