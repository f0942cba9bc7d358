using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace ImageCodec.Entropy.Tests.Tables;

internal sealed class TableCoderTests
{
    private readonly TableCoder _coder = new(TableInputs.Scales);

    [Test]
    public void Every_sequence_of_any_values_comes_back()
        => Check.QuickThrowOnFailure(Prop.ForAll<short[], byte[]>((values, bytes) =>
        {
            byte[] indices = [.. values.Select((_, i) => (byte)(bytes.Length == 0 ? 0 : bytes[i % bytes.Length] & 63))];
            byte[] stream = TableInputs.Encode(_coder, values, indices);
            short[] back = new short[values.Length];
            return _coder.TryDecode(stream, indices, back) && back.AsSpan().SequenceEqual(values) && stream.Length <= TableCoder.GetMaxEncodedLength(values.Length);
        }));

    [TestCase(5)]
    [TestCase(5000)]
    [TestCase(1 << 17)]
    [TestCase((1 << 19) + 5)]
    [TestCase((1 << 21) + 11)]
    public void A_stream_can_be_read_piece_by_piece(int count)
    {
        (short[] values, byte[] indices) = TableInputs.Values(TableInputs.Scales, count, count, true);
        byte[] stream = TableInputs.Encode(_coder, values, indices);
        short[] back = new short[count];
        Random random = new(count);
        TableReader reader = _coder.CreateReader(stream, count);
        while (reader.Remaining > 0)
        {
            // Whole turns of the states, and pieces that end within one.
            int length = Math.Min(reader.Remaining, random.Next(2) == 0 ? 3200 : random.Next(1 + count / 2));
            int at = count - reader.Remaining;
            Assert.That(reader.IsAtEnd, Is.False);
            Assert.That(reader.TryRead(indices.AsSpan(at, length), back.AsSpan(at, length)), Is.True);
        }

        Assert.That(reader.IsAtEnd, Is.True);
        Assert.That(back.AsSpan().SequenceEqual(values), Is.True);
    }

    [Test]
    public void A_reader_by_default_says_how_to_get_one()
    {
        Assert.That(
            () => default(TableReader).TryRead(new byte[1], new short[1]), Throws.InvalidOperationException.With.Message.Contains("TableCoder.CreateReader"));
        Assert.That(() => default(TableReader).TryRead([], []), Throws.InvalidOperationException);
        Assert.That(default(TableReader).IsAtEnd, Is.False);
    }

