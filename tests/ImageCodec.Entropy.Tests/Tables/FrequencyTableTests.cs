using System.Buffers;

namespace ImageCodec.Entropy.Tests.Tables;

internal sealed class FrequencyTableTests
{
    [TestCase(0.01)]
    [TestCase(0.11)]
    [TestCase(1)]
    [TestCase(17.5)]
    [TestCase(1024)]
    public void Gaussian_tables_are_valid_symmetric_and_near_their_distribution(double scale)
    {
        FrequencyTable table = FrequencyTable.FromGaussian(scale);
        AssertValid(table);
        ReadOnlySpan<ushort> frequencies = table.Frequencies;
        Assert.That(table.MinValue, Is.EqualTo(-table.MaxValue));
        double variance = 0;
        for (int i = 0; i < table.ValueCount; i++)
        {
            int mirrored = frequencies[table.ValueCount - 1 - i];
            Assert.That(Math.Abs(frequencies[i] - mirrored), Is.LessThanOrEqualTo(1));
            variance += frequencies[i] / 65536.0 * Math.Pow(table.MinValue + i, 2);
        }

        if (scale is >= 1 and < 100)
        {
            Assert.That(variance, Is.EqualTo((scale * scale) + (1.0 / 12)).Within(1).Percent);
        }
    }

    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(2000.0)]
    public void A_scale_out_of_range_is_told(double scale)
        => Assert.That(() => FrequencyTable.FromGaussian(scale), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(new[] { 0.5, 0.0, 0.25 }, 0.25, "value 1")]
    [TestCase(new[] { 0.5, 0.0, 0.25 }, 0.25, "raiseTiny")]
    [TestCase(new[] { 1.0 }, 0.0, "escape")]
    [TestCase(new[] { 0.75, 1e-9 }, 0.25, "2^-16")]
    [TestCase(new[] { double.NaN, 0.5 }, 0.5, "number from 0 to 1")]
    [TestCase(new[] { -0.25, 0.75 }, 0.5, "number from 0 to 1")]
    [TestCase(new[] { double.PositiveInfinity, 0.75 }, 0.5, "number from 0 to 1")]
    [TestCase(new[] { 0.5, 0.25 }, 0.125, "divide them by their sum")]
    [TestCase(new[] { 0.5, 0.5 }, 0.5, "divide them by their sum")]
    [TestCase(new double[0], 1.0, "1 to 16384 values")]
    public void A_bad_probability_is_told_with_the_cure(double[] probabilities, double escape, string part)
        => Assert.That(() => FrequencyTable.FromProbabilities(0, probabilities, escape), Throws.ArgumentException.With.Message.Contains(part));

    [Test]
    public void Tiny_probabilities_are_raised_when_asked_for()
    {
        FrequencyTable table = FrequencyTable.FromProbabilities(-1, [0, 1, 1e-12], 0, raiseTiny: true);
        AssertValid(table);
        Assert.That(table.Frequencies.ToArray(), Is.EqualTo(new ushort[] { 1, 65533, 1, 1 }));
    }

    [Test]
    public void Frequencies_come_as_near_to_probabilities_as_rounding_allows()
    {
        Random random = new(2);
        for (int trial = 0; trial < 30; trial++)
        {
            double[] weights = [.. Enumerable.Range(0, random.Next(2, 500)).Select(_ => 0.01 + Math.Pow(random.NextDouble(), 4))];
            double sum = weights.Sum();
            double[] probabilities = [.. weights.Select(weight => weight / sum)];
            FrequencyTable table = FrequencyTable.FromProbabilities(5, probabilities.AsSpan()[..^1], probabilities[^1]);
            AssertValid(table);
            double loss = 0;
            for (int i = 0; i < probabilities.Length; i++)
            {
                loss += probabilities[i] * Math.Log2(probabilities[i] * 65536 / table.Frequencies[i]);
            }

            Assert.That(loss, Is.InRange(-1e-9, 1e-4));
        }
    }

    [Test]
    public void Bad_frequencies_are_told()
    {
        Assert.That(() => FrequencyTable.FromFrequencies(0, [65535, 0, 1]), Throws.ArgumentException.With.Message.Contains("at least 1"));
        Assert.That(() => FrequencyTable.FromFrequencies(0, [65535, 2]), Throws.ArgumentException.With.Message.Contains("add up"));
        Assert.That(() => FrequencyTable.FromFrequencies(0, [1]), Throws.ArgumentException);
        Assert.That(() => FrequencyTable.FromFrequencies(0, []), Throws.ArgumentException);
        Assert.That(() => FrequencyTable.FromFrequencies(32767, [65534, 1, 1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => FrequencyTable.FromFrequencies(-32769, [65534, 1, 1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Tables_are_the_same_integers_on_every_machine()
    {
        ulong hash = 14695981039346656037;
        for (int i = 0; i < 64; i++)
        {
            double scale = (1 << (i / 8)) * (8 + (i % 8)) / 64.0;
            foreach (ushort frequency in FrequencyTable.FromGaussian(scale).Frequencies)
            {
                hash = (hash ^ frequency) * 1099511628211;
            }
        }

        Assert.That(hash, Is.EqualTo(8709103370201325161UL));
    }

    [Test]
    public void A_set_comes_back_from_its_bytes()
    {
        ArrayBufferWriter<byte> writer = new();
        TableInputs.Scales.Write(writer);
        FrequencyTableSet back = FrequencyTableSet.Read(writer.WrittenSpan);
        Assert.That(back.Tables, Has.Count.EqualTo(64));
        for (int i = 0; i < 64; i++)
        {
            Assert.That(back.Tables[i].MinValue, Is.EqualTo(TableInputs.Scales.Tables[i].MinValue));
            Assert.That(back.Tables[i].Frequencies.SequenceEqual(TableInputs.Scales.Tables[i].Frequencies), Is.True);
        }
    }

    [Test]
    public void Bytes_that_are_no_set_are_told()
    {
        ArrayBufferWriter<byte> writer = new();
        new FrequencyTableSet([FrequencyTable.FromGaussian(1), FrequencyTable.FromGaussian(2)]).Write(writer);
        byte[] bytes = writer.WrittenSpan.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => FrequencyTableSet.Read(bytes.AsSpan(0, length)), Throws.TypeOf<InvalidFileException>());
        }

        Assert.That(() => FrequencyTableSet.Read([.. bytes, 0]), Throws.TypeOf<InvalidFileException>());
        Random random = new(1);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] changed = [.. bytes];
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                FrequencyTableSet.Read(changed);
            }
            catch (InvalidFileException)
            {
            }
        }
    }

    [Test]
    public void A_set_has_its_limits()
    {
        FrequencyTable table = FrequencyTable.FromGaussian(1024);
        Assert.That(() => new FrequencyTableSet([]), Throws.ArgumentException);
        Assert.That(() => new FrequencyTableSet([null!]), Throws.ArgumentNullException);
        Assert.That(() => new FrequencyTableSet(Enumerable.Repeat(FrequencyTable.FromGaussian(1), 257)), Throws.ArgumentException);
        Assert.That(() => new FrequencyTableSet(Enumerable.Repeat(table, 20)), Throws.ArgumentException.With.Message.Contains("Use fewer"));
    }

    [Test]
    public void As_many_values_as_the_limit_says_are_taken_and_coded()
    {
        // Four tables of 15,991 values, each counted with 9 more: 64,000.
        Assert.That(FrequencyTableSet.MaxTotalValueCount, Is.EqualTo(4 * (15_991 + 9)));
        FrequencyTable full = Flat(15_991);
        TableCoder coder = new(new FrequencyTableSet([full, full, full, full]));
        short[] values = [.. Enumerable.Range(0, 4 * 15_992).Select(i => (short)(full.MinValue + i % 15_992))];
        byte[] indices = [.. Enumerable.Range(0, 4 * 15_992).Select(i => (byte)(i / 15_992))];
        short[] back = new short[values.Length];
        coder.Decode(TableInputs.Encode(coder, values, indices), indices, back);
        Assert.That(back, Is.EqualTo(values));

        Assert.That(() => new FrequencyTableSet([full, full, full, Flat(15_992)]), Throws.ArgumentException.With.Message.Contains("at most 64000"));

        static FrequencyTable Flat(int count) => FrequencyTable.FromFrequencies(
            -8000, [.. Enumerable.Repeat((ushort)4, count), checked((ushort)(FrequencyTable.Total - 4 * count))]);
    }

    [TestCase(0.5e-6)]
    [TestCase(-0.5e-6)]
    public void Probabilities_may_miss_one_by_rounding(double error) =>
        Assert.That(FrequencyTable.FromProbabilities(0, [0.25, 0.5 + error], 0.25).Frequencies.ToArray(), Is.EqualTo(new ushort[] { 16384, 32768, 16384 }));

    [TestCase(2e-6)]
    [TestCase(-2e-6)]
    public void Probabilities_may_not_miss_one_by_more(double error) =>
        Assert.That(() => FrequencyTable.FromProbabilities(0, [0.25, 0.5 + error], 0.25), Throws.ArgumentException);

    [Test]
    public void The_own_functions_agree_with_the_runtimes()
    {
        for (double x = -30; x < 30; x += 0.37)
        {
            Assert.That(DeterministicMath.Exp(x), Is.EqualTo(Math.Exp(x)).Within(1e-12).Percent);
            Assert.That(DeterministicMath.Log(Math.Exp(x)), Is.EqualTo(x).Within(1e-13));
        }

        // Known values of the normal tail.
        Assert.That(DeterministicMath.NormalTail(0), Is.EqualTo(0.5));
        Assert.That(DeterministicMath.NormalTail(1), Is.EqualTo(0.15865525393145707).Within(1e-14));
        Assert.That(DeterministicMath.NormalTail(3), Is.EqualTo(0.0013498980316300946).Within(1e-15));
        Assert.That(DeterministicMath.NormalTail(3.6), Is.EqualTo(0.00015910859015753364).Within(1e-16));
        Assert.That(DeterministicMath.NormalTail(6), Is.EqualTo(9.865876450376946e-10).Within(1e-21));
    }

    private static void AssertValid(FrequencyTable table)
    {
        int sum = 0;
        foreach (ushort frequency in table.Frequencies)
        {
            Assert.That(frequency, Is.Positive);
            sum += frequency;
        }

        Assert.That(sum, Is.EqualTo(65536));
    }
}
