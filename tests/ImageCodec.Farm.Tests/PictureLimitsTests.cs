namespace ImageCodec.Farm.Tests;

public sealed class PictureLimitsTests
{
    private const int Side = 1000;

    [Test]
    public async Task Pictures_wait_until_they_fit()
    {
        using PictureLimits limits = new(2 * Side * Side, 2 * PictureLimits.BytesFor(Side * Side));
        IDisposable first = await limits.EnterAsync(Side, Side, CancellationToken.None);
        IDisposable second = await limits.EnterAsync(Side, Side, CancellationToken.None);
        Task<IDisposable> third = limits.EnterAsync(Side, Side, CancellationToken.None);
        Assert.That(third.IsCompleted, Is.False);
        first.Dispose();
        (await third).Dispose();
        second.Dispose();
    }

    [Test]
    public async Task A_large_picture_is_not_passed_by_small_ones_for_ever()
    {
        using PictureLimits limits = new(4 * Side * Side, PictureLimits.BytesFor(4 * Side * Side));
        IDisposable small = await limits.EnterAsync(1, 1, CancellationToken.None);
        Task<IDisposable> large = limits.EnterAsync(2 * Side, 2 * Side, CancellationToken.None);
        Task<IDisposable> later = limits.EnterAsync(1, 1, CancellationToken.None);
        Assert.That((large.IsCompleted, later.IsCompleted), Is.EqualTo((false, false)));
        small.Dispose();
        IDisposable turn = await large;
        Assert.That(later.IsCompleted, Is.False);
        turn.Dispose();
        (await later).Dispose();
    }

    [Test]
    public async Task Who_waits_can_be_stopped_and_those_behind_go_on()
    {
        using PictureLimits limits = new(Side * Side, PictureLimits.BytesFor(Side * Side));
        IDisposable first = await limits.EnterAsync(Side, Side, CancellationToken.None);
        using CancellationTokenSource stop = new();
        Task<IDisposable> stopped = limits.EnterAsync(Side, Side, stop.Token);
        Task<IDisposable> behind = limits.EnterAsync(1, 1, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => stopped);
        first.Dispose();
        (await behind).Dispose();
    }

    [Test]
    public void What_never_fits_is_refused_with_the_reason()
    {
        using PictureLimits limits = new(100 * Side * Side, PictureLimits.BytesFor(Side * Side));
        Assert.That(() => limits.EnterAsync(Side + 1, Side, CancellationToken.None).GetAwaiter().GetResult(), Throws.InstanceOf<PictureRefusedException>().With.Message.Contains("--memory"));
        Assert.That(() => limits.EnterAsync(100 * Side, Side + 1, CancellationToken.None).GetAwaiter().GetResult(), Throws.InstanceOf<PictureRefusedException>().With.Message.Contains("--max-pixels"));
    }
}
