namespace ImageCodec.Evaluation;

/// <summary>How far an evaluation has come, reported before each step of the work and at its end.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class EvaluationProgress
{
    internal EvaluationProgress(int done, int total, string? file, string? codec) => (Done, Total, File, Codec) = (done, total, file, codec);

    /// <summary>Steps done: one for each picture and codec, and one for each picture's matches.</summary>
    public int Done { get; }

    /// <summary>Steps altogether.</summary>
    public int Total { get; }

    /// <summary>The file name, without its folder, of the picture being measured; null at the end.</summary>
    public string? File { get; }

    /// <summary>
    /// The codec that the picture is measured with; null at the end, and while the files of classical codecs are sought that match those of models in size.
    /// </summary>
    public string? Codec { get; }
}
