namespace ImageCodec.Web;

/// <summary>What the page asks for, in the query.</summary>
/// <param name="Model"><c>photo</c> or <c>fitted</c>.</param>
/// <param name="Quality">1 to 100, unless bits are given.</param>
/// <param name="Bpp">Bits a pixel, unless the quality is given.</param>
/// <param name="Effort">0 to 9.</param>
internal sealed record CompressionRequest(string Model, int? Quality, double? Bpp, int Effort)
{
    private const double MinBpp = 0.02;
    private const double MaxBpp = 8;

    /// <summary>What is wrong with it, in a sentence; null if nothing is.</summary>
    public string? FindProblem() => this switch
    {
        { Model: not ("photo" or "fitted") } => "The model is photo or fitted.",
        { Quality: null, Bpp: null } or { Quality: not null, Bpp: not null } => "Give the quality or the bits a pixel.",
        { Quality: < 1 or > 100 } => "The quality is 1 to 100.",
        { Bpp: not null and not (>= MinBpp and <= MaxBpp) } => FormattableString.Invariant($"Bits a pixel are {MinBpp} to {MaxBpp}."),
        { Effort: < 0 or > 9 } => "The effort is 0 to 9.",
        _ => null,
    };

    /// <summary>Where, when and by whom a picture was taken is nobody's business here.</summary>
    public CompressionOptions ToOptions() => new() { Quality = Quality, BitsPerPixel = Bpp, Effort = Effort, StripMetadata = true };
}
