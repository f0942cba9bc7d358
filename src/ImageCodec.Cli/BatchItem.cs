namespace ImageCodec.Cli;

/// <summary>One picture of a batch while it is converted: what it has to say waits until those before it have had their say.</summary>
/// <param name="limit">What says when there is room for it beside the others.</param>
/// <param name="progressed">Called with each step of its progress.</param>
internal sealed class BatchItem(PixelLimit limit, Action progressed) : IProgress<double>
{
    private long _pixels;

    /// <summary>Lines for the person in front of the screen, in order.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>The part that is done, from 0 to 1.</summary>
    public double Done { get; private set; }

    /// <summary>A line for the person in front of the screen.</summary>
    public void Tell(string message) => Messages.Add(message);

    /// <summary>Waits until there is room in memory for a picture of so many pixels.</summary>
    public void WaitForRoom(long pixels, CancellationToken cancellationToken)
    {
        limit.Enter(pixels, cancellationToken);
        _pixels = pixels;
    }

    /// <summary>Its room is free again.</summary>
    public void Leave()
    {
        limit.Leave(_pixels);
        Done = 1;
    }

    /// <inheritdoc/>
    public void Report(double value)
    {
        Done = value;
        progressed();
    }
}
