namespace ImageCodec.Evaluation;

/// <summary>A picture or codec that is not in the results.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class SkippedItem
{
    internal SkippedItem(string name, string reason) => (Name, Reason) = (name, reason);

    /// <summary>The picture's file name, without its folder, or the codec's name.</summary>
    public string Name { get; }

    /// <summary>Why it is not there, in one sentence.</summary>
    public string Reason { get; }
}
