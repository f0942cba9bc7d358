namespace ImageCodec.Evaluation;

/// <summary>A classical codec's file that is nearest in size to a model's.</summary>
/// <param name="Model">The model, at its default level.</param>
/// <param name="Codec">The classical codec.</param>
/// <param name="Measurement">The classical codec's measurement.</param>
internal sealed record Match(string Model, string Codec, Measurement Measurement);
