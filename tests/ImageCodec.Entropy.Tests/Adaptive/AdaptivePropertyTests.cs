using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace ImageCodec.Entropy.Tests.Adaptive;

internal sealed class AdaptivePropertyTests
{
    [Test]
    public void Every_sequence_comes_back_and_has_the_plain_coders_bytes()
        => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(symbols =>
        {
            byte[] stream = Encode(symbols);
            byte[] back = new byte[symbols.Length];
            return AdaptiveCoder.TryDecode(stream, back) && back.AsSpan().SequenceEqual(symbols) && stream.AsSpan().SequenceEqual(PlainAdaptiveCoder.Encode(symbols));
        }));

    [Test]
    public void Random_statistics_with_halvings_have_the_plain_coders_bytes()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            byte[] symbols = RandomInputs.Symbols(seed, 40000);
            byte[] stream = Encode(symbols);
            Assert.That(stream.AsSpan().SequenceEqual(PlainAdaptiveCoder.Encode(symbols)), $"seed {seed}");
            byte[] back = new byte[symbols.Length];
            Assert.That(AdaptiveCoder.TryDecode(stream, back) && back.AsSpan().SequenceEqual(symbols), $"seed {seed}");
        }
    }

    [Test]
    public void Long_carry_runs_have_the_plain_coders_bytes()
    {
        long longest = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            byte[] symbols = RandomInputs.CarryRun(2000, seed);
            byte[] expected = PlainAdaptiveCoder.Encode(symbols, out long run);
            longest = Math.Max(longest, run);
            Assert.That(Encode(symbols), Is.EqualTo(expected), $"seed {seed}");
            byte[] back = new byte[symbols.Length];
            Assert.That(AdaptiveCoder.TryDecode(expected, back) && back.AsSpan().SequenceEqual(symbols), $"seed {seed}");
        }

        Assert.That(longest, Is.GreaterThan(200), "the inputs must make carry runs");
    }

    [Test]
    public void The_length_stays_close_to_the_information_content()
    {
        for (int seed = 1000; seed < 1060; seed++)
        {
            byte[] symbols = RandomInputs.Symbols(seed, 30000);
            double bits = AdaptiveInformation.GetBits(symbols);

            // The quotients' rounding costs a little on each symbol; the closing symbols at most 14 bits each; the end 3 bits and padding.
            Assert.That(8.0 * Encode(symbols).Length, Is.LessThan((1.003 * bits) + (0.002 * symbols.Length) + 56 + 3 + 8), $"seed {seed}");
            Assert.That(Encode(symbols), Has.Length.LessThanOrEqualTo(AdaptiveCoder.GetMaxEncodedLength(symbols.Length)));
        }
    }

    [Test]
    public void The_worst_input_stays_below_the_bound()
    {
        // One symbol until it has nearly all of the counts, then the rarest ones.
        byte[] symbols = [.. Enumerable.Repeat((byte)7, 16128), .. Enumerable.Range(0, 255).Select(i => (byte)(8 + i))];
        Assert.That(Encode(symbols), Has.Length.LessThanOrEqualTo(AdaptiveCoder.GetMaxEncodedLength(symbols.Length)));
        Assert.That(() => AdaptiveCoder.GetMaxEncodedLength(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AdaptiveCoder.GetMaxEncodedLength(AdaptiveCoder.MaxSymbolCount + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(AdaptiveCoder.GetMaxEncodedLength(AdaptiveCoder.MaxSymbolCount), Is.Positive);
    }

    [Test]
    public void A_destination_too_small_is_told_and_left_alone()
    {
        byte[] symbols = RandomInputs.CarryRun(500, 1);
        byte[] stream = Encode(symbols);
        for (int room = 0; room < stream.Length; room++)
        {
            byte[] destination = new byte[room];
            Assert.That(AdaptiveCoder.TryEncode(symbols, destination, out int none), Is.False);
            Assert.That(none, Is.Zero);
            Assert.That(destination, Is.All.Zero);
        }

        byte[] exact = new byte[stream.Length];
        Assert.That(AdaptiveCoder.TryEncode(symbols, exact, out int written), Is.True);
        Assert.That(written, Is.EqualTo(stream.Length));
        Assert.That(exact, Is.EqualTo(stream));
    }

    [Test]
    public void Pieces_and_one_span_give_the_same_bytes()
    {
        // More than two pieces; the zeros and ones keep long runs of equal bytes at the seams.
        byte[] symbols = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i % 1000 == 0 ? 255 : 0))];
        byte[] room = new byte[AdaptiveCoder.GetMaxEncodedLength(symbols.Length)];
        Assert.That(AdaptiveCoder.TryEncode(symbols, room, out int written), Is.True);
        Assert.That(Encode(symbols).AsSpan().SequenceEqual(room.AsSpan(0, written)), Is.True);
    }

    [Test]
    public void Coding_again_allocates_nothing()
    {
        byte[] symbols = RandomInputs.CarryRun(4096, 3);
        byte[] room = new byte[AdaptiveCoder.GetMaxEncodedLength(symbols.Length)];
        byte[] back = new byte[symbols.Length];
        void Once()
        {
            AdaptiveCoder.TryEncode(symbols, room, out int written);
            AdaptiveCoder.TryDecode(room.AsSpan(0, written), back);
        }

        Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Once();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    internal static byte[] Encode(ReadOnlySpan<byte> symbols)
    {
        ArrayBufferWriter<byte> writer = new();
        AdaptiveCoder.Encode(symbols, writer);
        return writer.WrittenSpan.ToArray();
    }
}
