namespace ImageCodec.Entropy.Tests.Tables;

internal sealed class ScaleGridTests
{
    [Test]
    public void Scales_have_equal_ratios_and_their_own_indices()
    {
        ScaleGrid grid = new(0.11, 64, 64);
        Assert.That(grid.Scales[0], Is.EqualTo(0.11));
        Assert.That(grid.Scales[63], Is.EqualTo(64));
        for (int i = 0; i < 64; i++)
        {
            Assert.That(grid.Scales[i], Is.EqualTo(0.11 * Math.Pow(64 / 0.11, i / 63.0)).Within(1e-9).Percent);
            Assert.That(grid.GetIndex(grid.Scales[i]), Is.EqualTo(i));
            Assert.That(grid.GetIndex(grid.Scales[i] * 1.04), Is.EqualTo(i));
        }

        Assert.That(grid.GetIndex(grid.Thresholds[7]), Is.EqualTo(8));
        Assert.That(grid.Thresholds[7], Is.EqualTo(Math.Sqrt(grid.Scales[7] * grid.Scales[8])).Within(1e-9).Percent);
        Assert.That(grid.GetIndex(0), Is.Zero);
        Assert.That(grid.GetIndex(double.NaN), Is.Zero);
        Assert.That(grid.GetIndex(double.PositiveInfinity), Is.EqualTo(63));
        Assert.That(grid.CreateGaussianTables().Tables, Has.Count.EqualTo(64));
    }

    [Test]
    public void The_largest_grid_has_an_index_for_every_byte()
    {
        ScaleGrid grid = new(0.11, 64, FrequencyTableSet.MaxTableCount);
        Assert.That(Enumerable.Range(0, 256).Select(i => grid.GetIndex(grid.Scales[i])), Is.EqualTo(Enumerable.Range(0, 256).Select(i => (byte)i)));
        Assert.That(grid.GetIndex(double.PositiveInfinity), Is.EqualTo(byte.MaxValue));
    }

    [TestCase(0.001, 1.0, 4)]
    [TestCase(double.NaN, 1.0, 4)]
    [TestCase(1.0, 1.0, 4)]
    [TestCase(1.0, double.NaN, 4)]
    [TestCase(1.0, 5000.0, 4)]
    [TestCase(1.0, 2.0, 1)]
    [TestCase(1.0, 2.0, 257)]
    public void A_bad_grid_is_told(double smallest, double largest, int count)
        => Assert.That(() => new ScaleGrid(smallest, largest, count), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void The_grid_is_the_same_bits_on_every_machine()
    {
        ulong hash = 14695981039346656037;
        ScaleGrid grid = new(0.11, 64, 64);
        foreach (double number in (double[])[.. grid.Scales, .. grid.Thresholds])
        {
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(number)) * 1099511628211;
        }

        Assert.That(hash, Is.EqualTo(8320052845201174618UL));
    }
}
