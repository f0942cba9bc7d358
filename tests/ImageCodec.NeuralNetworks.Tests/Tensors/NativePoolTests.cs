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
            pool.Return(pool.Rent(length, out _));
            Assert.That(pool.KeptBytes, Is.InRange((length + 64L) * sizeof(float), (length + 64L) * sizeof(float) * 9 / 8 + 64));
            pool.Trim(TimeSpan.Zero);
            Assert.That(pool.KeptBytes, Is.Zero);
        }

        float* block = pool.Rent(1000, out bool isFresh);
        pool.Return(block);
        Assert.That(isFresh, Is.True);
        float* again = pool.Rent(1010, out isFresh);
        Assert.That((isFresh, again == block), Is.EqualTo((false, true)));
        new Span<float>(again, 1010).Fill(1);
        pool.Return(again);

        // What lies behind the end is zero for a shorter one too.
        again = pool.Rent(1000, out isFresh);
        Assert.That(isFresh, Is.False);
        Assert.That(new Span<float>(again + 1000, 64).ToArray(), Is.All.Zero);
        pool.Return(again);
    }

    [Test]
    public void A_block_serves_what_is_somewhat_smaller_and_stays_as_large()
    {
        using NativePool pool = new(TimeSpan.FromHours(1));
        float* large = pool.Rent(3 * Megabyte, out _);
        float* small = pool.Rent(Megabyte, out _);
        pool.Return(large);
        pool.Return(small);
        long kept = pool.KeptBytes;

        float* found = pool.Rent(9 * Megabyte / 4, out bool isFresh);
        float* nearest = pool.Rent(9 * Megabyte / 10, out bool isNearestFresh);
        float* none = pool.Rent(9 * Megabyte / 5, out bool isNoneFresh);

        Assert.That((isFresh, found == large, isNearestFresh, nearest == small, isNoneFresh), Is.EqualTo((false, true, false, true, true)));
        Assert.That(pool.KeptBytes, Is.Zero);
        pool.Return(found);
        pool.Return(nearest);
        Assert.That(pool.KeptBytes, Is.EqualTo(kept));
        pool.Return(none);
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
                pool.Return((float*)blocks[block]);
                Assert.That(pool.KeptBytes, Is.AtMost(4 << 20));
            }
        }

        float* first = pool.Rent(5 * Megabyte / 2, out _);
        float* second = pool.Rent(Megabyte, out _);
        pool.Return(first);
        pool.Return(second);
        nint large = 3 * Megabyte / 2;
        pool.Return(pool.Rent(large, out _));
        float* kept = pool.Rent(Megabyte, out bool isFresh);
        Assert.That(isFresh, Is.False);
        pool.Return(kept);
        float* gone = pool.Rent(5 * Megabyte / 2, out isFresh);
        Assert.That(isFresh, Is.True);
        pool.Return(gone);

        // One larger than all that may be kept is not kept, and pushes nothing out.
        long before = pool.KeptBytes;
        pool.Return(pool.Rent(8 * Megabyte, out _));
        Assert.That(pool.KeptBytes, Is.EqualTo(before));
    }

    [Test]
    public void Nothing_is_kept_where_nothing_may_be()
    {
        using NativePool pool = new(TimeSpan.FromHours(1)) { MaxKeptBytes = 0 };
        pool.Return(pool.Rent(100, out _));
        Assert.That(pool.KeptBytes, Is.Zero);
    }

    [Test]
    public void What_nobody_wants_goes_by_itself()
    {
        using NativePool pool = new(TimeSpan.FromMilliseconds(50));
        pool.Return(pool.Rent(Megabyte, out _));
        Assert.That(() => pool.KeptBytes, Is.Zero.After(10).Seconds.PollEvery(20).MilliSeconds);

        // And again, after the timer was off.
        pool.Return(pool.Rent(Megabyte, out _));
        Assert.That(() => pool.KeptBytes, Is.Zero.After(10).Seconds.PollEvery(20).MilliSeconds);
    }
}
