namespace ImageCodec.Evaluation;

/// <summary>A picture or codec that is not in the results.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why, as one sentence.</param>
public sealed record LeftOut(string Name, string Reason);