    [Test]
    public void Coding_stops_when_told()
    {
        (short[] values, byte[] indices) = TableInputs.Values(3, 100_000);
        byte[] stream = TableInputs.Encode(_coder, values, indices);
        CancellationToken stopped = new(canceled: true);
        ArrayBufferWriter<byte> writer = new();
        Assert.That(() => _coder.Encode(values, indices, writer, stopped), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(writer.WrittenCount, Is.Zero);
        Assert.That(() => _coder.Decode(stream, indices, new short[values.Length], stopped), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => _coder.TryDecode(stream, indices, new short[values.Length], stopped), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(17)]
    [TestCase((1 << 17) - 1)]
    [TestCase(1 << 17)]
    [TestCase((1 << 19) + 5)]
    [TestCase((1 << 21) + 11)]
    public void Values_come_back_for_every_number_of_states(int count)
    {
        foreach (bool escapes in new[] { false, true })
        {
            (short[] values, byte[] indices) = TableInputs.Values(TableInputs.Scales, count, count, escapes);
            byte[] stream = TableInputs.Encode(_coder, values, indices);
            short[] back = new short[count];
            Assert.That(_coder.TryDecode(stream, indices, back), Is.True);
            Assert.That(back.AsSpan().SequenceEqual(values), Is.True);
            byte[] room = new byte[stream.Length];
            Assert.That(_coder.TryEncode(values, indices, room, out int written), Is.True);
            Assert.That(written, Is.EqualTo(stream.Length));
            Assert.That(room.AsSpan().SequenceEqual(stream), Is.True);
            Assert.That(_coder.TryEncode(values, indices, room.AsSpan(0, Math.Max(0, written - 1)), out int none), Is.EqualTo(written == 0));
            Assert.That(none, Is.Zero);
        }
    }

    [TestCase(64, 3.0)]
    [TestCase(4096, 3.0)]
    [TestCase(100_000, 3.0)]
    [TestCase(400_000, 2 * 8.0)]
    [TestCase(4_000_000, 32 * 8.0)]
    public void The_length_is_the_information_content_and_a_few_bytes(int count, double bytes)
    {
        (short[] values, byte[] indices) = TableInputs.Values(TableInputs.Scales, 1, count, escapes: false);
        double content = _coder.EstimateBits(values, indices) / 8;
        Assert.That(TableInputs.Encode(_coder, values, indices), Has.Length.LessThan(content + bytes + (content * 1e-5)));
        Assert.That(TableInputs.Encode(_coder, values, indices), Has.Length.GreaterThan(content - 3));
    }

    [Test]
    public void Small_sizes_take_at_most_three_bytes_over_the_content()
    {
        double worst = 0;
        double sum = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            (short[] values, byte[] indices) = TableInputs.Values(TableInputs.Scales, seed, 1 + (seed % 300), escapes: true);
            double over = TableInputs.Encode(_coder, values, indices).Length - (_coder.EstimateBits(values, indices) / 8);
            worst = Math.Max(worst, over);
            sum += over;
        }

        Assert.That(worst, Is.LessThanOrEqualTo(3));
        Assert.That(sum / 1000, Is.LessThan(2.5));
    }

    [TestCase(32767)]
    [TestCase(-32768 + 2)]
    public void Tables_at_the_ends_of_the_range_escape_as_well(int maxValue)
    {
        FrequencyTable table = FrequencyTable.FromFrequencies(maxValue - 2, [10000, 20000, 30000, 5536]);
        TableCoder coder = new(new FrequencyTableSet([table]));
        foreach (int count in new[] { 4, 1000, 1 << 21 })
        {
            short[] values = [.. Enumerable.Range(0, count).Select(i => (short)(i % 50 == 0 ? i : maxValue - (i % 3)))];
            byte[] indices = new byte[count];
            byte[] stream = TableInputs.Encode(coder, values, indices);
            short[] back = new short[count];
            Assert.That(coder.TryDecode(stream, indices, back) && back.AsSpan().SequenceEqual(values), $"{count} values");
        }
    }

    [Test]
    public void No_values_take_no_byte_and_any_byte_is_too_many()
    {
        Assert.That(TableInputs.Encode(_coder, [], []), Is.Empty);
        Assert.That(_coder.TryDecode([], [], []), Is.True);
        Assert.That(_coder.TryDecode([1], [], []), Is.False);
        Assert.That(_coder.TryDecode([0], [], []), Is.False);
    }

    [Test]
    public void A_cut_stream_is_seen()
    {
        (short[] values, byte[] indices) = TableInputs.Values(9, 3000);
        byte[] stream = TableInputs.Encode(_coder, values, indices);
        short[] back = new short[values.Length];
        int seen = 0;
        for (int length = 0; length < stream.Length; length++)
        {
            seen += _coder.TryDecode(stream.AsSpan(0, length), indices, back) ? 0 : 1;
        }

        Assert.That(seen, Is.GreaterThanOrEqualTo(stream.Length - 2));
    }

    [Test]
    public void A_wrong_index_or_length_is_the_callers_mistake()
    {
        Assert.That(() => _coder.EstimateBits(new short[3], new byte[2]), Throws.ArgumentException);
        Assert.That(() => _coder.TryEncode(new short[2], [0, 64], new byte[99], out _), Throws.ArgumentException.With.Message.Contains("Index 1 is 64"));
        Assert.That(() => _coder.Decode([1, 2, 3], [255], new short[1]), Throws.ArgumentException);
        Assert.That(() => TableCoder.GetMaxEncodedLength(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TableCoder(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void The_estimate_is_the_sum_of_each_values_bits()
    {
        FrequencyTable table = TableInputs.Scales.Tables[20];
        double one = table.GetBits(0) + table.GetBits(1) + table.GetBits(30000);
        Assert.That(_coder.EstimateBits([0, 1, 30000], [20, 20, 20]), Is.EqualTo(one).Within(1e-9));
    }

    [Test]
    public void A_golden_stream_stays_as_it_is()
    {
        short[] values = [.. Enumerable.Range(0, 40).Select(i => (short)((i * 7 % 11) - 5))];
        byte[] indices = [.. Enumerable.Range(0, 40).Select(i => (byte)(30 + (i % 20)))];
        byte[] stream = TableInputs.Encode(new TableCoder(new FrequencyTableSet(Enumerable.Range(0, 64).Select(i => Logistic(0.25 * (1 + i))))), values, indices);
        Assert.That(Convert.ToHexString(stream), Is.EqualTo("0112A755F3AA9036FA4F815660F37216F7C86DBD087AA0049C1C92637B"));
    }

    /// <summary>A logistic distribution rounded to integers, all but its outermost 2^-16.</summary>
    private static FrequencyTable Logistic(double scale)
    {
        int reach = (int)Math.Ceiling((scale * Math.Log(2 * FrequencyTable.Total)) - 0.5);
        double[] probabilities = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(value => Math.Abs(value)).Select(Probability)];
        return FrequencyTable.FromProbabilities(-reach, probabilities, 2 * Tail(reach + 0.5), raiseTiny: true);

        double Probability(int size) => size == 0 ? 1 - (2 * Tail(0.5)) : Tail(size - 0.5) - Tail(size + 0.5);

        double Tail(double x) => 1 / (1 + Math.Exp(x / scale));
    }
}
