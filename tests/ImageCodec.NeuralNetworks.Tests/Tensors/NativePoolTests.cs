using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Tensors;

public unsafe class NativePoolTests
{
    private const nint Megabyte = (1 << 20) / sizeof(float);

    [Test]
    public void Lengths_of_nearly_one_size_share_blocks_and_waste_little()
    {
        using NativePool pool = new(TimeSpan.FromHours(1));
        foreach (int length in new[] { 1, 1000, 123_457, 10 * (int)Megabyte + 1 })
        {
            pool.Return(pool.Rent(length, out _), length);
            Assert.That(pool.KeptBytes, Is.InRange((length + 64L) * sizeof(float), (length + 64L) * sizeof(float) * 9 / 8 + 64));
            pool.Trim(TimeSpan.Zero);
            Assert.That(pool.KeptBytes, Is.Zero);
        }

        float* block = pool.Rent(1000, out bool isFresh);
        pool.Return(block, 1000);
        Assert.That(isFresh, Is.True);
        float* again = pool.Rent(1010, out isFresh);
        Assert.That((isFresh, again == block), Is.EqualTo((false, true)));
        new Span<float>(again, 1010).Fill(1);
        pool.Return(again, 1010);

        // What lies behind the end is zero for a shorter one too.
        again = pool.Rent(1000, out isFresh);
        Assert.That(isFresh, Is.False);
        Assert.That(new Span<float>(again + 1000, 64).ToArray(), Is.All.Zero);
        pool.Return(again, 1000);
    }

    [Test]
    public void What_is_kept_is_bounded_and_the_oldest_goes_first()
    {
        using NativePool pool = new(TimeSpan.FromHours(1)) { MaxKeptBytes = 4 << 20 };
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            nint[] lengths = [.. Enumerable.Range(0, 5).Select(_ => (nint)random.Next(1, 2 << 20) / sizeof(float))];
            nint[] blocks = [.. lengths.Select(length => (nint)pool.Rent(length, out _))];
            for (int block = 0; block < blocks.Length; block++)
            {
                pool.Return((float*)blocks[block], lengths[block]);
                Assert.That(pool.KeptBytes, Is.AtMost(4 << 20));
            }
        }

        float* first = pool.Rent(2 * Megabyte, out _);
        float* second = pool.Rent(Megabyte, out _);
        pool.Return(first, 2 * Megabyte);
        pool.Return(second, Megabyte);
        nint large = 3 * Megabyte / 2;
        pool.Return(pool.Rent(large, out _), large);
        float* kept = pool.Rent(Megabyte, out bool isFresh);
        Assert.That(isFresh, Is.False);
        pool.Return(kept, Megabyte);
        float* gone = pool.Rent(2 * Megabyte, out isFresh);
        Assert.That(isFresh, Is.True);
        pool.Return(gone, 2 * Megabyte);

        // One larger than all that may be kept is not kept, and pushes nothing out.
        long before = pool.KeptBytes;
        pool.Return(pool.Rent(8 * Megabyte, out _), 8 * Megabyte);
        Assert.That(pool.KeptBytes, Is.EqualTo(before));
    }

    [Test]
    public void Nothing_is_kept_where_nothing_may_be()
    {
        using NativePool pool = new(TimeSpan.FromHours(1)) { MaxKeptBytes = 0 };
        pool.Return(pool.Rent(100, out _), 100);
        Assert.That(pool.KeptBytes, Is.Zero);
    }

    [Test]
    public void What_nobody_wants_goes_by_itself()
    {
        using NativePool pool = new(TimeSpan.FromMilliseconds(50));
        pool.Return(pool.Rent(Megabyte, out _), Megabyte);
        Assert.That(() => pool.KeptBytes, Is.Zero.After(10).Seconds.PollEvery(20).MilliSeconds);

        // And again, after the timer was off.
        pool.Return(pool.Rent(Megabyte, out _), Megabyte);
        Assert.That(() => pool.KeptBytes, Is.Zero.After(10).Seconds.PollEvery(20).MilliSeconds);
    }
}
