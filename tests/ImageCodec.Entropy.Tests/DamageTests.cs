using ImageCodec.Entropy.Tests.Adaptive;
using ImageCodec.Entropy.Tests.Tables;

namespace ImageCodec.Entropy.Tests;

/// <summary>Whatever the bytes, a decoder gives symbols or says that they are damaged; with the reader's buffers guarded on both sides.</summary>
internal sealed class DamageTests
{
    [Test]
    public void Every_cut_of_an_adaptive_stream_is_seen()
    {
        foreach (AdaptiveVector vector in AdaptiveVector.All.Where(vector => vector.Stream.Length < 3000))
        {
            byte[] back = new byte[vector.Symbols.Length];
            for (int length = 0; length < vector.Stream.Length; length++)
            {
                Assert.That(AdaptiveCoder.TryDecode(vector.Stream.AsSpan(0, length), back), Is.False, $"{vector.Name} cut to {length}");
            }

            Assert.That(AdaptiveCoder.TryDecode([.. vector.Stream, 0], back), Is.False, $"{vector.Name} with a byte more");
        }
    }

    [Test]
    public void A_changed_adaptive_stream_is_refused_or_is_the_encoding_of_what_comes_out()
    {
        Random random = new(5);
        int refused = 0;
        const int Trials = 4000;
        for (int trial = 0; trial < Trials; trial++)
        {
            byte[] symbols = RandomInputs.Symbols(trial, 1500);
            byte[] stream = AdaptivePropertyTests.Encode(symbols);
            Mutate(ref stream, random);
            byte[] back = new byte[symbols.Length];
            if (!AdaptiveCoder.TryDecode(stream, back))
            {
                refused++;
                Assert.That(() => AdaptiveCoder.Decode(stream, back), Throws.TypeOf<InvalidFileException>());
            }
            else
            {
                Assert.That(AdaptivePropertyTests.Encode(back), Is.EqualTo(stream), $"trial {trial}");
            }
        }

        Assert.That(refused, Is.GreaterThan(Trials * 9 / 10));
    }

    [Test]
    public void A_short_stream_does_not_keep_the_decoder_busy()
    {
        byte[] symbols = new byte[200_000_000];
        long start = Environment.TickCount64;
        Assert.That(AdaptiveCoder.TryDecode([0x55, 0xAA, 0x12], symbols), Is.False);
        Assert.That(Environment.TickCount64 - start, Is.LessThan(2000));
    }

    [Test]
    public void A_changed_table_coded_stream_is_refused_or_decodes()
    {
        TableCoder coder = new(TableInputs.Scales);
        Random random = new(6);
        int refused = 0;
        const int Trials = 4000;
        for (int trial = 0; trial < Trials; trial++)
        {
            (short[] values, byte[] indices) = TableInputs.Values(trial, random.Next(1200));
            byte[] stream = TableInputs.Encode(coder, values, indices);
            Mutate(ref stream, random);
            short[] back = new short[values.Length];
            if (!coder.TryDecode(stream, indices, back))
            {
                refused++;
                Assert.That(() => coder.Decode(stream, indices, back), Throws.TypeOf<InvalidFileException>());
            }
        }

        Assert.That(refused, Is.GreaterThan(Trials * 9 / 10));
    }

    [Test]
    public void Random_bytes_do_no_harm()
    {
        TableCoder coder = new(TableInputs.Scales);
        Random random = new(7);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] stream = new byte[random.Next(200)];
            random.NextBytes(stream);
            byte[] symbols = new byte[random.Next(2000)];
            AdaptiveCoder.TryDecode(stream, symbols);
            byte[] indices = [.. symbols.Select(symbol => (byte)(symbol & 63))];
            coder.TryDecode(stream, indices, new short[indices.Length]);
        }
    }

    [Test, Explicit("A longer run by command: the seconds are in SOAK_SECONDS, else 300.")]
    public void Soak()
    {
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("SOAK_SECONDS"), out int given) ? given : 300;
        TableCoder coder = new(TableInputs.Scales);
        long end = Environment.TickCount64 + (1000L * seconds);
        for (int seed = 1_000_000; Environment.TickCount64 < end; seed++)
        {
            Random random = new(seed);
            byte[] symbols = RandomInputs.Symbols(seed, 50_000);
            byte[] stream = AdaptivePropertyTests.Encode(symbols);
            byte[] back = new byte[symbols.Length];
            Assert.That(AdaptiveCoder.TryDecode(stream, back) && back.AsSpan().SequenceEqual(symbols), $"seed {seed}");
            Assert.That(seed % 20 != 0 || stream.AsSpan().SequenceEqual(PlainAdaptiveCoder.Encode(symbols)), $"seed {seed}");
            Mutate(ref stream, random);
            Assert.That(!AdaptiveCoder.TryDecode(stream, back) || AdaptivePropertyTests.Encode(back).AsSpan().SequenceEqual(stream), $"seed {seed}");

            (short[] values, byte[] indices) = TableInputs.Values(seed, random.Next(200_000));
            byte[] coded = TableInputs.Encode(coder, values, indices);
            short[] decoded = new short[values.Length];
            Assert.That(coder.TryDecode(coded, indices, decoded) && decoded.AsSpan().SequenceEqual(values), $"seed {seed}");
            Mutate(ref coded, random);
            coder.TryDecode(coded, indices, decoded);
        }
    }

    private static void Mutate(ref byte[] stream, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when stream.Length > 0:
                stream[random.Next(stream.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when stream.Length > 0:
                stream = stream[..random.Next(stream.Length)];
                break;
            case 2 when stream.Length > 0:
                random.NextBytes(stream.AsSpan(random.Next(stream.Length)));
                break;
            default:
                stream = [.. stream, (byte)random.Next(256)];
                break;
        }
    }
}
