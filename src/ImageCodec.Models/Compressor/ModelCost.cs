namespace ImageCodec.Models.Compressor;

/// <summary>What a model costs.</summary>
/// <param name="Architecture">The architecture's name.</param>
/// <param name="ParameterCount">Trainable numbers; where each file brings its own, those of a file at most.</param>
/// <param name="EncoderOperations">Multiply-accumulate operations for a pixel that compressing takes; null where that depends on the effort.</param>
/// <param name="DecoderOperations">Those that restoring takes, at most.</param>
internal sealed record ModelCost(string Architecture, int ParameterCount, double? EncoderOperations, double DecoderOperations);
