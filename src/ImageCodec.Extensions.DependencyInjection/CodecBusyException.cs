namespace ImageCodec;

/// <summary>
/// As many pictures as may be worked on at once are worked on, and as many as may wait are waiting; see <see cref="ImageCodecOptions.MaxConcurrency"/> and
/// <see cref="ImageCodecOptions.MaxQueueLength"/>. It is nobody's fault and passes: a web server answers 429, with Retry-After.
/// </summary>
/// <remarks>As other exceptions, not for several threads at once.</remarks>
public sealed class CodecBusyException : Exception
{
    internal CodecBusyException(int working, int waiting)
        : base($"{working} pictures are worked on and {waiting} others wait, as many as the options allow. Try again in some seconds.")
    {
    }
}
