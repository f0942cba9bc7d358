namespace ImageCodec.Evaluation;

/// <summary>How far an evaluation has come, reported before each step of the work and at its end.</summary>
/// <param name="Done">Steps done: one for each picture and codec, and one for each picture's matches.</param>
/// <param name="Total">Steps altogether.</param>
/// <param name="File">The picture being measured.</param>
/// <param name="Codec">The codec it is measured with.</param>
public sealed record EvaluationProgress(int Done, int Total, string File, string Codec);
