namespace ImageCodec.Evaluation;

/// <summary>The rows of the report's figure.</summary>
internal enum FigureKind
{
    Original,
    Plain,
    Quantized,
    Matched,
}
