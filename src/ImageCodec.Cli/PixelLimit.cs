namespace ImageCodec.Cli;

/// <summary>
/// Lets pictures be worked on at the same time as long as they are small together, so that memory stays what one large picture takes, which keeps all cores busy by itself.
/// </summary>
/// <param name="maxPixels">Pixels at most, unless it is a single picture.</param>
internal sealed class PixelLimit(long maxPixels)
{
    /// <summary>How long a cancelled picture may go on waiting, in milliseconds.</summary>
    private const int LongestWait = 100;

    private readonly object _room = new();
    private long _pixels;

    /// <summary>Waits until a picture fits in.</summary>
    public void Enter(long pixels, CancellationToken cancellationToken)
    {
        lock (_room)
        {
            while (_pixels > 0 && _pixels + pixels > maxPixels)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_room, LongestWait);
            }

            _pixels += pixels;
        }
    }

    /// <summary>A picture is done.</summary>
    public void Leave(long pixels)
    {
        lock (_room)
        {
            _pixels -= pixels;
            Monitor.PulseAll(_room);
        }
    }
}
