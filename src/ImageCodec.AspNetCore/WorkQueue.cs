using System.Threading.RateLimiting;

namespace ImageCodec.AspNetCore;

/// <summary>Lets so many pictures be worked on at once, and so many wait.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class WorkQueue(string name, ImageCodecWebOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.MaxConcurrency,
        QueueLimit = options.MaxQueueLength,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>What is done, in metrics.</summary>
    public string Name => name;

    /// <summary>How many wait.</summary>
    public long Length => _limiter.GetStatistics()!.CurrentQueuedCount;

    /// <summary>Waits for a turn, which ends when what is returned is disposed of.</summary>
    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken stop)
    {
        RateLimitLease lease = await _limiter.AcquireAsync(1, stop).ConfigureAwait(false);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw new TooBusyException();
    }

    public void Dispose() => _limiter.Dispose();
}
