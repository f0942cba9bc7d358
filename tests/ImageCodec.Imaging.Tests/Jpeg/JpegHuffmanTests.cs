using ImageCodec.Imaging.Jpeg;

namespace ImageCodec.Imaging.Tests.Jpeg;

public sealed class JpegHuffmanTests
{
    [Test]
    public void Every_symbol_is_read_as_it_was_written([Values(1, 2, 3, 17, 256)] int symbolCount, [Values] bool steep)
    {
        long[] frequencies = Frequencies(symbolCount, steep);
        HuffmanCode code = new(frequencies);
        int[] symbols = [.. Enumerable.Range(0, 256).Where(symbol => frequencies[symbol] > 0)];
        using MemoryStream stream = new();
        SymbolWriter writer = new(stream, [code]);
        foreach (int symbol in symbols)
        {
            writer.Put(0, symbol, symbol & 7, 3);
        }

        writer.Finish();

        HuffmanTable table = new(code.Counts, code.Symbols, 0);
        BitReader bits = new(stream.ToArray(), 0, isTolerant: false);
        foreach (int symbol in symbols)
        {
            Assert.That(table.Read(ref bits), Is.EqualTo(symbol));
            Assert.That(bits.ReadBits(3), Is.EqualTo(symbol & 7));
        }

        Assert.That(bits.Overrun, Is.False);
    }

    [Test]
    public void Codes_have_16_bits_at_most_and_leave_the_one_of_ones_free([Values(2, 30, 60, 256)] int symbolCount)
    {
        HuffmanCode code = new(Frequencies(symbolCount, steep: true));

        // In 65536ths of all codes: at least one of the longest is left.
        int taken = Enumerable.Range(1, 16).Sum(length => code.Counts[length - 1] << (16 - length));
        int longest = Enumerable.Range(1, 16).Last(length => code.Counts[length - 1] > 0);
        Assert.That(code.Counts.Sum(count => count), Is.EqualTo(symbolCount));
        Assert.That(taken, Is.LessThanOrEqualTo(65536 - (1 << (16 - longest))));
    }

    [Test]
    public void The_length_is_within_a_few_percent_of_the_entropy()
    {
        long[] frequencies = new long[256];
        for (int i = 0; i < 256; i++)
        {
            frequencies[i] = 1 + (long)(1e6 * Math.Pow(0.95, i));
        }

        HuffmanCode code = new(frequencies);

        double total = frequencies.Sum();
        double entropy = frequencies.Sum(count => count * Math.Log2(total / count));
        double length = Enumerable.Range(0, 256).Sum(symbol => (double)frequencies[symbol] * code.Length(symbol));
        Assert.That(length / entropy, Is.InRange(1, 1.01));
    }

    [TestCase(1, 0, -1)]
    [TestCase(1, 1, 1)]
    [TestCase(3, 0, -7)]
    [TestCase(3, 3, -4)]
    [TestCase(3, 4, 4)]
    [TestCase(15, 0, -32767)]
    [TestCase(15, 32767, 32767)]
    public void Signed_values_are_extended(int size, int bits, int expected)
    {
        int shifted = bits << (16 - size);
        BitReader reader = new((byte[])[(byte)(shifted >> 8), .. (shifted >> 8) == 0xFF ? (byte[])[0] : [], (byte)shifted, .. (shifted & 0xFF) == 0xFF ? (byte[])[0] : []], 0, isTolerant: false);
        reader.Fill();

        Assert.That(reader.ReadSigned(size), Is.EqualTo(expected));
    }

    [Test]
    public void Bits_come_in_order_whatever_their_bytes_are()
    {
        Random random = new(1);
        byte[] plain = new byte[1000];
        for (int i = 0; i < plain.Length; i++)
        {
            plain[i] = (byte)(random.Next(4) == 0 ? 0xFF : random.Next(256));
        }

        byte[] stuffed = [.. plain.SelectMany(value => value == 0xFF ? new byte[] { 0xFF, 0 } : [value]), 0xFF, 0xD9, 1, 2, 3, 4, 5, 6, 7, 8];
        BitReader bits = new(stuffed, 0, isTolerant: false);
        int at = 0;
        while (at < 8 * plain.Length)
        {
            int count = Math.Min(random.Next(1, 16), (8 * plain.Length) - at);
            int expected = 0;
            for (int i = 0; i < count; i++, at++)
            {
                expected = (expected << 1) | ((plain[at / 8] >> (7 - (at % 8))) & 1);
            }

            Assert.That(count == 1 ? bits.ReadBit() : bits.ReadBits(count), Is.EqualTo(expected));
            Assert.That(bits.Overrun, Is.False);
        }

        Assert.That(bits.FindMarker(), Is.EqualTo(stuffed.Length - 10));
        Assert.That(bits.ReadBits(15), Is.Zero);
        Assert.That(bits.Overrun, Is.True);
    }

    /// <summary>The steep ones are those that make the longest codes there can be.</summary>
    private static long[] Frequencies(int symbolCount, bool steep)
    {
        long[] frequencies = new long[256];
        (long a, long b) = (1, 1);
        for (int i = 0; i < symbolCount; i++)
        {
            frequencies[i] = steep ? a : 1;
            (a, b) = (b, Math.Min(a + b, 1L << 40));
        }

        return frequencies;
    }
}
