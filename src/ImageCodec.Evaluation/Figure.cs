namespace ImageCodec.Evaluation;

/// <summary>One picture of the report.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Model">Whose row it is in; empty for the original.</param>
/// <param name="Codec">The codec that restored it; empty for the original.</param>
/// <param name="Distortion">How good it is; null for the original.</param>
/// <param name="BitsPerPixel">Its file's rate, where there is a file.</param>
/// <param name="Png">The picture.</param>
internal sealed record Figure(FigureKind Kind, string Model, string Codec, Distortion? Distortion, double? BitsPerPixel, byte[] Png);
